from dataclasses import replace

import pytest

from imports.reading import DEFAULT_LIMITS, ReadOptions
from tests.imports.reading.reads import read_here, refusal
from tests.workbooks import csv_bytes

PLAIN = ReadOptions(format="delimited")


def emails(count: int) -> list[list[str]]:
    return [[f"u{number}@example.com", "x"] for number in range(count)]


# --- rows ---


def test_blank_rows_are_skipped_counted_and_keep_their_numbers():
    whole = read_here(b"email,note\r\n\r\na@example.com,x\r\n , \r\n,\r\nb@example.com,y\r\n\r\n")

    assert whole.numbers == [3, 6]
    assert whole.summary.blank_rows == 4
    assert whole.summary.rows == 2


def test_slice_of_blank_rows_alone_is_left_out():
    content = b"email,note\r\na@example.com,x\r\n" + b"\r\n" * 5 + b"b@example.com,y\r\n"
    whole = read_here(content, slice_rows=2)

    assert [item.row_numbers for item in whole.slices] == [[2], [8]]


def test_short_rows_are_padded_and_noted():
    whole = read_here(b"email,a,b\r\nx@example.com,1,2\r\ny@example.com\r\nz@example.com,1\r\n")

    assert whole.rows[1:] == [["y@example.com", "", ""], ["z@example.com", "1", ""]]
    assert whole.notes["short_rows"] == {"count": "2", "row": "3"}
    assert not whole.faults


def test_long_row_is_cut_and_a_fault():
    whole = read_here(b"email,a\r\nx@example.com,1,2,,3,\r\ny@example.com,1,,\r\n", options=PLAIN)

    assert whole.rows == [["x@example.com", "1"], ["y@example.com", "1"]]
    assert whole.faults == [(2, -1, "too_many_cells", {"found": "5", "expected": "2"})]


def test_faults_count_places_without_the_blank_rows():
    whole = read_here(b"email,a\r\n\r\nx@example.com,1\r\ny@example.com,1,2\r\n", options=PLAIN)

    assert whole.slices[0].faults == [(1, -1, "too_many_cells", {"found": "3", "expected": "2"})]


def test_end_of_file_sign_of_dos_is_no_row():
    assert read_here(b"email,a\r\nx@example.com,1\r\n\x1a").numbers == [2]


# --- cells ---


def test_cell_beyond_the_limit_is_cut_and_a_fault():
    limits = replace(DEFAULT_LIMITS, cell=10)
    whole = read_here(b"email,a\r\nx@e.org,1234567890\r\ny@e.org,12345678901\r\n", limits=limits)

    assert whole.rows[1][1] == "1234567890"
    assert whole.faults == [(3, 1, "cell_too_long", {"length": "11", "limit": "10"})]


@pytest.mark.parametrize(("sign", "name"), [("\0", "NUL"), ("\x07", "U+0007"), ("\x0b", "U+000B"), ("\x1b", "U+001B")])
def test_control_character_is_replaced_and_a_fault(sign, name):
    whole = read_here(f"email,a\r\nx@example.com,1{sign}2\r\ny@example.com,3\r\n".encode())

    assert whole.rows[0][1] == "1\ufffd2"
    assert whole.faults == [(2, 1, "control_character", {"name": name})]


def test_backslashes_that_look_like_escapes_are_left_alone():
    whole = read_here(b"email,path\r\nx@example.com,C:\\bin\\files\\u0000\r\n")

    assert whole.rows[0][1] == "C:\\bin\\files\\u0000"
    assert not whole.faults


def test_bidi_and_zero_width_characters_are_kept():
    cell = "a\u202eb\u200bc\ufeff\x7f\x85"

    assert read_here(csv_bytes([["email", "a"], ["x@example.com", cell]])).rows[0][1] == cell


# --- columns ---


def test_trailing_empty_columns_are_dropped():
    whole = read_here(b"email;a;;;\r\nx@example.com;1;;;\r\n;2;;;\r\n")

    assert whole.headers == ["email", "a"]
    assert whole.rows == [["x@example.com", "1"], ["", "2"]]


