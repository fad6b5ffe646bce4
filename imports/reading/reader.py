"""The two questions asked of a source: what is in it, and all of it, please."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from imports.reading.confinement import confined
from imports.reading.table import (
    DEFAULT_LIMITS,
    EncodedSlice,
    Inspection,
    Limits,
    ReadOptions,
    TableSummary,
    Unreadable,
)

LONGEST_NAME = 255
LONGEST_LOOK = 180.0  # seconds; an ODS or XLS workbook has to be opened whole before its head is seen


def inspect(
    source: BinaryIO,
    *,
    name: str,
    options: ReadOptions | None = None,
    limits: Limits = DEFAULT_LIMITS,
    beat: Callable[[], None] = lambda: None,
) -> Inspection:
    """Look at the head of a seekable binary file; `name` (the file's own) only breaks ties.

    Without options everything is detected; with them they are used as they are, but for what they leave open.
    Raises Unreadable. The source's position afterwards is undefined. While nothing comes `beat` is called about once a
    second; what it raises ends the look.
    """
    limits = replace(limits, wall_seconds=min(limits.wall_seconds, LONGEST_LOOK))
    request = _request("inspect", options, limits) | {"name": _sendable(name)}
    with confined(source, request, limits, beat) as child:
        header, _ = child.frame()
    with _distrusted():
        return Inspection.from_plain(header)


def read_table(
    source: BinaryIO,
    *,
    options: ReadOptions,
    limits: Limits = DEFAULT_LIMITS,
    slice_rows: int = 10_000,
    beat: Callable[[], None] = lambda: None,
) -> Generator[EncodedSlice | TableSummary, None, None]:
    """Every row, in slices of at most `slice_rows` rows, 500,000 cells and about 16 MB; the last item is the
    TableSummary.

    Nothing is started before the first item is asked for; closing the iterator early ends the child.
    Raises Unreadable, possibly after slices were given out. The source must stay open and unchanged meanwhile. While no
    slice comes `beat` is called about once a second; what it raises ends the reading.
    """
    request = _request("read", options, limits) | {"name": "", "slice_rows": slice_rows}
    with confined(source, request, limits, beat) as child:
        while True:
            header, payload = child.frame()
            with _distrusted():
                item = _slice_or_summary(header, payload)
            yield item
            if isinstance(item, TableSummary):
                return


def _slice_or_summary(header: dict[str, Any], payload: bytes) -> EncodedSlice | TableSummary:
    if header["kind"] == "summary":
        return TableSummary.from_plain(header)
    found = EncodedSlice(header["number"], header["first_row"], header["last_row"], header["rows"], payload)
    if not found.parts:
        raise ValueError("a slice without a head")
    return found


@contextmanager
def _distrusted() -> Iterator[None]:
    """A child a hostile file has taken over may say anything; nonsense is a crash like any other."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("read_unsafely", reason="crash") from error


def _request(ask: str, options: ReadOptions | None, limits: Limits) -> dict[str, Any]:
    plain = options.to_plain() if options else {}
    texts = {field: _sendable(text) for field, text in plain.items() if isinstance(text, str)}
    return {"ask": ask, "options": plain | texts, "limits": asdict(limits)}


def _sendable(text: str) -> str:
    """No longer than an environment may hold, and without the surrogates a file's name may bring along."""
    return text[-LONGEST_NAME:].encode("utf-8", "replace").decode()
