"""Which field a header names: by its API name, its title, what people call it, or something alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.process import extract

from imports.mapping.fields import TargetField
from imports.mapping.latin import folded, latin
from imports.mapping.synonyms import FULL_NAME, LOOSE, NOISE, OTHERS, PATRONYMIC, SYNONYMS

LEAST_LIKENESS: Final = 70.0
"""Likeness in percent under which nothing is chosen."""

CLEAR_LIKENESS: Final = 88.0
"""Likeness from which only a slip of the keyboard can be the difference."""

LEAST_LIKENESS_SHORT: Final = 80.0
"""The same for up to seven letters, where one letter can make another word: status is not state."""

_SHORTEST_ALIKE: Final = 4
_SHORT: Final = 7
_SHORTEST_LATIN: Final = 3
_LOOKED_AT: Final = 200
_NOT_WORD = re.compile(r"[\W_]+")
_HEAD = re.compile(r"[^(\[/|,;:]+")


class Likeness(NamedTuple):
    """A field (or none) for a header: score 0 to 100, certainty and reason as in `Guess`."""

    field: TargetField | None
    score: float
    certainty: str
    why: str


def spaced(text: str) -> str:
    """Level a header: NFKC, lower case, ё as е, everything but letters and digits a single space."""
    folded = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).casefold().replace("ё", "е")
    return _NOT_WORD.sub(" ", folded).strip()


def squeezed(text: str) -> str:
    """The same without spaces, so that "first name", "first_name" and "FirstName" are one."""
    return spaced(text).replace(" ", "")


_FULL_NAME = frozenset(map(squeezed, FULL_NAME))
_PATRONYMIC = frozenset(map(squeezed, PATRONYMIC))
_OTHERS = frozenset(map(squeezed, OTHERS))
_NAMELESS_LATIN = frozenset(latin(name) for name in _FULL_NAME | _PATRONYMIC if not name.isascii())


class Names:
    """All names of the fields of a database, ready to be looked up."""

    def __init__(self, fields: Sequence[TargetField]) -> None:
        self._exact = {field.name.casefold(): Likeness(field, 100, "exact", "name") for field in fields}
        self._known: dict[str, Likeness] = {}
        self._alike: dict[str, TargetField] = {}
        for why, score in (("name", 99.5), ("title", 99), ("synonym", 95)):
            for field in fields:
                for name in _names_of(field, why):
                    self._known.setdefault(squeezed(name), Likeness(field, score, "exact", why))
                    self._alike.setdefault(spaced(name), field)
        by_name = {field.name: field for field in fields}
        for header, name in LOOSE.items():
            if name in by_name:
                self._known.setdefault(squeezed(header), Likeness(by_name[name], 90, "likely", "synonym"))
        self._known.pop("", None)
        self._latin = {latin(name): found for name, found in self._known.items() if not name.isascii()}

    def look_up(self, header: str) -> Likeness:
        """Return the best field for a header, or why there is none ("full_name", "patronymic", "unknown")."""
        exact = self._exact.get(header.strip().casefold()) or self._known.get(squeezed(header))
        return (
            exact
            or _nameless(header)
            or self._without_noise(header)
            or self._by_head(header)
            or self._in_latin(header)
            or self._like(header)
        )

    def _without_noise(self, header: str) -> Likeness | None:
        words = [word for word in spaced(header).split() if word not in NOISE and not word.isdigit()]
        found = self._known.get("".join(words))
        return found._replace(score=92, certainty="likely") if found else _nameless(" ".join(words))

    def _by_head(self, header: str) -> Likeness | None:
        """Look up what stands before a bracket or a slash: "Phone (mobile)", "Email / Почта"."""
        head = _HEAD.search(header)
        found = (self._known.get(squeezed(head[0])) or self._without_noise(head[0])) if head else None
        return found._replace(score=85, certainty="check", why="similar") if found and found.field else None

    def _in_latin(self, header: str) -> Likeness | None:
        """A Russian name in Latin letters: "data_rojdeniya"."""
        name = folded(squeezed(header))
        if len(name) < _SHORTEST_LATIN or not name.isascii():
            return None
        if name in _NAMELESS_LATIN:
            return Likeness(None, 0, "none", "full_name")
        found = self._latin.get(name)
        return found._replace(score=88, certainty="likely", why="transliterated") if found else None

    def _like(self, header: str) -> Likeness:
        words = spaced(header)
        if len(words) >= _SHORTEST_ALIKE:
            for name, score, _ in extract(
                words, self._alike.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_least(words), limit=5
            ):
                if len(name) >= _SHORTEST_ALIKE and (score >= CLEAR_LIKENESS or _word_by_word(words, name)):
                    certainty = "likely" if score >= CLEAR_LIKENESS else "check"
                    return Likeness(self._alike[name], score * 0.9, certainty, "similar")
        return Likeness(None, 0, "none", "unknown")


def alike(word: str, options: Sequence[str]) -> str | None:
    """The option a word seems to mean: it begins so, or differs by a slip of the keyboard; None for none or several."""
    text = spaced(word)
    begun = [one for one in options if len(text) > 1 and spaced(one).startswith(text)]
    near = [one for one in options if fuzz.ratio(text, spaced(one)) >= LEAST_LIKENESS_SHORT]
    found = set(begun) or set(near)
    return found.pop() if len(found) == 1 else None


def _names_of(field: TargetField, why: str) -> tuple[str, ...]:
    if why == "synonym":
        return SYNONYMS.get(field.name, ()) if field.group != "custom" else ()
    return (field.name if why == "name" else field.title,)


def _nameless(header: str) -> Likeness | None:
    """Headers that name something no system field holds."""
    words = squeezed(header)
    if words in _OTHERS:
        return Likeness(None, 0, "none", "unknown")
    if words in _FULL_NAME:
        return Likeness(None, 0, "none", "full_name")
    return Likeness(None, 0, "none", "patronymic") if words in _PATRONYMIC else None


def _word_by_word(left: str, right: str) -> bool:
    """Tell whether every word has a like one on the other side: "order date" is not "birth date"."""
    pairs = ((left.split(), right.split()), (right.split(), left.split()))
    return all(_has_like(word, others) for words, others in pairs for word in words)


def _has_like(word: str, others: Sequence[str]) -> bool:
    return any(fuzz.ratio(word, other) >= _least(word) for other in others)


def _least(text: str) -> float:
    return LEAST_LIKENESS if len(text) > _SHORT else LEAST_LIKENESS_SHORT
