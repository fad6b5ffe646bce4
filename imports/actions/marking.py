"""Marks of the contacts of a slice, kept by its check: a search looks at them first."""

from collections.abc import Iterator, Sequence
from typing import Any

from imports.actions.preparing import Prepared
from imports.mapping import Kind, SubscriptionRule, column_of
from imports.marks import join_marks
from imports.models import ImportJob, RowSlice
from imports.reading import TableSlice
from imports.results import contact_columns, fixes_of, stored_slice
from imports.validation import Cleaned


def keep_marks(job: ImportJob, row_slice: RowSlice, table: TableSlice, found: Prepared) -> None:
    """Mark what the contact columns hold, what is sent for them, and what they held before somebody corrected it."""
    columns = contact_columns(job)
    rules = job.destination.subscriptions if job.destination else ()
    further = [*_other_phones(found.cleaned), *_corrected(job, row_slice, set(columns))]
    addresses, phones = _sent(found.cleaned, rules)
    stored = join_marks([table.columns[column] for column in columns], further, addresses, phones)
    job.vault.put(row_slice.marks_name(job.check_version), stored)


def _sent(cleaned: Cleaned, rules: Sequence[SubscriptionRule]) -> tuple[list[list[str]], list[list[str]]]:
    """The contacts of the rows as they would go, "" for none; of several phones the first. Phones stand apart."""
    others, phones = ([_texts(cleaned.values.get(name, ()))] for name in ("email", "phones"))
    for rule, taken in zip(rules, cleaned.subscribed, strict=True):
        if column_of(rule.contact) is not None:  # else it is the row's own, which stands above
            (phones if rule.contact_kind is Kind.PHONES else others).append(_texts(taken.contacts))
    return others, phones


def _texts(column: Sequence[Any]) -> list[str]:
    return [
        value[0] if value.__class__ is list and value else value if value.__class__ is str else "" for value in column
    ]


def _other_phones(cleaned: Cleaned) -> Iterator[tuple[int, str]]:
    for index, phones in enumerate(cleaned.values.get("phones", ())):
        if phones.__class__ is list and len(phones) > 1:
            yield from ((index, phone) for phone in phones[1:])


def _corrected(job: ImportJob, row_slice: RowSlice, columns: set[int]) -> Iterator[tuple[int, str]]:
    places = [place for place in fixes_of(job.vault, row_slice) if place[1] in columns]
    stored = stored_slice(job.vault, row_slice) if places else None
    for index, column in places:
        if stored is not None:
            yield index, stored.cells(index)[column]
