"""What the values of a column look like, judged from a few of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from imports.mapping.fields import Kind

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+?[0-9()\s.\-\u2010-\u2015]{6,25}(?:(?:доб|ext|x).*)?", re.IGNORECASE)
_SURE_PHONE = re.compile(r"\+[1-9][0-9]{7,14}|[78]9[0-9]{9}")
_SEPARATORS = re.compile(r"[,;/|\n]")
_PHONE_MARKS = re.compile(r"[()\s.\-\u2010-\u2015]")
_DATE = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}.*|[0-9]{1,2}\s+[^\W\d_]{3,9}\.?\s+[0-9]{2,4}.*")
_IP = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*", re.IGNORECASE)
_SEXES: Final = frozenset(
    ("м", "ж", "муж", "жен", "мужской", "женский", "мужчина", "женщина", "m", "f", "male", "female")
)
_LOOKED_AT: Final = 200
_INVISIBLE = "\ufeff\u200b\u2060"


def _is_phone(text: str) -> bool:
    first = _SEPARATORS.split(text)[0]
    return bool(_PHONE.fullmatch(first)) and 6 <= sum(character.isdigit() for character in first) <= 15


def _is_sex(text: str) -> bool:
    return text.rstrip(".").casefold() in _SEXES | {"1", "2"}


LIKE: Final[dict[Kind, Callable[[str], bool]]] = {
    Kind.EMAIL: lambda text: bool(_EMAIL.search(text)),
    Kind.PHONES: _is_phone,
    Kind.DATE: lambda text: bool(_DATE.fullmatch(text)),
    Kind.IP: lambda text: bool(_IP.fullmatch(text)),
    Kind.SEX: _is_sex,
    Kind.SUBSCRIPTIONS: lambda text: text.startswith("["),
}
"""Kinds whose values can be told by their looks; lenient, as the header has spoken already."""

SURE: Final[dict[str, Callable[[str], bool]]] = {
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "phones": lambda text: bool(_SURE_PHONE.fullmatch(_PHONE_MARKS.sub("", text))),
    "_ip": lambda text: bool(_IP.fullmatch(text)),
    "_sex": lambda text: text.rstrip(".").casefold() in _SEXES,
}
"""Fields that can be told without a header. Dates are not among them: a date may be anything."""


def filled(cells: Sequence[str]) -> list[str]:
    """Return the cells that hold something."""
    stripped = (cell[:_LOOKED_AT].strip().strip(_INVISIBLE).strip() for cell in cells)
    return [cell for cell in stripped if cell]


def share(cells: Sequence[str], looks_right: Callable[[str], bool]) -> float:
    """Return which part of the cells (0 to 1) looks right; 0 when there are none."""
    return sum(map(looks_right, cells)) / len(cells) if cells else 0.0


def has_several_words(cells: Sequence[str]) -> bool:
    """Tell whether nearly all cells hold two words or more; the samples favour long and odd ones.

    A number is no word: "Anna 2" is one name, counted.
    """
    return share(cells, lambda text: sum(map(_has_letters, text.split())) > 1) > 0.8


def _has_letters(word: str) -> bool:
    return any(character.isalpha() for character in word)
