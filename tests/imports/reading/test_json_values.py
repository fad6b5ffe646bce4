import io
import json

import pytest

from imports.reading.json_text import JsonText
from imports.reading.json_values import CellWriter, Decoder, compact
from tests.imports.reading.reads import read_here


def decoded(text: str) -> object:
    return Decoder().decode(text, 0)[0]


def read_value(written: str) -> str:
    return read_here(f'[{{"first": "x", "value": {written}}}]'.encode()).rows[0][1]


@pytest.mark.parametrize(
    "written",
    [
        "1.10",
        "0",
        "-0",
        "1e5",
        "1E+05",
        "123456789012345678901234567890",
        "0.1000000000000000055",
        "1e999",
        "9" * 6_000,
    ],
)
def test_numbers_keep_their_digits(written):
    assert read_value(written) == written
    assert read_value(f'{{"n": [{written}]}}') == f'{{"n":[{written}]}}'


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"007"', "007"),
        ('" x "', " x "),
        ('"a\\r\\nb\\tc"', "a\r\nb\tc"),
        ('"\\u0410\\ud83d\\ude00"', "А😀"),
        ("true", "true"),
        ("false", "false"),
        ("null", ""),
        ("[]", ""),
        ('["+79000000001"]', "+79000000001"),
        ('["+79000000001", "+79000000002"]', "+79000000001, +79000000002"),
        ('[1, 2.50, true, null, "", "x"]', "1, 2.50, true, x"),
        ('{"a": [1, {"b": null}], "c": "Анна \\"A\\" \\\\ \\n"}', '{"a":[1,{"b":null}],"c":"Анна \\"A\\" \\\\ \\n"}'),
        ("{}", "{}"),
        ('[{"a": 1.0}, {"b": "007"}]', '[{"a":1.0},{"b":"007"}]'),
        ("[[1], [2]]", "[[1],[2]]"),
    ],
)
def test_values_become_the_text_of_a_cell(written, text):
    assert read_value(written) == text


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_number_that_json_does_not_have_is_a_fault(name):
    whole = read_here(f'[{{"a": "x", "b": {name}}}]'.encode())

    assert whole.rows == [["x", name]]
    assert whole.faults == [(2, -1, "json_not_a_number", {"name": name})]


def test_columns_with_objects_are_told_and_subscriptions_by_their_own_note():
    people = [
        {"email": "a@example.com", "address": {"city": "Омск"}, "tags": ["a", "b"]},
        {"email": "b@example.com", "subscriptions": [{"channel": "email", "resource_id": 1, "priority": 0}]},
    ]
    whole = read_here(json.dumps(people).encode())

    assert whole.rows[1][3] == '[{"channel":"email","resource_id":1,"priority":0}]'
    assert [(code, params) for code, params in whole.notes.items()] == [
        ("json_nested", {"header": "address"}),
        ("json_subscriptions", {}),
    ]


@pytest.mark.parametrize("items", [["a, b"], ["a", "b;c"], ["a\nb", "c"], ["a,b", "c"]])
def test_lists_that_cannot_be_taken_apart_again_are_told(items):
    whole = read_here(json.dumps([{"email": "a@example.com", "tags": items}]).encode())

    assert whole.notes == {"json_divided": {"header": "tags"}}


def test_lists_without_dividers_in_them_are_not():
    assert not read_here(b'[{"email": "a@example.com", "tags": ["a b", "", "c", null]}]').notes


def test_late_objects_are_told_with_the_summary():
    people = [{"email": f"u{number}@example.com", "a": "x"} for number in range(2_000)]
    people[1_900]["a"] = {"b": 1}

    assert read_here(json.dumps(people).encode()).summary.notes == [("json_nested", {"header": "a"})]


def test_compact_text_is_what_the_library_writes():
    value = {"a": ["é\t", {"b": [True, False, None, '\\ " /']}], "ключ": {}}

    assert compact(decoded(json.dumps(value))) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_cell_of_a_list_of_odd_scalars_counts_for_its_own_column():
    writer = CellWriter()
    writer.text(decoded('[true, 1, "a,b"]'), 3)

    assert (writer.divided, writer.nested) == ({3}, set())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_values_are_found_however_the_text_comes_in(size):
    class Slow(io.StringIO):
        def read(self, _: int | None = -1) -> str:
            return super().read(size)

    text = JsonText(Slow('  [12345 ,"a\\u0041\\"b", {"k": [1.50]}\n, null,true]  '), Decoder())
    text.need("[")
    found = [text.value()]
    while text.take(","):
        found.append(text.value())
    text.need("]")

    assert found == ["12345", 'aA"b', {"k": ["1.50"]}, None, True]
    assert text.peek() == ""
