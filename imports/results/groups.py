"""Rows of a file that share a key, group by group, as the check wrote them down."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from imports.models import ImportJob

from .row import Row
from .search import rows_at

MOST_SHOWN = 12  # rows of one group


def groups_name(check_version: int) -> str:
    """Where the check keeps the rows that share a key, in the job's vault."""
    return f"groups/{check_version}"


def rows_of_groups(groups: "array[int]") -> "Iterator[array[int]]":
    """The row numbers of each group; stored is how many, then the numbers, group after group."""
    place = 0
    while place < len(groups):
        end = place + 1 + groups[place]
        yield groups[place + 1 : end]
        place = end


def joined_groups(groups: Iterable[Sequence[int]]) -> "array[int]":
    """What `rows_of_groups` takes apart, in the order of their first rows."""
    found = array("I")
    for rows in sorted(groups, key=lambda rows: rows[0]):
        found.append(len(rows))
        found.extend(rows)
    return found


def group_page(job: ImportJob, *, after: int = 0, size: int = 10) -> tuple[list[tuple[int, list[Row]]], bool]:
    """(rows in the group, the first of them) of up to `size` groups that begin behind a row; and whether more do."""
    stored = array("I")
    try:
        stored.frombytes(job.vault.get(groups_name(job.check_version)))
    except FileNotFoundError:
        return [], False
    behind = (rows for rows in rows_of_groups(stored) if rows[0] > after)
    page = list(islice(behind, size + 1))
    shown = [rows[:MOST_SHOWN] for rows in page[:size]]
    rows = rows_at(job, {number for group in shown for number in group})
    found = [
        (len(whole), [rows[number] for number in group if number in rows])
        for whole, group in zip(page, shown, strict=False)
    ]
    return found, len(page) > size
