"""A slice of a table in parts: a head, then the cells of so many rows each. Who wants one row opens two parts.

The head holds the row numbers as runs of consecutive ones, the faults, and how many rows lie in a part.
"""

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, overload

import orjson

MOST_PARTS = 100  # of cells; 10,000 rows make parts of 100
_SIZE = struct.Struct("<I")

Cells = Sequence[Sequence[str]]


class RowNumbers(Sequence[int]):
    """The numbers of a slice's rows, in order; made of runs (first number, how many)."""

    def __init__(self, runs: Sequence[Sequence[int]]) -> None:
        self._firsts = [first for first, _ in runs]
        self._ends = list(accumulate(count for _, count in runs))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        run = bisect_right(self._ends, place)
        return self._firsts[run] + place - (self._ends[run - 1] if run else 0)


class StoredSlice:
    """A stored slice opened part by part: `part(0)` brings the head, `part(1)` the cells of the first rows, and so on.

    Raises ValueError (KeyError, TypeError) when the parts are something else.
    """

    def __init__(self, part: Callable[[int], bytes]) -> None:
        self._part = part
        self._head: dict[str, Any] = orjson.loads(part(0))
        self._whole: Cells | None = self._head.get("columns")  # as earlier versions stored it: all in one
        self._opened: dict[int, Cells] = {}

    @cached_property
    def row_numbers(self) -> Sequence[int]:
        return RowNumbers(self._head["runs"]) if self._whole is None else self._head["row_numbers"]

    @property
    def faults(self) -> list[tuple[int, int, str, dict[str, str]]]:
        """What reading found wrong, as (index of the row, column, code, params)."""
        return [(index, column, code, params) for index, column, code, params in self._head["faults"]]

    def indexes(self, number: int) -> range:
        """The rows whose cells lie in this part."""
        rows, step = len(self.row_numbers), self._head.get("step", 0)
        if self._whole is not None:
            return range(0 if number else rows)
        return range(min(rows, (number - 1) * step), min(rows, number * step)) if number else range(0)

    def cells(self, index: int) -> list[str]:
        """The cells of one row."""
        if self._whole is not None:
            return [column[index] for column in self._whole]
        before, place = divmod(index, self._head["step"])
        if before not in self._opened:
            self._opened[before] = orjson.loads(self._part(before + 1))
        return [column[place] for column in self._opened[before]]


def join_parts(parts: Sequence[bytes]) -> bytes:
    """One piece of bytes, for the way from one process to another."""
    sizes = b"".join(_SIZE.pack(len(part)) for part in parts)
    return _SIZE.pack(len(parts)) + sizes + b"".join(parts)


def split_parts(joined: bytes) -> list[bytes]:
    """What `join_parts` has joined. Raises ValueError for anything else."""
    try:
        count = _SIZE.unpack_from(joined)[0]
        sizes = struct.unpack_from(f"<{count}I", joined, _SIZE.size)
    except struct.error:
        raise ValueError("these are no parts") from None
    start = _SIZE.size * (count + 1)
    if start + sum(sizes) != len(joined):
        raise ValueError("parts are cut short or overlong")
    ends = list(accumulate(sizes, initial=start))
    return [joined[begin:end] for begin, end in zip(ends, ends[1:], strict=False)]


def runs_of(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers as runs of consecutive ones: [first, how many]."""
    if not numbers:
        return []
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return [[numbers[0], len(numbers)]]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    return runs


def cut_columns(columns: Cells, rows: int, step: int) -> Iterator[bytes]:
    """The cells of each `step` rows. Raises orjson.JSONEncodeError when a cell holds a lone surrogate."""
    for start in range(0, rows, step):
        yield orjson.dumps([column[start : start + step] for column in columns])


def join_columns(parts: Sequence[bytes]) -> list[list[str]]:
    """What `cut_columns` has cut, whole again."""
    columns: list[list[str]] = orjson.loads(parts[0]) if parts else []
    for part in parts[1:]:
        for column, cells in zip(columns, orjson.loads(part), strict=True):
            column += cells
    return columns
