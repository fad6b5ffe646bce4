"""CSV that spreadsheets open as it is meant: UTF-8 with its mark, and no cell that could start a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from imports.reading import defused

ROWS_A_PIECE = 500


def csv_pieces(header: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file in pieces of some hundred rows. Dangerous beginnings get an apostrophe; reading takes it off."""
    yield "\ufeff".encode() + _text([header])
    rest = iter(lines)
    while some := list(islice(rest, ROWS_A_PIECE)):
        yield _text([defused(cell) for cell in line] for line in some)


def _text(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode(errors="replace")
