"""A slice of a table cut into parts, and put together again."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading import StoredSlice, TableSlice
from imports.reading.parts import MOST_PARTS, RowNumbers, join_parts, runs_of, split_parts

NUMBERS = st.lists(st.integers(2, 400), unique=True, max_size=120).map(sorted)


@st.composite
def tables(draw: st.DrawFn) -> TableSlice:
    numbers = draw(NUMBERS.filter(bool))
    width = draw(st.integers(1, 4))
    cell = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    columns = [draw(st.lists(cell, min_size=len(numbers), max_size=len(numbers))) for _ in range(width)]
    faults = [(0, -1, "too_many_cells", {"found": "3"})] if draw(st.booleans()) else []
    return TableSlice(draw(st.integers(0, 9)), numbers, columns, faults)


@given(tables())
def test_a_table_cut_into_parts_comes_back_whole(table: TableSlice) -> None:
    assert TableSlice.from_bytes(table.to_bytes()) == table
    assert len(table.to_parts()) <= MOST_PARTS + 1


@given(tables())
def test_rows_read_from_parts_are_those_of_the_table(table: TableSlice) -> None:
    stored = StoredSlice(table.to_parts().__getitem__)

    assert list(stored.row_numbers) == table.row_numbers
    for index in range(len(table.row_numbers)):
        assert stored.cells(index) == [column[index] for column in table.columns]


def test_one_row_opens_the_head_and_one_part_more() -> None:
    parts = TableSlice(0, list(range(2, 1_002)), [[str(number) for number in range(1_000)]]).to_parts()
    opened: list[int] = []
    stored = StoredSlice(lambda place: opened.append(place) or parts[place])

    assert (stored.row_numbers[500], stored.cells(500)) == (502, ["500"])
    assert opened == [0, 500 // 10 + 1]


def test_a_slice_of_an_earlier_version_is_read() -> None:
    old = orjson.dumps({"number": 3, "row_numbers": [2, 4], "columns": [["a", "b"]], "faults": []})
    stored = StoredSlice([old].__getitem__)

    assert TableSlice.from_parts([old]) == TableSlice(3, [2, 4], [["a", "b"]])
    assert (list(stored.row_numbers), stored.cells(1)) == ([2, 4], ["b"])


@given(NUMBERS)
def test_numbers_made_of_runs_are_the_numbers(numbers: list[int]) -> None:
    found = RowNumbers(runs_of(numbers))

    assert list(found) == numbers
    assert found[-3:] == numbers[-3:]


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_joined_parts_are_split_again(parts: list[bytes]) -> None:
    assert split_parts(join_parts(parts)) == parts


@pytest.mark.parametrize("joined", [b"", b"\x01\x00", b"\xff\xff\xff\xff", join_parts([b"abc"])[:-1], b"\0\0\0\0x"])
def test_what_was_not_joined_is_not_split(joined: bytes) -> None:
    with pytest.raises(ValueError, match="parts"):
        split_parts(joined)
