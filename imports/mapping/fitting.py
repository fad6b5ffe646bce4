"""Choices made for one file's columns, put on the columns of another: the same, renamed, new and missing ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rapidfuzz import fuzz

from imports.mapping.columns import ColumnMapping
from imports.mapping.fields import TargetField
from imports.mapping.names import Names, spaced, squeezed
from imports.mapping.subscriptions import SubscriptionRule, column_of

ALIKE: Final = 80.0
"""Likeness in percent from which a header that is gone and a new one are the same column under another name."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Which column (0-based) of the new file stands for which of the old one. `renamed` are (old, new) among `places`;
    `missing` columns are only those that were used."""

    places: dict[int, int] = field(default_factory=dict)
    renamed: tuple[tuple[int, int], ...] = ()
    missing: tuple[int, ...] = ()
    new: tuple[int, ...] = ()

    @property
    def differs(self) -> bool:
        return bool(self.renamed or self.missing or self.new)


def fit(old: Sequence[str], now: Sequence[str], used: Sequence[int], fields: Sequence[TargetField]) -> Fit:
    """Find the columns of an earlier file in a new one by their headers.

    Columns of the same name keep their order. One that is gone is taken for renamed when a new header names the same
    field, or is nearly the same text; where it stands never decides alone.
    """
    places = dict(_same_names(old, now))
    gone = [place for place in range(len(old)) if place not in places]
    fresh = [place for place in range(len(now)) if place not in set(places.values())]
    renamed = tuple(_renamed(old, now, gone, fresh, Names(fields)))
    found = places | dict(renamed)
    taken = set(found.values())
    missing = tuple(place for place in sorted(set(used)) if place not in found)
    return Fit(found, renamed, missing, tuple(place for place in fresh if place not in taken))


def fitted_mapping(mapping: ColumnMapping, fit: Fit, headers: Sequence[str]) -> ColumnMapping:
    """The same choices for the columns where they are now; those of missing columns are left out."""
    there = [target for target in mapping.targets if target.column in fit.places]
    moved = [replace(one, column=fit.places[one.column], header=headers[fit.places[one.column]]) for one in there]
    return ColumnMapping(tuple(sorted(moved, key=lambda target: target.column)))


def fitted_rules(rules: Sequence[SubscriptionRule], fit: Fit) -> tuple[SubscriptionRule, ...]:
    """The same subscriptions; one that reads a missing column is left out."""
    return tuple(_moved(rule, fit) for rule in rules if all(column in fit.places for column in rule.columns()))


def _moved(rule: SubscriptionRule, fit: Fit) -> SubscriptionRule:
    def at(choice: str) -> str:
        column = column_of(choice)
        return choice if column is None else f"column:{fit.places[column]}"

    own = tuple((name, at(choice)) for name, choice in rule.custom_fields)
    return replace(rule, contact=at(rule.contact), provider=at(rule.provider), custom_fields=own)


def _same_names(old: Sequence[str], now: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of equal names: the first with the first, the second with the second."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for place, header in enumerate(now):
        waiting[squeezed(header)].append(place)
    for place, header in enumerate(old):
        if found := waiting[squeezed(header)]:
            yield place, found.pop(0)


def _renamed(
    old: Sequence[str], now: Sequence[str], gone: Sequence[int], fresh: Sequence[int], names: Names
) -> Iterator[tuple[int, int]]:
    """The best pair first; each column is in one at most."""
    pairs = sorted(((_likeness(old[a], now[b], names), a == b, a, b) for a in gone for b in fresh), reverse=True)
    taken: set[tuple[str, int]] = set()
    for likeness, _there, before, after in pairs:
        if likeness >= ALIKE and not {("old", before), ("new", after)} & taken:
            taken |= {("old", before), ("new", after)}
            yield before, after


def _likeness(before: str, after: str, names: Names) -> float:
    if not before.strip() or not after.strip():
        return 0.0
    one, other = names.look_up(before).field, names.look_up(after).field
    if one is not None and one == other:
        return 100.0
    return 0.0 if one and other else fuzz.token_sort_ratio(spaced(before), spaced(after))
