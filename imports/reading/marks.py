"""What every source of rows has in common."""

from imports.reading.table import Note


class Marked:
    """Rows are numbered from `first_number`. While they are given out, the odd ones are written down by their numbers.

    `spanning` collects rows with line breaks inside, `faults` what is wrong with a row as (code, params).
    """

    first_number = 1

    def __init__(self) -> None:
        self.spanning: set[int] = set()
        self.faults: dict[int, list[Note]] = {}

    def add_fault(self, row: int, code: str, **params: object) -> None:
        self.faults.setdefault(row, []).append((code, {name: str(value) for name, value in params.items()}))

    def remarks(self) -> list[Note]:
        """What the rows given out so far show of the whole."""
        return []
