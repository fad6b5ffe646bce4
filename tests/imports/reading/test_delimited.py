import csv
import io
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imports.reading import ReadOptions, Unreadable
from imports.reading.delimited import LARGEST_CELL
from tests.imports.reading.reads import read_here, refusal
from tests.workbooks import csv_bytes

PLAIN = ReadOptions(format="delimited")
TABLE = [["email", "phone"], ["a@example.com", "+79000000001"], ["b@example.com", "+79000000002"]]


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_line_ends_are_found(line_end, delimiter):
    whole = read_here(csv_bytes(TABLE, delimiter=delimiter, line_end=line_end))

    assert whole.options.delimiter == delimiter
    assert [whole.headers, *whole.rows] == TABLE
    assert whole.numbers == [2, 3]


def test_mixed_line_ends_and_no_last_one():
    assert read_here(b"email,n\r\na@example.com,1\nb@example.com,2\rc@example.com,3").numbers == [2, 3, 4]


def test_delimiter_inside_quotes_has_no_vote():
    content = 'Имя;Примечание\r\n"Иван";"да, нет, да, нет"\r\n"Олег";"раз, два, три, всё"\r\n'.encode()

    assert read_here(content).rows[0] == ["Иван", "да, нет, да, нет"]


def test_decimal_commas_do_not_outvote_semicolons():
    assert read_here(b"name;sum\r\nIvan;12,50\r\nOleg;7,00\r\n").options.delimiter == ";"


def test_quoted_line_break_starts_no_new_row():
    whole = read_here(b'email,note\r\na@example.com,"one\r\ntwo\r\nthree"\r\nb@example.com,x\r\n')

    assert whole.numbers == [2, 3]
    assert whole.rows[0][1] == "one\r\ntwo\r\nthree"


def test_doubled_quotes_are_one():
    assert read_here(b'email,note\r\na@example.com,"say ""hi"""\r\n').rows[0][1] == 'say "hi"'


def test_stray_quote_in_an_unquoted_cell_is_a_letter():
    assert read_here(b'email,size\r\na@example.com,5" pipe\r\nb@example.com,x\r\n').rows[0][1] == '5" pipe'


def test_cells_are_not_stripped():
    assert read_here(b"email,note\r\n a@example.com ,\tx \r\n", options=PLAIN).rows == [[" a@example.com ", "\tx "]]


def test_separator_line_is_honoured_and_is_no_row_as_in_excel():
    whole = read_here(b'sep=|\r\nemail|note\r\na@example.com|"x;y;z"\r\n')

    assert whole.options == ReadOptions("delimited", "utf-8", "|", header_row=1)
    assert whole.numbers == [2]


def test_rows_after_a_separator_line_are_named_as_excel_numbers_them():
    assert refusal(b'sep=;\r\nemail;note\r\na@example.com;"oops') == ("quote_not_closed", {"row": "2"})


def test_separator_line_is_skipped_even_when_another_delimiter_is_chosen():
    whole = read_here(b"sep=;\r\nemail,note\r\na@example.com,x\r\n", options=PLAIN)

    assert (whole.headers, whole.numbers) == (["email", "note"], [2])


def test_single_column_of_emails_is_legal_and_has_no_header():
    whole = read_here(b"a@example.com\r\nb@example.com\r\n")

    assert whole.notes["one_column"] == {"delimiter": ","}
    assert (whole.options.header_row, whole.headers, whole.numbers) == (0, [""], [1, 2])


def test_single_column_with_commas_now_and_then_stays_one():
    content = "name\r\n" + "Ivan Petrov\r\n" * 8 + "Smith, John\r\n"

    assert read_here(content.encode()).rows[-1] == ["Smith, John"]


def test_name_breaks_the_tie_of_a_single_column():
    assert read_here(b"email\r\na@example.com\r\n", name="list.tsv").options.delimiter == "\t"


# --- quotes gone wrong ---


def test_quote_never_closed_names_the_row_it_opens_in():
    content = csv_bytes(TABLE) + b'c@example.com,"oops\r\n' + b"d@example.com,1\r\n" * 500

    assert refusal(content) == ("quote_not_closed", {"row": "4"})


def test_quote_closed_by_another_rows_quote_names_the_row_it_opens_in():
    content = b'email,note\r\na@example.com,"oops\r\nb@example.com,"fine"\r\nc@example.com,x\r\n'

    assert refusal(content) == ("quote_not_closed", {"row": "2"})


def test_quote_never_closed_in_the_last_line():
    assert refusal(b'email,note\na@example.com,x\nb@example.com,"oops') == ("quote_not_closed", {"row": "3"})