def test_nameless_column_with_values_stays():
    whole = read_here(b"email;a;;\r\nx@example.com;1;9;\r\n")

    assert whole.headers == ["email", "a", ""]
    assert whole.notes["empty_header"] == {"count": "1", "columns": "3"}


def test_duplicate_headers_are_noted_whatever_their_case():
    whole = read_here("Имя,email,имя \r\nА,x@example.com,Б\r\n".encode())

    assert whole.headers == ["Имя", "email", "имя"]
    assert whole.notes["duplicate_header"] == {"header": "Имя", "columns": "1, 3"}


def test_header_is_one_line_without_blanks_around():
    assert read_here(b'" E-mail\r\n address ",a\r\nx@example.com,1\r\n').headers[0] == "E-mail address"


def test_too_many_columns_are_refused():
    content = csv_bytes([["email", *"abc"], ["x@example.com", *"123"]])

    assert read_here(content, limits=replace(DEFAULT_LIMITS, columns=4)).headers[3] == "c"
    assert refusal(content, limits=replace(DEFAULT_LIMITS, columns=3)) == (
        "too_many_columns",
        {"found": "4", "limit": "3"},
    )


# --- slices ---


def test_slices_hold_at_most_the_rows_asked_for_and_name_their_rows():
    whole = read_here(csv_bytes([["email", "a"], *emails(7)]), slice_rows=3)

    assert [item.row_numbers for item in whole.slices] == [[2, 3, 4], [5, 6, 7], [8]]
    assert all(len(column) == len(item.row_numbers) for item in whole.slices for column in item.columns)


def test_large_slices_are_cut_by_size():
    rows = [["email", "text"], *([f"u{number}@example.com", "ж" * 30_000] for number in range(600))]
    whole = read_here(csv_bytes(rows))

    assert len(whole.slices) > 1
    assert max(len(item.to_bytes()) for item in whole.slices) < 20 * 1024 * 1024
    assert len(whole.rows) == 600


def test_rows_up_to_the_limit_are_read_and_one_more_is_refused():
    limits = replace(DEFAULT_LIMITS, rows=5)

    assert read_here(csv_bytes([["email", "a"], *emails(5)]) + b"\r\n\r\n", limits=limits).summary.rows == 5
    assert refusal(csv_bytes([["email", "a"], *emails(6)]), limits=limits) == ("too_many_rows", {"limit": "5"})


# --- nothing there ---


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b" , \r\n,\r\n"])
def test_nothing_but_blanks_is_an_empty_file(content):
    assert refusal(content) == ("empty_file", {})


def test_blank_rows_beyond_the_limit_are_not_piled_up():
    content = b"\r\n" * 50 + b"email,a\r\nx@example.com,1\r\n"

    assert refusal(content, limits=replace(DEFAULT_LIMITS, rows=20)) == ("too_many_rows", {"limit": "20"})


def test_header_alone_has_no_rows():
    assert refusal(b"email,phone\r\n\r\n") == ("no_rows", {"header_row": "1"})


def test_thousands_of_blank_rows_come_before_the_table():
    assert read_here(b"\r\n" * 3_000 + b"email,a\r\nx@example.com,1\r\n").numbers == [3_002]


# --- figures ---


def test_columns_tell_first_longest_and_oddest_value():
    rows = [["phone", "note"], ["", ""], *([f"+7900000{n:04}", "ok"] for n in range(300))]
    rows[50][0] = "нет у него телефона"
    rows[2][1] = ""
    phone, remark = read_here(csv_bytes(rows)).summary.columns

    assert (phone.header, phone.filled, phone.first) == ("phone", 300, "+79000000000")
    assert phone.longest == "нет у него телефона"
    assert remark.filled == 299
    assert remark.oddest == "ok"


def test_oddest_value_has_the_rarest_shape():
    rows = [["phone"], *([f"+7900000{n:04}"] for n in range(60))]
    rows[31] = ["8 (900) 000"]

    assert read_here(csv_bytes(rows)).summary.columns[0].oddest == "8 (900) 000"


def test_shown_values_are_cut():
    assert len(read_here(csv_bytes([["email", "a"], ["x@example.com", "y" * 900]])).summary.columns[1].longest) == 200
