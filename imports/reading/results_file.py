"""What a file of results adds to the columns of its source, and how its CSV cells are made harmless and read back."""

from collections.abc import Sequence

ADDED = ("row_number", "outcome", "error_code", "error_text", "profile_id")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def added_columns(headers: Sequence[str]) -> range:
    """The places of the columns a file of results added; empty for any other file."""
    first = len(headers) - len(ADDED)
    return range(first, len(headers)) if first > 0 and tuple(headers[first:]) == ADDED else range(0)


def defused(text: str) -> str:
    """A CSV cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if _begins_dangerously(text) else text


def restored(text: str) -> str:
    """The cell that `defused` made harmless."""
    return text[1:] if text.startswith("'") and _begins_dangerously(text[1:]) else text


def _begins_dangerously(text: str) -> bool:
    return text.lstrip("' ").startswith(DANGEROUS)  # with apostrophes, so that one taken away is always one of ours
