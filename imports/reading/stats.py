"""What a column holds, gathered while its slices go by."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from imports.reading.evidence import DateEvidence, date_evidence
from imports.reading.table import ColumnStats

SHOWN = 200
SAMPLED_PER_SLICE = 64
MOST_SHAPES = 500
MOST_VALUES = 200  # different cells; a column with more is no list of words

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
        self._values: Counter[str] | None = Counter()
        self._dates: DateEvidence | None = DateEvidence()

    def add(self, cells: Sequence[str], lengths: list[int]) -> None:
        """Take in a slice's cells and their lengths."""
        self._filled += len(cells) - lengths.count(0)
        if not self._first:
            self._first = next((cell for cell in cells if cell.strip()), "")
        longest = max(lengths)
        if longest > len(self._longest):
            self._longest = cells[lengths.index(longest)]
        if self._values is not None:
            self._values.update(cells)
            if len(self._values) > MOST_VALUES or longest > SHOWN:
                self._values = None
        sample = cells[:: len(cells) // SAMPLED_PER_SLICE + 1]
        for cell in sample:
            if cell:
                self._add_shape(cell)
        if self._dates == DateEvidence() and date_evidence(sample) == DateEvidence():
            self._dates = None  # no dates so far: whoever says they are has them counted then
        if self._dates is not None:
            self._dates += date_evidence(cells)

    def result(self) -> ColumnStats:
        rarest = min(self._counts, key=lambda shape: self._counts[shape], default="")
        oddest = self._examples.get(rarest, "")
        values = None if self._values is None else self._values.most_common()
        shown = self._first[:SHOWN], self._longest[:SHOWN], oddest[:SHOWN]
        dates = None if self._dates is None else asdict(self._dates)
        return ColumnStats(self._header, self._filled, *shown, values, dates)

    def _add_shape(self, cell: str) -> None:
        shape = RUNS.sub(r"\1", cell[:SHOWN].translate(SHAPES))
        if shape in self._counts:
            self._counts[shape] += 1
        elif len(self._counts) < MOST_SHAPES:
            self._counts[shape] = 1
            self._examples[shape] = cell
