"""Guesses which field a column is meant for, from its header and its first values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from imports.mapping.fields import TargetField
from imports.mapping.names import Likeness, Names
from imports.mapping.shapes import LIKE, SURE, filled, has_several_words, share

_NAME_FIELDS: Final = frozenset(("_fname", "_lname"))
_BY_VALUES: Final = 75.0
_DOUBTED: Final = 72.0
_MOST: Final = 0.6
_HALF: Final = 0.5
_NAMED: Final = 99.0


@dataclass(frozen=True, slots=True)
class Guess:
    """The field a column (0-based) seems to feed; certainty "exact" | "likely" | "check" | "none".

    `why`: "name", "title", "synonym", "transliterated", "similar", "values" (known by their looks), "values_differ"
    (they do not look like the field's), "full_name", "patronymic", "taken" (a better column has the field), "unknown".
    """

    column: int
    field: str | None
    certainty: str
    why: str


def guess_targets(
    headers: Sequence[str], samples: Sequence[Sequence[str]], fields: Sequence[TargetField]
) -> list[Guess]:
    """Return one guess per header. `samples` holds for each column some of its cells; it may be short, or empty.

    A field is guessed for one column at most: the one that fits best, the left one of equals.
    """
    names = Names(fields)
    by_name = {field.name: field for field in fields}
    found = []
    for column, header in enumerate(headers):
        cells = filled(samples[column]) if column < len(samples) else []
        found.append(_by_values(_weighed(names.look_up(header), cells), cells, by_name))
    return _each_field_once(found)


def _weighed(found: Likeness, cells: Sequence[str]) -> Likeness:
    """Hold the values against the field the header names."""
    if found.field is None or not cells:
        return found
    if found.field.name in _NAME_FIELDS and has_several_words(cells):
        return Likeness(None, 0, "none", "full_name")
    looks_right = LIKE.get(found.field.kind)
    if looks_right is None or share(cells, looks_right) >= _HALF:
        return found
    if found.score >= _NAMED:
        return found._replace(score=_DOUBTED, certainty="check", why="values_differ")
    return Likeness(None, 0, "none", "values_differ")


def _by_values(found: Likeness, cells: Sequence[str], by_name: dict[str, TargetField]) -> Likeness:
    """Where the header says nothing, let the values speak."""
    if found.field is not None:
        return found
    for name, looks_right in SURE.items():
        if name in by_name and share(cells, looks_right) >= _MOST:
            return Likeness(by_name[name], _BY_VALUES, "check", "values")
    return found


def _each_field_once(found: Sequence[Likeness]) -> list[Guess]:
    owners: dict[str, int] = {}
    for column, likeness in sorted(enumerate(found), key=lambda pair: -pair[1].score):
        if likeness.field:
            owners.setdefault(likeness.field.name, column)
    return [_guess(column, likeness, owners) for column, likeness in enumerate(found)]


def _guess(column: int, likeness: Likeness, owners: dict[str, int]) -> Guess:
    if likeness.field is None:
        return Guess(column, None, "none", likeness.why)
    if owners[likeness.field.name] != column:
        return Guess(column, None, "none", "taken")
    return Guess(column, likeness.field.name, likeness.certainty, likeness.why)
