"""One line of the state of the system."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, NamedTuple

WELL, LOOK, BAD, UNKNOWN = "well", "look", "bad", "unknown"
ORDER: Final = (WELL, UNKNOWN, LOOK, BAD)


class Line(NamedTuple):
    """`light` is WELL, LOOK (somebody should), BAD or UNKNOWN; imports.wording puts `code` and `params` in words."""

    light: str
    code: str
    params: dict[str, Any] = {}
    name: str = ""


def worst(lines: Iterable[Line]) -> str:
    return max((line.light for line in lines), key=ORDER.index, default=UNKNOWN)


def by_age(age: timedelta, *, look: timedelta, bad: timedelta) -> str:
    """The light of something that should be young."""
    return BAD if age > bad else LOOK if age > look else WELL
