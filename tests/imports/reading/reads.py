"""Short ways to put bytes through reading, with or without the child process around it."""

import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from imports.reading import (
    DEFAULT_LIMITS,
    UNDECIDED,
    EncodedSlice,
    Inspection,
    Limits,
    ReadOptions,
    TableSlice,
    TableSummary,
    Unreadable,
    inspect,
    read_table,
)
from imports.reading.opening import open_source
from imports.reading.records import Table
from imports.reading.source import StoredFile


@dataclass
class Whole:
    """A table put together again from its slices."""

    headers: list[str]
    numbers: list[int]
    rows: list[list[str]]
    faults: list[tuple[int, int, str, dict[str, str]]]  # (row number, column, code, params)
    slices: list[TableSlice]
    summary: TableSummary
    notes: dict[str, dict[str, str]]
    options: ReadOptions

    @property
    def fault_codes(self) -> list[tuple[int, str]]:
        return [(number, code) for number, _, code, _ in self.faults]


def read_here(
    content: bytes,
    *,
    options: ReadOptions = UNDECIDED,
    name: str = "file",
    limits: Limits = DEFAULT_LIMITS,
    slice_rows: int = 10_000,
) -> Whole:
    """Read in this very process: quick, for everything but what the confinement is about."""
    with stored(content) as source:
        table = Table(open_source(source, name, options, limits), limits)
        encoded = list(table.slices(slice_rows))
        return _put_together(encoded, table.summary(), dict(table.notes), table.options)


def read_confined(content: bytes, *, limits: Limits = DEFAULT_LIMITS, slice_rows: int = 10_000) -> Whole:
    """Inspect, then read all, each in its child process."""
    source = io.BytesIO(content)
    found = inspect(source, name="file", limits=limits)
    items = list(read_table(source, options=found.options, limits=limits, slice_rows=slice_rows))
    assert isinstance(items[-1], TableSummary)
    encoded = [item for item in items if isinstance(item, EncodedSlice)]
    return _put_together(encoded, items[-1], dict(found.notes), found.options)


def look(content: bytes, *, name: str = "file", limits: Limits = DEFAULT_LIMITS) -> Inspection:
    return inspect(io.BytesIO(content), name=name, limits=limits)


def refusal(content: bytes, **given: Any) -> tuple[str, dict[str, str]]:
    """The code and params `read_here` refuses the content with."""
    with pytest.raises(Unreadable) as refused:
        read_here(content, **given)
    return refused.value.code, refused.value.params


def refusal_confined(content: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[str, dict[str, str]]:
    with pytest.raises(Unreadable) as refused:
        look(content, limits=limits)
    return refused.value.code, refused.value.params


@contextmanager
def stored(content: bytes) -> Iterator[StoredFile]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        yield StoredFile(file.fileno())


def _put_together(
    encoded: Sequence[EncodedSlice], summary: TableSummary, notes: dict[str, dict[str, str]], options: ReadOptions
) -> Whole:
    slices = [TableSlice.from_bytes(item.payload) for item in encoded]
    assert [item.number for item in slices] == list(range(len(slices)))
    faults = [
        (item.row_numbers[index], column, code, params)
        for item in slices
        for index, column, code, params in item.faults
    ]
    return Whole(
        headers=summary.headers,
        numbers=[number for item in slices for number in item.row_numbers],
        rows=[list(row) for item in slices for row in zip(*item.columns, strict=True)],
        faults=faults,
        slices=slices,
        summary=summary,
        notes=notes | dict(summary.notes),
        options=options,
    )