def test_quote_never_closed_ends_before_the_whole_file_is_taken_in():
    content = b'email,note\r\na@example.com,"oops\r\n' + b"b@example.com,1\r\n" * (LARGEST_CELL // 10)

    assert refusal(content) == ("quote_not_closed", {"row": "2"})


def test_text_after_a_closing_quote_is_a_fault_of_that_row_alone():
    content = 'name,email\r\n"ООО "Ромашка"",a@example.com\r\nx,b@example.com\r\n'.encode()
    whole = read_here(content)

    assert whole.faults == [(2, -1, "text_after_quote", {})]
    assert whole.numbers == [2, 3]
    assert whole.rows[1] == ["x", "b@example.com"]


def test_text_after_a_closing_quote_and_another_quote_left_open():
    assert refusal(b'a,b\r\n"x"y,"z\r\nc,d\r\n', options=PLAIN) == ("quote_not_closed", {"row": "2"})


@pytest.mark.parametrize("content", [b'a,b\r\n"x" ,"y"\r\nc,d\r\n', b'a\tb\r\n"x" \t"y"\r\nc\td\r\n'])
def test_blanks_after_a_closing_quote_are_no_fault(content):
    whole = read_here(content)

    assert whole.rows == [["x ", "y"], ["c", "d"]]
    assert not whole.faults


def test_row_with_line_breaks_and_too_few_cells_is_suspect():
    content = b'size,b,c\r\n"5,x,1\r\n7"",y,2\r\nz",q\r\n6,x,1\r\n'

    assert read_here(content, options=PLAIN).faults == [
        (2, -1, "short_after_line_break", {"found": "2", "expected": "3"})
    ]


def test_cell_of_megabytes_is_refused():
    content = b"email,note\r\na@example.com," + b"x" * (LARGEST_CELL + 1) + b"\r\n"

    assert refusal(content) == ("cell_far_too_long", {"row": "2"})


# --- bytes that are no text ---


def test_undecodable_byte_names_its_row():
    content = b"email,name\r\na@example.com,Anna\r\nb@example.com,\xcc\xe0\r\n"

    assert refusal(content, options=PLAIN) == ("undecodable", {"row": "3", "column": "2", "encoding": "utf-8"})


def test_undecodable_header_names_its_row():
    assert refusal(b"\xcc\xe0,name\r\na,b\r\n", options=PLAIN) == ("undecodable", {"row": "1", "encoding": "utf-8"})


def test_late_undecodable_byte_comes_after_slices_and_still_names_its_row():
    content = b"email,name\r\n" + b"a@example.com,Anna\r\n" * 30_000 + b"b@example.com,\x98\r\n"
    options = replace(PLAIN, encoding="cp1251")

    assert refusal(content, options=options)[1]["row"] == "30002"


def test_lone_surrogate_is_a_fault_not_the_end():
    content = "email,name\r\na@example.com,x".encode("utf-16-le") + b"\x00\xd8" + "\r\n".encode("utf-16-le")
    whole = read_here(content, options=replace(PLAIN, encoding="utf-16-le"))

    assert whole.faults == [(2, 1, "control_character", {"name": "half a surrogate pair"})]
    assert whole.rows == [["a@example.com", "x\ufffd"]]


def test_surrogate_written_as_utf8_is_a_fault_not_the_end():
    whole = read_here(b"email,name\r\na@example.com,x\xed\xa0\x80y\r\n", options=PLAIN)

    assert whole.rows == [["a@example.com", "x\ufffdy"]]


@pytest.mark.parametrize("delimiter", [",,", '"', "\n"])
def test_delimiter_that_cannot_be_one_is_refused(delimiter):
    assert refusal(b"a,b\r\n1,2\r\n", options=replace(PLAIN, delimiter=delimiter))[0] == "delimiter_unknown"


def test_options_of_a_workbook_do_not_fit_a_text():
    found = refusal(b"a,b\r\n1,2\r\n", options=ReadOptions("workbook"))

    assert found == ("wrong_format", {"expected": "workbook", "found": "delimited"})


# --- anything at all ---


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text("ab@.,;\t|\"'\r\n\0жЯ7 =sep", max_size=200).map(str.encode),
        st.text('aб,;"\n', max_size=100).map(lambda text: text.encode("utf-16")),
    )
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_unreadable(content):
    assume(not content.startswith(b"PK"))
    try:
        whole = read_here(content, slice_rows=3)
    except Unreadable:
        return
    assert whole.rows
    assert {len(row) for row in whole.rows} == {len(whole.headers)}


# A lone carriage return or line feed inside a cell is kept; csv.writer quotes those.
CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32) if c not in (9, 10, 13)])
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(table=TABLES, delimiter=st.sampled_from(";,\t|"), encoding=st.sampled_from(["utf-8", "utf-16-le"]))
@settings(max_examples=60, deadline=None)
def test_what_a_csv_writer_wrote_is_read_back_equal(table, delimiter, encoding):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["x"] * len(table[0]), *table])
    options = ReadOptions("delimited", encoding, delimiter)
    kept = [row for row in table if "".join(row).strip()]
    if not kept:
        return

    whole = read_here(text.getvalue().encode(encoding), options=options, slice_rows=2)

    assert whole.rows == kept
    assert whole.numbers == [number for number, row in enumerate(table, 2) if "".join(row).strip()]
    assert not whole.faults
