"""What the check found in one slice, opened from its sealed form."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from imports.compact import expand
from imports.mapping import Problem
from imports.models import ImportJob, RowSlice


class ProblemsByRow(Mapping[int, list[Problem]]):
    """The problems of a slice by the index of their row, in order; made only for the rows that are asked for."""

    def __init__(self, plain: list[list[Any]]) -> None:
        self._plain = plain  # in the order of the rows
        self._indexes = [item[0] for item in plain]
        self._rows = dict.fromkeys(self._indexes)

    def __getitem__(self, index: int) -> list[Problem]:
        if index not in self._rows:
            raise KeyError(index)
        begin, end = bisect_left(self._indexes, index), bisect_right(self._indexes, index)
        return [Problem(*item) for item in self._plain[begin:end]]

    def __contains__(self, index: object) -> bool:
        return index in self._rows

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def problems_by_row(job: ImportJob, row_slice: RowSlice) -> ProblemsByRow:
    """The problems of a slice by row; none while it is unchecked."""
    return ProblemsByRow(_plain_problems(job, row_slice))


def problems_of(job: ImportJob, row_slice: RowSlice) -> list[Problem]:
    """The problems of a slice, in the order of its rows; [] while it is unchecked."""
    return [Problem(*item) for item in _plain_problems(job, row_slice)]


def _plain_problems(job: ImportJob, row_slice: RowSlice) -> list[list[Any]]:
    if not row_slice.sealed_problems or row_slice.checked_version != job.check_version:
        return []
    plain: list[list[Any]] = expand(job.vault.unseal(bytes(row_slice.sealed_problems), f"problems/{row_slice.pk}"))
    return plain


def asides(job: ImportJob, row_slice: RowSlice) -> dict[int, int]:
    """{place among the good rows: spreadsheet row that is sent instead} of the rows set aside."""
    if not row_slice.sealed_aside:
        return {}
    pairs = array("I")
    pairs.frombytes(job.vault.unseal(bytes(row_slice.sealed_aside), f"aside/{row_slice.pk}"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def aside_places(job: ImportJob, row_slice: RowSlice) -> set[int]:
    return set(asides(job, row_slice))
