"""An import that follows another one: which of its rows stand for which rows of that one."""

from bisect import bisect_right
from collections.abc import Iterator

from imports.actions.errors import Refused
from imports.models import ImportJob, RowSlice
from imports.reading import added_columns, row_key_column
from imports.results import arrived_rows, find_rows, table_of
from imports.rowkeys import KeyRing, RowKey
from imports.states import JobState
from imports.vault import Sealed

FOLLOWED = "followed"  # ImportJob.skip_sent
MOST_GENERATIONS = 50
MOST_FOLLOW_UPS = 5  # looked into for one row
MOST_LOOKED_THROUGH = 50_000


def followed_ids(job: ImportJob) -> set[int]:
    """The import this one follows, what that one follows and so on, and everything else that follows one of them."""
    found: set[int] = set()
    here = job.follows_id
    while here is not None and here not in found and len(found) < MOST_GENERATIONS:
        found.add(here)
        here = ImportJob.objects.filter(pk=here).values_list("follows_id", flat=True).first()
    later = ImportJob.objects.filter(follows__in=found).exclude(pk=job.pk).values_list("pk", flat=True)
    return found | set(later)


def refuse_overtaken(job: ImportJob) -> None:
    """In the transaction of a "Send": whoever is set aside because they went before was found by the check; an import
    that began since may have taken further ones of them. Raise Refused("overtaken")."""
    if not job.skip_sent or job.checked_at is None or job.destination is None:
        return
    if job.follows_id is not None:  # of two that follow one import, one waits here
        list(ImportJob.objects.select_for_update().filter(pk=job.follows_id).values_list("pk"))
    since = ImportJob.objects.sent().filter(connection=job.connection_id, started_at__gte=job.checked_at)
    same_place = {"team": job.team_id, "destination_plain__database_id": job.destination.database_id}
    since = since.filter(**same_place).exclude(pk=job.pk)
    if job.skip_sent == FOLLOWED:
        since = since.filter(pk__in=followed_ids(job))
    if since.exists():
        raise Refused("overtaken")


def row_keys(job: ImportJob) -> Iterator[tuple[int, RowKey | None]]:
    """(spreadsheet row, the key it carries) of every row of a table that has a column of keys; none for others."""
    column = row_key_column(job.headers)
    ring = KeyRing()
    for row_slice in RowSlice.objects.current(job).light() if column is not None else ():
        table = table_of(job.vault, row_slice)
        yield from zip(table.row_numbers, map(ring.read, table.columns[column or 0]), strict=True)


def gone_rows(job: ImportJob) -> dict[int, int]:
    """Rows of a follow-up that must not go: those whose original row was accepted or may have arrived (0), and those
    that stand for the same original row as an earlier one (the number of that one)."""
    original = job.follows
    if original is None:
        return {}
    arrived, first, gone = _arrived(original), dict[int, int](), dict[int, int]()
    for number, key in row_keys(job):
        if key is None or key.job != original.uuid:
            continue
        if key.row in arrived:
            gone[number] = 0
        elif first.setdefault(key.row, number) != number:
            gone[number] = first[key.row]
    return gone


def _arrived(original: ImportJob) -> set[int]:
    """What is known of an import whose data is gone are its people, and those are looked at beside this."""
    try:
        return set(arrived_rows(original))
    except (FileNotFoundError, Sealed):
        return set()


def own_columns(job: ImportJob) -> list[int]:
    """The places of the columns people brought, without those a file of results added."""
    added = set(added_columns(job.headers))
    return [place for place in range(len(job.headers)) if place not in added]


def original_row(job: ImportJob, cells: list[str]) -> RowKey | None:
    """What row of what import a follow-up's row stands for, by its cells; None where nothing tells."""
    column = row_key_column(job.headers)
    if column is None or job.follows is None or column >= len(cells):
        return None
    key = KeyRing().read(cells[column])
    return key if key is not None and key.job == job.follows.uuid else None


def later_rows(job: ImportJob, number: int) -> Iterator[tuple[ImportJob, int]]:
    """(follow-up, its row) wherever a row of this import was sent, or is about to be sent, once more. One whose rows
    came back in any order is looked through only up to MOST_LOOKED_THROUGH rows."""
    made = job.followups.exclude(state=JobState.CANCELLED).filter(rows__gt=0).order_by("-pk")[:MOST_FOLLOW_UPS]
    key = KeyRing().make(job.uuid, number)
    for later in made:
        if later.knows_its_place:
            yield from ((later, row) for row in _row_in_order(later, key, number))
        elif later.rows <= MOST_LOOKED_THROUGH:
            yield from ((later, row.number) for row in find_rows(later, key, most=1))


def _row_in_order(later: ImportJob, key: str, number: int) -> Iterator[int]:
    """Rows we gathered stand in the order of the import they are from: a few slices are opened, however many."""
    column, ring = row_key_column(later.headers), KeyRing()
    if column is None:
        return

    def first(row_slice: RowSlice) -> int:
        told = ring.read(table_of(later.vault, row_slice).columns[column][0])
        return told.row if told else 0

    slices = list(RowSlice.objects.current(later).light())
    place = bisect_right(slices, number, key=first) - 1
    if place >= 0:
        table = table_of(later.vault, slices[place])
        keys = table.columns[column]
        if key in keys:
            yield table.row_numbers[keys.index(key)]
