"""What a column holds, gathered while its slices go by."""

import re
from collections.abc import Sequence

from imports.reading.table import ColumnStats

SHOWN = 200
SAMPLED_PER_SLICE = 64
MOST_SHAPES = 500

_LOWER = "abcdefghijklmnopqrstuvwxyz" + "".join(map(chr, range(0x430, 0x460)))
SHAPES = str.maketrans(
    _LOWER + _LOWER.upper() + "0123456789" + "\t\r\n\u00a0", "a" * len(_LOWER) + "A" * len(_LOWER) + "9" * 10 + " " * 4
)
RUNS = re.compile(r"(.)\1+", re.DOTALL)


class ColumnTally:
    """One column's figures. `oddest` is the value of the rarest shape (letters, digits, signs) in a bounded sample."""

    def __init__(self, header: str) -> None:
        self._header = header
        self._filled = 0
        self._first = ""
        self._longest = ""
        self._counts: dict[str, int] = {}
        self._examples: dict[str, str] = {}

    def add(self, cells: Sequence[str], lengths: list[int]) -> None:
        """Take in a slice's cells and their lengths."""
        self._filled += len(cells) - lengths.count(0)
        if not self._first:
            self._first = next((cell for cell in cells if cell.strip()), "")
        longest = max(lengths)
        if longest > len(self._longest):
            self._longest = cells[lengths.index(longest)]
        for cell in cells[:: len(cells) // SAMPLED_PER_SLICE + 1]:
            if cell:
                self._add_shape(cell)

    def result(self) -> ColumnStats:
        rarest = min(self._counts, key=lambda shape: self._counts[shape], default="")
        oddest = self._examples.get(rarest, "")
        return ColumnStats(self._header, self._filled, self._first[:SHOWN], self._longest[:SHOWN], oddest[:SHOWN])

    def _add_shape(self, cell: str) -> None:
        shape = RUNS.sub(r"\1", cell[:SHOWN].translate(SHAPES))
        if shape in self._counts:
            self._counts[shape] += 1
        elif len(self._counts) < MOST_SHAPES:
            self._counts[shape] = 1
            self._examples[shape] = cell
