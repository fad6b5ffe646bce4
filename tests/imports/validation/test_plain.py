import pytest

from imports.mapping import Kind
from imports.validation import UNSET
from tests.imports.validation.cleaning import cleaned, refusal


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("00077", "00077"),
        ("1E5", "1E5"),
        ("  Анна\u00a0Мария ", "Анна\u00a0Мария"),
        ("\u200b\u3000x\ufeff\u2028", "x"),
        ("two\nlines", "two\nlines"),
        ("👩\u200d👩", "👩\u200d👩"),
        ("#1", "#1"),
    ],
)
def test_line_is_kept_but_for_its_ends(cell, line):
    assert cleaned(Kind.LINE, cell) == line


@pytest.mark.parametrize("cell", ["#N/A", " #ЗНАЧ! ", "#REF!"])
def test_line_refuses_a_failed_formula(cell):
    assert refusal(Kind.LINE, cell) == "cell_error"


@pytest.mark.parametrize("cell", ["4.60712E+12", "4,60712E+12", " 1.2345678901234568e+16", "-7.9E+10", "1E+05"])
def test_line_refuses_a_number_the_spreadsheet_has_shortened(cell):
    assert refusal(Kind.LINE, cell) == "number_scientific"


@pytest.mark.parametrize("kind", list(Kind))
def test_half_a_character_is_refused_by_every_kind(kind):
    assert refusal(kind, "a\ud83d") == "text_broken"


@pytest.mark.parametrize("cell", ["", " ", "\u00a0\u200b", "\ufeff"])
@pytest.mark.parametrize("kind", list(Kind))
def test_empty_cell_leaves_the_field_out_or_clears_it(kind, cell):
    assert cleaned(kind, cell) is None
    assert cleaned(kind, cell, empty="clear") == UNSET == {"action": "unset"}


def test_email_of_a_profile_is_never_cleared():
    assert cleaned(Kind.EMAIL, "", name="email", empty="clear") is None


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_ip_is_read(cell, address):
    assert cleaned(Kind.IP, cell) == address


@pytest.mark.parametrize("cell", ["192.0.2", "192.0.2.256", "192.0.2.01", "fe80::1%eth0", "localhost", "192.0.2.1:80"])
def test_ip_is_refused(cell):
    assert refusal(Kind.IP, cell) == "ip_invalid"


def test_object_and_objects_are_read():
    assert cleaned(Kind.OBJECT, ' {"key": {"sub": [1, "а"]}} ') == {"key": {"sub": [1, "а"]}}
    assert cleaned(Kind.OBJECTS, '[{"a": 1}, {"b": null}]') == [{"a": 1}, {"b": None}]
    assert cleaned(Kind.OBJECTS, "[]") == []


DEEP = 300
BROKEN_JSON = [
    "{", "{'a': 1}", "[1]", "1", "null", '"text"', '{"a": NaN}', '{"a": 1e999}',
    '{"a": 123456789012345678901234567890}', '{"a":' * DEEP + "1" + "}" * DEEP, "[" * 100_000, '{"a": "\\ud83d"}',
]  # fmt: skip


@pytest.mark.parametrize("cell", [*BROKEN_JSON, '[{"a": 1}]'])
def test_object_refuses_what_is_no_object_or_cannot_be_sent_unchanged(cell):
    assert refusal(Kind.OBJECT, cell) == "object_invalid"


@pytest.mark.parametrize("cell", [*BROKEN_JSON, '{"a": 1}', '[{"a": 1}, 2]'])
def test_objects_refuses_what_is_no_list_of_objects(cell):
    assert refusal(Kind.OBJECTS, cell) == "objects_invalid"


def test_object_that_would_act_as_a_function_is_refused():
    assert refusal(Kind.OBJECT, '{"action": "incr", "value": 5}') == "object_action"
    assert cleaned(Kind.OBJECT, '{"action": "bought"}') == {"action": "bought"}
    assert cleaned(Kind.OBJECT, '{"action": ["incr"]}') == {"action": ["incr"]}
