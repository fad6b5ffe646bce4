"""What was typed, as the table it is imported as."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, Problem, SubscriptionRule, column_of
from imports.models import Connection

KEYS_OF_JSON = ("data", "subscriptions")  # as headers they would be taken for parts of a request
Fault = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class TypedTable:
    """Headers, rows of cells, what each column feeds and where the rows go."""

    headers: list[str]
    rows: list[list[str]]
    mapping: ColumnMapping
    destination: Destination

    @property
    def columns(self) -> list[list[str]]:
        return [list(column) for column in zip(*self.rows, strict=True)]

    def faults(self, connection: Connection) -> list[Fault]:
        """What forbids the choices, whatever the cells hold."""
        chosen = actions.destination_faults(connection, self.destination)
        return chosen + actions.mapping_faults(connection, self.destination, self.mapping, width=len(self.headers))

    def problems(self, connection: Connection) -> list[Problem]:
        """What the check would find in the cells, but in rows that are empty: they are nobody."""
        found = actions.typed_problems(connection, self.destination, self.mapping, self.columns)
        return [problem for problem in found if any(map(str.strip, self.rows[problem.index]))]

    def with_contacts(self) -> "TypedTable":
        """The contacts typed into the rules as columns of their own after the others, and rules that name them."""
        rules, headers, cells = list[SubscriptionRule](), list[str](), list[str]()
        for rule in self.destination.subscriptions:
            if rule.contact:
                headers.append(_("Contact %(number)s") % {"number": len(headers) + 1})
                cells.append(rule.contact)
                rule = replace(rule, contact=f"column:{len(self.headers) + len(cells) - 1}")
            rules.append(rule)
        destination = replace(self.destination, subscriptions=tuple(rules))
        rows = [[*row, *cells] for row in self.rows]
        return TypedTable(distinct([*self.headers, *headers]), rows, self.mapping, destination)


def distinct(names: Sequence[str]) -> list[str]:
    """The names as headers that cannot be mixed up."""
    found: list[str] = []
    for name in names:
        header, number = name, 1
        while header in found or header in KEYS_OF_JSON:
            number += 1
            header = f"{name} ({number})"
        found.append(header)
    return found


def moved(rule: SubscriptionRule, places: Sequence[int]) -> SubscriptionRule:
    """A rule whose columns stand elsewhere: `places` has the new place of each."""

    def move(choice: str) -> str:
        column = column_of(choice)
        return choice if column is None or column >= len(places) else f"column:{places[column]}"

    own = tuple((name, move(choice)) for name, choice in rule.custom_fields)
    return replace(rule, contact=move(rule.contact), provider=move(rule.provider), custom_fields=own)
