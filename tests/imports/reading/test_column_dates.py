"""What reading counts of a column's dates is what the check would count itself."""

from io import BytesIO

import pytest

from imports.reading import TableSlice, TableSummary, read_table
from imports.reading.evidence import DateEvidence, date_evidence
from imports.reading.table import UNDECIDED

COLUMNS = {
    "dotted": ["31.12.1990", "01.02.2020", "", "\u200b5.5.2001", "x"],
    "american": ["12/31/1990", "01/02/2020", "1990-12-31", " 03/04/2020", "00/00/0000"],
    "words": ["one", "two", "three", "4", "five"],
}


def read(text: str, *, slice_rows: int) -> tuple[list[TableSlice], TableSummary]:
    items = list(read_table(BytesIO(text.encode()), options=UNDECIDED, slice_rows=slice_rows))
    *slices, summary = items
    assert isinstance(summary, TableSummary)
    return [TableSlice.from_parts(one.parts) for one in slices], summary


@pytest.mark.parametrize("slice_rows", [2, 3, 100])
def test_the_counts_are_those_of_all_cells(slice_rows: int) -> None:
    rows = zip(*COLUMNS.values(), strict=True)
    text = "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)])

    slices, summary = read(text, slice_rows=slice_rows)

    for place, column in enumerate(summary.columns[:2]):
        cells = [cell for one in slices for cell in one.columns[place]]
        assert column.dates is not None
        assert DateEvidence(**column.dates) == date_evidence(cells)
    assert summary.columns[2].dates is None


def test_dates_that_begin_late_are_not_half_counted() -> None:
    cells = ["-"] * 4 + ["31.12.1990"] * 4

    _, summary = read("a,b\n" + "".join(f"x,{cell}\n" for cell in cells), slice_rows=4)

    assert summary.columns[1].dates is None
