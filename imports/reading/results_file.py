"""What a file of results adds to the columns of its source, and how its CSV cells are made harmless and read back."""

import re
from collections.abc import Sequence

ADDED = ("row_number", "outcome", "error_code", "error_text", "profile_id")
ROW_KEY = "import_row_key"  # by what a row is recognised that comes back in whatever place: imports.rowkeys
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NEGATIVE = re.compile(r"-[0-9]{1,15}(?:[.,][0-9]{1,15})?").fullmatch


def added_columns(headers: Sequence[str]) -> Sequence[int]:
    """The places of the columns a file of results added; empty for any other file.

    One with row keys may have been rearranged and may have got further columns; the names tell all the same.
    """
    if row_key_column(headers) is not None:
        return [place for place, header in enumerate(headers) if header == ROW_KEY or header in ADDED]
    first = len(headers) - len(ADDED)
    return range(first, len(headers)) if first > 0 and tuple(headers[first:]) == ADDED else range(0)


def row_key_column(headers: Sequence[str]) -> int | None:
    """The place of the column with row keys; None where there is none."""
    return headers.index(ROW_KEY) if ROW_KEY in headers else None


def defused(text: str) -> str:
    """A CSV cell that no spreadsheet program takes for a formula. A negative number stays one: Altcraft's code -1."""
    return f"'{text}" if _begins_dangerously(text) and not _NEGATIVE(text) else text


def restored(text: str) -> str:
    """The cell that `defused` made harmless."""
    return text[1:] if text.startswith("'") and _begins_dangerously(text[1:]) else text


def _begins_dangerously(text: str) -> bool:
    return text.lstrip("' ").startswith(DANGEROUS)  # with apostrophes, so that one taken away is always one of ours
