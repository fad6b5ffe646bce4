"""Cells as text: trimming, and how a cell is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import repeat
from typing import Final

from imports.reading.blanks import TRIMMED as TRIMMED

# Soft hyphens, zero-width characters and direction marks come along when contacts are copied from phones and pages.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

UNSET: Final[dict[str, str]] = {"action": "unset"}
"""Sent to remove what is stored. Source: "Database fields functional update" (action unset, all fields but email)."""


class Refused(Exception):
    """A cell that must not be sent: a code and the parts of its sentence. Never holds the cell itself."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def trim(cell: str) -> str:
    """Return the cell without white space and zero-width characters at its ends. Raises Refused for broken text."""
    if not is_whole(cell):
        raise Refused("text_broken")
    return cell.strip(TRIMMED)


def trim_column(cells: Sequence[str]) -> list[str]:
    """Trim many cells; broken ones are left for `trim` to refuse."""
    if "".join(cells).isascii():
        return list(map(str.strip, cells))
    return list(map(str.strip, cells, repeat(TRIMMED)))


def is_whole(text: str) -> bool:
    """Tell whether the text can be written as UTF-8; half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def without_invisible(text: str) -> str:
    """Drop characters that cannot be seen; for values in which none of them can mean anything."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
