"""Values out of a closed set: yes or no, gender, enum, tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from imports.validation.plain import json_texts
from imports.validation.text import TRIMMED, Refused, without_invisible

_TRUE = frozenset(("да", "д", "yes", "y", "true", "t", "1", "1.0", "+", "истина", "вкл", "on"))
_FALSE = frozenset(("нет", "н", "no", "n", "false", "f", "0", "0.0", "ложь", "выкл", "off"))
"""A minus is in neither: as often as "no" it means "nothing is known", and a wrong false overwrites consent."""

SEXES: Final[dict[str, str]] = {
    **dict.fromkeys(("male", "man", "m", "мужской", "мужчина", "муж", "м", "1", "1.0"), "male"),
    **dict.fromkeys(("female", "woman", "f", "w", "женский", "женщина", "жен", "ж", "2", "2.0"), "female"),
}
"""Words for Altcraft's "male" and "female" ("Types of fields in the database"); 1 = man, 2 = woman as seen in public
import scripts. INFERRED: 0 is refused, since one page of the documents prints it without saying what it means."""

UNKNOWN_SEX: Final = frozenset(
    ("не указан", "не указано", "не указана", "не задан", "неизвестно", "неизвестен", "нет данных", "н/д")
    + ("unknown", "not specified", "undefined", "n/a")
)
"""Words that say as much as an empty cell."""

_TAG_SEPARATORS = re.compile(r"[,;\n\r]+")
_OPTIONS_SHOWN: Final = 20


def clean_boolean(text: str) -> bool:
    """Return yes or no. Raises Refused with "boolean_unknown"."""
    word = without_invisible(text).casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Refused("boolean_unknown")


def clean_sex(text: str) -> str | None:
    """Return "male", "female", or None for a word that says the gender is not known. Raises Refused "sex_unknown"."""
    word = without_invisible(text).casefold().rstrip(".").replace("ё", "е")
    if word in UNKNOWN_SEX:
        return None
    if word not in SEXES:
        raise Refused("sex_unknown")
    return SEXES[word]


def clean_enum(text: str, options: tuple[str, ...]) -> str:
    """Return the option as it is listed, whatever the case; any text when no options are known.

    Raises Refused with "enum_unknown" (allowed). Ordinal numbers are not taken for options: whether Altcraft counts
    from 0 or 1 is not documented.
    """
    if not options or text in options:
        return text
    option = _by_casefold(options).get(text.casefold())
    if option is None:
        raise Refused("enum_unknown", allowed=_shown(options))
    return option


@lru_cache(maxsize=256)
def _by_casefold(options: tuple[str, ...]) -> dict[str, str | None]:
    """Options by their folded spelling; None where two of them differ by case only."""
    folded: dict[str, str | None] = {}
    for option in options:
        key = option.strip(TRIMMED).casefold()
        folded[key] = None if key in folded else option
    return folded


def _shown(options: Sequence[str]) -> str:
    return ", ".join(options[:_OPTIONS_SHOWN]) + (", …" if len(options) > _OPTIONS_SHOWN else "")


def clean_tags(text: str) -> list[str] | None:
    """Return the tags of a cell in order and without repeats, None when it holds separators only.

    A JSON list of texts is taken item by item: a tag may have a comma in it.
    """
    listed = json_texts(text)
    tags = (tag.strip(TRIMMED) for tag in (_TAG_SEPARATORS.split(text) if listed is None else listed))
    return list(dict.fromkeys(tag for tag in tags if tag)) or None
