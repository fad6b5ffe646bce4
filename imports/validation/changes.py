"""What was wrong in a row that is sent all the same, because somebody chose so: told, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from imports.mapping import RuleValues

EMPTIED: Final = "emptied"  # the cell's value was left out
REPLACED: Final = "replaced"  # another value is sent in its place
UNSUBSCRIBED: Final = "unsubscribed"  # a subscription was left out because its contact or field is wrong
NO_CONTACT: Final = "no_contact"  # a subscription was left out because the row has no contact for it


@dataclass(frozen=True, slots=True)
class Change:
    """One value (or subscription) that does not go as the file has it.

    `index` is the row's place in its slice, `code` what is wrong with the cell in `column`; `rule` is the place of the
    subscription rule, -1 for a value of the profile.
    """

    index: int
    done: str
    code: str
    column: int
    rule: int = -1

    def to_plain(self) -> list[Any]:
        return [self.index, self.done, self.code, self.column, self.rule]


def skipped_subscriptions(subscribed: Sequence[RuleValues]) -> Iterable[Change]:
    """The subscriptions left out because something about them is wrong, one for each row and rule."""
    for rule, taken in enumerate(subscribed):
        for index, problem in {problem.index: problem for problem in reversed(taken.skipped)}.items():
            yield Change(index, UNSUBSCRIBED, problem.code, problem.column, rule)


def summary_of(changes: Iterable[Change], subscribed: Sequence[RuleValues], sent: Collection[int]) -> list[list[Any]]:
    """[done, code, column, rule, rows] for each kind of change among the rows that are sent, biggest first."""
    kinds = Counter((one.done, one.code, one.column, one.rule) for one in changes)
    for rule, taken in enumerate(subscribed):
        wrong = {problem.index for problem in taken.skipped}
        contacts = taken.contacts
        missing = sum(contacts[index] is None for index in sent)
        if missing and (empty := missing - sum(index in wrong for index in sent if wrong)):
            kinds[NO_CONTACT, "", -1, rule] = empty
    return [[*kind, rows] for kind, rows in kinds.most_common()]
