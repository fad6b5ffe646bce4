"""Values and subscriptions that do not go as the file has them: counted from slice summaries, with a few examples."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

import orjson

from imports.models import ImportJob, RowSlice
from imports.validation import NO_CONTACT, Change

from .corrected import table_of

MOST_OPENED = 30  # slices opened to find examples; what is rarer than that is told without one


class Kind(NamedTuple):
    """What was done and why, in which column, for which subscription rule (-1: for a value of the profile)."""

    done: str
    code: str
    column: int
    rule: int


def changes(job: ImportJob) -> list[tuple[Kind, int]]:
    """Every kind of change with its rows, biggest first; one query, whatever the size of the file."""
    count: Counter[Kind] = Counter()
    if job.checked_at is not None:
        for summary in RowSlice.objects.current(job).values_list("changed", flat=True):
            for done, code, column, rule, rows in summary:
                count[Kind(done, code, column, rule)] += rows
    return count.most_common()


def change_examples(job: ImportJob, kinds: Collection[Kind], *, most: int) -> dict[Kind, list[tuple[int, str]]]:
    """The first rows of each kind as (spreadsheet row, the cell as the file has it)."""
    found: dict[Kind, list[tuple[int, str]]] = {kind: [] for kind in kinds if kind.column >= 0}
    opened = 0
    for row_slice in RowSlice.objects.current(job):
        here = {Kind(*one[:4]) for one in row_slice.changed}
        lacking = {kind for kind in here & found.keys() if len(found[kind]) < most}
        if lacking and opened < MOST_OPENED:
            opened += 1
            _look_into(job, row_slice, lacking, found, most)
    return found


def changes_of(job: ImportJob, row_slice: RowSlice) -> list[Change]:
    """The changes of a slice cell by cell; [] while it is unchecked."""
    if not row_slice.sealed_changed or row_slice.checked_version != job.check_version:
        return []
    plain = job.vault.unseal(bytes(row_slice.sealed_changed), f"changed/{row_slice.pk}")
    return [Change(*one) for one in orjson.loads(plain)]


def row_changes(job: ImportJob, row_slice: RowSlice, index: int, sent: str) -> list[Kind]:
    """What does not go as the file has it in one row; `sent` is the JSON text that goes."""
    found = [Kind(one.done, one.code, one.column, one.rule) for one in changes_of(job, row_slice) if one.index == index]
    told = {kind.rule for kind in found}
    return found + [Kind(NO_CONTACT, "", -1, rule) for rule in _rules_without(job, sent) if rule not in told]


def _rules_without(job: ImportJob, sent: str) -> Iterator[int]:
    """The places of the subscription rules that gave this row no subscription."""
    whole = orjson.loads(sent)
    profile = whole["data"] if isinstance(whole.get("data"), dict) else whole
    there = Counter((one.get("resource_id"), one.get("channel")) for one in profile.get("subscriptions") or ())
    for place, rule in enumerate(job.destination.subscriptions if job.destination else ()):
        if there[rule.resource_id, rule.channel]:
            there[rule.resource_id, rule.channel] -= 1
        else:
            yield place


def _look_into(
    job: ImportJob, row_slice: RowSlice, lacking: set[Kind], found: dict[Kind, list[tuple[int, str]]], most: int
) -> None:
    table = table_of(job.vault, row_slice)
    for one in changes_of(job, row_slice):
        kind = Kind(one.done, one.code, one.column, one.rule)
        if kind in lacking and len(found[kind]) < most:
            found[kind].append((table.row_numbers[one.index], table.columns[one.column][one.index]))
