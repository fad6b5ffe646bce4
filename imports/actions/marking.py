"""Marks of the contacts of a slice, kept by its check: a search looks at them first."""

from collections.abc import Iterator, Sequence

from imports.actions.preparing import Prepared
from imports.mapping import SubscriptionRule, column_of
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
    beside = list(_sent(found.cleaned, rules))
    stored = join_marks([table.columns[column] for column in columns], further, beside)
    job.vault.put(row_slice.marks_name(job.check_version), stored)


def _sent(cleaned: Cleaned, rules: Sequence[SubscriptionRule]) -> Iterator[list[str]]:
    """The contacts of the rows as they would go, "" for none; of several phones the first."""
    columns = [cleaned.values[name] for name in ("email", "phones") if name in cleaned.values]
    for rule, taken in zip(rules, cleaned.subscribed, strict=True):
        if column_of(rule.contact) is not None:  # else it is the row's own, which stands above
            columns.append(taken.contacts)
    for column in columns:
        firsts = [value[0] if value.__class__ is list and value else value for value in column]
        yield [value if value.__class__ is str else "" for value in firsts]


def _other_phones(cleaned: Cleaned) -> Iterator[tuple[int, str]]:
    for index, phones in enumerate(cleaned.values.get("phones", ())):
        if phones and len(phones) > 1 and isinstance(phones, list):
            yield from ((index, phone) for phone in phones[1:])


def _corrected(job: ImportJob, row_slice: RowSlice, columns: set[int]) -> Iterator[tuple[int, str]]:
    places = [place for place in fixes_of(job.vault, row_slice) if place[1] in columns]
    stored = stored_slice(job.vault, row_slice) if places else None
    for index, column in places:
        if stored is not None:
            yield index, stored.cells(index)[column]
