"""What looking through a workbook told about a sheet before the parser saw it."""

from dataclasses import dataclass, field

from imports.reading.table import Unreadable

LARGEST_AREA = 50_000_000
MOST_ERROR_CELLS = 200_000


@dataclass(slots=True)
class SheetFindings:
    """What calamine will not tell about a sheet: the texts of its error cells.

    `rows` and `columns` reach to the farthest cells, as far as the format is looked at for them.
    """

    rows: int = 0
    columns: int = 0
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    error_count: int = 0

    def reach(self, rows: int, columns: int) -> None:
        """The sheet goes at least this far. Raises Unreadable when no honest one does."""
        self.rows = max(self.rows, rows)
        self.columns = max(self.columns, columns)
        if self.rows * self.columns > LARGEST_AREA:
            raise Unreadable("unsafe_workbook", reason="spread", limit=LARGEST_AREA)

    def add_error(self, row: int, column: int, text: str) -> None:
        """The cell (row from 1, column from 0) shows this error. Raises Unreadable for too many of them."""
        self.errors.setdefault(row, {})[column] = text
        self.error_count += 1
        if self.error_count > MOST_ERROR_CELLS:
            raise Unreadable("unsafe_workbook", reason="errors", limit=MOST_ERROR_CELLS)
