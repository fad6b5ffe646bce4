"""Profiles in JSON, whatever stands around them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.reading import DEFAULT_LIMITS, RECORDS, ReadOptions, TableSummary, read_table
from imports.reading.json_text import LARGEST_ELEMENT, WINDOW
from imports.reading.shaping import replace_unstorable
from tests.imports.reading.reads import look, read_confined, read_here, refusal, refusal_confined

OPTIONS = ReadOptions(RECORDS, "utf-8", "", "", 1)
PEOPLE = [
    {"email": "anna@example.com", "phones": ["+79000000001", "+79000000002"], "_fname": "Анна"},
    {"_fname": "Oleg", "CRM_ID": 77, "email": "oleg@example.org"},
]
HEADERS = ["email", "phones", "_fname", "CRM_ID"]
ROWS = [
    ["anna@example.com", "+79000000001, +79000000002", "Анна", ""],
    ["oleg@example.org", "", "Oleg", "77"],
]


def as_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def as_lines(*values: object) -> bytes:
    return b"".join(as_bytes(value) + b"\n" for value in values)


WRAPPED = [{"data": person} for person in PEOPLE]
REQUEST = {"token": "not-a-real-token", "db_id": 1, "matching": "email", "skip_triggers": True}


# --- the forms a file may have ---


@pytest.mark.parametrize(
    "content",
    [
        as_bytes(PEOPLE),
        json.dumps(PEOPLE, indent=2).encode(),
        as_bytes({"data": PEOPLE}),
        json.dumps(REQUEST | {"data": PEOPLE}, indent="\t").encode(),
        as_bytes({"data": PEOPLE} | REQUEST),
        as_bytes({"workflow_id": 12, "data": WRAPPED}),
        as_bytes(WRAPPED),
        b"\xef\xbb\xbf\r\n " + as_bytes(PEOPLE) + b"\r\n",
        json.dumps(PEOPLE, ensure_ascii=False).encode("utf-16"),
        json.dumps({"data": PEOPLE}, ensure_ascii=False).encode("utf-16-be"),
    ],
)
def test_list_of_profiles_is_found_and_numbered_as_under_a_header(content):
    whole = read_here(content)

    assert (whole.headers, whole.rows) == (HEADERS, ROWS)
    assert whole.numbers == [2, 3]
    assert whole.options.format == RECORDS
    assert whole.options.header_row == 1
    assert not whole.faults


@pytest.mark.parametrize("people", [PEOPLE, WRAPPED])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_profile_on_each_line_has_the_number_of_its_line(people, encoding, line_end):
    lines = ["", json.dumps(people[0], ensure_ascii=False), "  ", json.dumps(people[1]), ""]
    whole = read_here(line_end.join(lines).encode(encoding))

    assert (whole.headers, whole.rows) == (HEADERS, ROWS)
    assert whole.numbers == [2, 4]
    assert whole.summary.blank_rows == 2
    assert whole.options.header_row == 0


@pytest.mark.parametrize("indent", [None, 1])
def test_single_request_is_one_profile_without_its_token(indent):
    request = REQUEST | {"data": {"email": "anna@example.com", "_fname": "Анна"}}
    whole = read_here(json.dumps(request, indent=indent).encode())

    assert whole.headers == ["email", "_fname", "db_id", "matching", "skip_triggers"]
    assert whole.rows == [["anna@example.com", "Анна", "1", "email", "true"]]


def test_field_called_data_is_no_wrapping_when_other_fields_stand_beside_it():
    assert read_here(as_lines({"_fname": "A", "data": {"a": 1}})).rows == [["A", '{"a":1}']]


def test_one_indented_profile_is_read():
    assert read_here(json.dumps(PEOPLE[1], indent=2).encode()).rows == [["Oleg", "77", "oleg@example.org"]]


def test_settings_of_the_request_are_told_by_name_alone():
    code, params = next(note for note in look(as_bytes(REQUEST | {"data": PEOPLE})).notes)

    assert (code, params) == ("json_settings_ignored", {"names": "token, db_id, matching, skip_triggers"})


def test_settings_after_a_long_list_are_told_with_the_summary():
    people = [{"email": f"u{number}@example.com"} for number in range(3_000)]
    content = as_bytes({"db_id": 1, "data": people, "matching": "email"})

    assert look(content).notes == [("json_settings_ignored", {"names": "db_id"})]
    assert read_here(content).summary.notes == [("json_settings_ignored", {"names": "matching"})]


# --- keys ---


def test_keys_are_columns_in_order_of_appearance_wherever_they_appear_first():
    people = [{"email": f"u{number}@example.com"} for number in range(3_000)]
    people[2_500] |= {"late": "x", "email": "y@example.com"}

    for content in (as_bytes(people), as_lines(*people)):
        whole = read_here(content, slice_rows=700)
        assert whole.headers == ["email", "late"]
        assert [row for row in whole.rows if row[1]] == [["y@example.com", "x"]]
        assert look(content).headers == ["email"]


def test_odd_keys_are_cleaned_and_told():
    whole = read_here(as_lines({"email": "a@example.com", "E-mail ": "1", "Email": "2", "": "3"}))

    assert whole.headers == ["email", "E-mail", "Email", ""]
    assert whole.notes["duplicate_header"] == {"header": "email", "columns": "1, 3"}
    assert whole.notes["empty_header"] == {"count": "1", "columns": "4"}


def test_more_keys_than_columns_are_refused():
    content = as_lines({"a": 1, "b": 2}, {"c": 3})

    assert refusal(content, limits=replace(DEFAULT_LIMITS, columns=2)) == (
        "too_many_columns",
        {"found": "3", "limit": "2"},
    )


def test_repeated_key_is_a_fault_of_its_row():
    content = b'{"email": "a@example.com", "n": 1, "n": 2}\n{"email": "b@example.com", "o": {"x": 1, "x": 1}}\n'

    fault = ("json_repeated_key", {"key": "n"})
    assert read_here(content).faults == [(1, -1, *fault), (2, -1, "json_repeated_key", {"key": "x"})]
    assert read_here(b'{"email": "a@example.com",\n"n": 1, "n": 2}').faults == [(2, -1, *fault)]


def test_key_inside_and_beside_a_wrapping_is_a_fault_when_the_values_differ():
    lines = as_lines({"email": "a@x.org", "data": {"email": "a@x.org"}}, {"email": "a", "data": {"email": "b"}})

    assert read_here(lines).faults == [(2, -1, "json_repeated_key", {"key": "email"})]


# --- what is no profile ---


@pytest.mark.parametrize(
    ("element", "found"),
    [("null", "null"), ("5", "number"), ('"x"', "string"), ("true", "boolean"), ('["a"]', "array"), ("NaN", "string")],
)
def test_element_that_is_no_object_is_a_fault_of_its_row(element, found):
    person = '{"email": "a@example.com"}'
    listed = read_here(f"[{person}, {element}, {person}]".encode())
    lined = read_here(f"{person}\n{element}\n{person}\n".encode())

    for whole, number in ((listed, 3), (lined, 2)):
        assert whole.numbers == [number - 1, number, number + 1]
        assert whole.faults[-1] == (number, -1, "json_not_an_object", {"found": found})
        assert whole.rows[1] == [""]


def test_empty_objects_are_blank_rows():
    whole = read_here(b'[{}, {"email": "a@example.com"}, {"email": null}, {"email": "b@example.com"}]')

    assert whole.numbers == [3, 5]
    assert whole.summary.blank_rows == 2


@pytest.mark.parametrize("content", [b"[]", b" [ ] \n", b'{"data": []}', b"{}", b"[{}, {}]", b"{}\n{}\n"])
def test_list_of_nothing_is_an_empty_file(content):
    assert refusal(content) == ("empty_file", {})


@pytest.mark.parametrize("content", [b'["a@example.com"]', b'[["email"], ["a@example.com"]]', b'{"data": [1]}'])
def test_list_without_objects_is_refused(content):
    assert refusal(content) == ("json_no_profiles", {})


def test_object_of_thousands_of_profiles_by_name_is_refused():
    people = {f"u{number}": {"email": f"u{number}@example.com"} for number in range(2_000)}

    assert refusal(json.dumps(people, indent=1).encode())[0] == "json_no_profiles"


# --- broken ---


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('[{"email": "a@example.com"}', 1, 28),
        ('[{"email": "a@example.com"},\n {"email": "b@example.com",}\n]', 2, 28),
        ('[{"email": "a@example.com"}\n {"email": "b@example.com"}]', 2, 2),
        ('[{"email": "a@example.com"},\n]', 2, 1),
        ('[{"email": "a@example.com"}] x', 1, 30),
        ("[{\"email\": 'a'}]", 1, 12),
        ('[{"имя": "Анна", email: 1}]', 1, 18),
        ('{"data": [{"a": 1}], "x" 5}', 1, 26),
        ('{"data": [{"a": 1}], "x": }', 1, 27),
        ('{"data": [{"a": 1}]', 1, 20),
        ('{"data": [{"a": 1}], "data": [{"b": 1}], 5}', 1, 42),
        ('{"a": 1,\n"b": 01}', 2, 7),
        ('{"a": 1,\n}', 2, 1),
    ],
)
def test_mistake_is_told_by_line_and_column(content, line, column):
    assert refusal(content.encode()) == ("json_broken", {"line": str(line), "column": str(column)})


@pytest.mark.parametrize("line_end", ["\n", " "])
def test_mistake_far_behind_the_window_is_told_by_line_and_column(line_end):
    people = [as_bytes({"email": f"u{number}@example.com"}).decode() for number in range(20_000)]
    people[19_000] = people[19_000].replace(":", "")
    content = "[" + ("," + line_end).join(people) + "]"
    assert len(content) > 3 * WINDOW
    line, column = (19_001, 10) if line_end == "\n" else (1, content.index('"email" "') + 9)

    assert refusal(content.encode()) == ("json_broken", {"line": str(line), "column": str(column)})


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('{"email": "b@example.com"', 26),
        ('  {"email": "b@example.com",}', 29),
        ("oops", 1),
        ('{"a": 1} {"a": 2}', 10),
        ('{"a": 1},', 9),
        ('{"a": "\\x"}', 9),
    ],
)
def test_broken_line_is_a_fault_of_its_row_alone(line, column):
    whole = read_here(f'{{"email": "a@example.com"}}\n{line}\n{{"email": "c@example.com"}}\n'.encode())

    assert whole.numbers == [1, 2, 3]
    assert [row[0] for row in whole.rows] == ["a@example.com", "", "c@example.com"]
    code, params = whole.faults[0][2:]
    assert (code, abs(int(params["column"]) - column) <= 1) == ("json_line_broken", True)


@pytest.mark.parametrize("deep", [300, 5_000, 100_000])
def test_nesting_without_end_is_a_fault_of_its_line(deep):
    content = as_lines({"a": "x"}) + b'{"a": ' + b"[" * deep + b"]" * deep + b"}\n" + as_lines({"a": "y"})

    assert read_here(content).faults == [(2, -1, "json_too_deep", {"limit": "200"})]


def test_nesting_without_end_in_an_array_is_refused():
    assert refusal_confined(b'[{"a": ' + b"[" * 100_000)[0] == "json_too_deep"


@pytest.mark.parametrize("end", [b'"}]', b'"}', b""])
def test_value_without_end_is_refused(end):
    content = b'[{"a": 1},\n {"a": "' + b"x" * (LARGEST_ELEMENT + 100_000) + b" " * 100 + end

    assert refusal(content + b" " * 2 * LARGEST_ELEMENT)[0] in {"json_too_large", "json_broken"}
    assert refusal_confined(as_lines({"a": 1}) + b'{"a": "' + b"x" * (LARGEST_ELEMENT + 9) + end)[0] == "json_too_large"


def test_large_value_that_is_whole_is_read_and_its_cell_cut():
    whole = read_here(as_bytes([{"a": "x" * 3_000_000}, {"a": "y"}]))

    assert whole.rows[1] == ["y"]
    assert whole.faults == [(2, 0, "cell_too_long", {"length": "3000000", "limit": "32767"})]


# --- encodings ---


def test_other_encodings_are_refused_by_name():
    content = json.dumps([{"_fname": "Владимир Владимирович"}] * 9, ensure_ascii=False).encode("cp1251")

    assert refusal(content) == ("json_encoding", {"encoding": "cp1251"})
    assert refusal(as_bytes(PEOPLE), options=replace(OPTIONS, encoding="koi8-r"))[0] == "json_encoding"
    assert refusal(as_bytes(PEOPLE), options=replace(OPTIONS, encoding="nonsense"))[0] == "encoding_unknown"


@pytest.mark.parametrize(("content", "row"), [(b'[{"a": "x"},{"a": "\xcc\xe0"}]', 3), (b'{"a": 1}\n\n{"\xcc": 2}', 3)])
def test_undecodable_byte_names_its_row(content, row):
    assert refusal(content, options=OPTIONS) == ("undecodable", {"row": str(row), "encoding": "utf-8"})


@pytest.mark.parametrize("escape", ["\\ud83d", "\\udc80", "\\uDC80", "\\udfff"])
def test_half_a_surrogate_pair_is_a_fault_of_its_cell(escape):
    for content in (f'[{{"a": 1, "b": "x{escape}"}}]', f'{{"a": 1, "b": "x{escape}"}}\n'):
        whole = read_here(content.encode())
        assert whole.rows == [["1", "x\ufffd"]]
        assert whole.faults[0][1:] == (1, "control_character", {"name": "half a surrogate pair"})


@pytest.mark.parametrize(
    "value", ['"x\\u0000y"', '"x\0y"', '{"k":"x\\u0000y"}', '["x\\u0000y"]', '[{"k":"x\\u0000y"}]']
)
def test_control_character_is_a_fault_however_deep(value):
    whole = read_here(f'[{{"a": 1, "b": {value}}}]'.encode())

    assert "x\ufffdy" in whole.rows[0][1]
    assert whole.faults == [(2, 1, "control_character", {"name": "NUL"})]


def test_options_of_another_format_do_not_fit():
    assert refusal(as_bytes(PEOPLE), options=ReadOptions("delimited")) == (
        "wrong_format",
        {"expected": "delimited", "found": "records"},
    )
    assert refusal(b"a,b\r\n1,2\r\n", options=OPTIONS)[0] == "wrong_format"


# --- through the child, and whole ---


@pytest.mark.parametrize("write", [as_bytes, lambda people: as_lines(*people)])
def test_child_reads_all_in_slices(write):
    people = [{"email": f"u{number}@example.com", "n": number} for number in range(40)]
    whole = read_confined(write(people), slice_rows=15)

    assert [item.row_numbers[0] - whole.numbers[0] for item in whole.slices] == [0, 15, 30]
    assert whole.rows[39] == ["u39@example.com", "39"]
    assert (whole.summary.rows, whole.summary.columns[1].longest) == (40, "10")


def test_header_row_of_the_options_is_not_heeded(tmp_path):
    path = tmp_path / "people.json"
    path.write_bytes(as_bytes(PEOPLE))
    with path.open("rb") as source:
        *_, summary = read_table(source, options=replace(OPTIONS, header_row=7))

    assert isinstance(summary, TableSummary)
    assert (summary.headers, summary.rows) == (HEADERS, 2)


def test_rows_up_to_the_limit_are_read_and_one_more_is_refused():
    limits = replace(DEFAULT_LIMITS, rows=5)

    for write in (as_bytes, lambda people: as_lines(*people)):
        assert read_here(write([{"a": 1}] * 5), limits=limits).summary.rows == 5
        assert refusal(write([{"a": 1}] * 6), limits=limits) == ("too_many_rows", {"limit": "5"})


TEXTS = st.text(max_size=20)
SCALARS = st.one_of(TEXTS, st.booleans(), st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
PROFILES = st.dictionaries(TEXTS, SCALARS, max_size=5)


def cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else json.dumps(value)


@given(profiles=st.lists(PROFILES, min_size=1, max_size=8), escaped=st.booleans(), indent=st.none() | st.integers(0, 2))
@settings(max_examples=30, deadline=None)
def test_what_was_written_is_read_on_lines_and_in_a_list(profiles, escaped, indent):
    keys = list(dict.fromkeys(key for profile in profiles for key in profile))
    expected = [[replace_unstorable(cell(profile.get(key))) for key in keys] for profile in profiles]
    kept = [(number, row) for number, row in enumerate(expected) if "".join(row).strip()]
    lines = "\n".join(json.dumps(profile, ensure_ascii=escaped) for profile in profiles)
    listed = json.dumps(profiles, ensure_ascii=escaped, indent=indent)
    if not kept or any(set(profile) == {"data"} for profile in profiles):
        return
    for content, first in ((lines, 1), (listed, 2)):
        whole = read_here(content.encode("utf-8", "surrogatepass"))
        width = len(whole.headers)
        assert whole.numbers == [number + first for number, _ in kept]
        assert whole.rows == [row[:width] for _, row in kept]
