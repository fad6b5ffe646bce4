"""A person's rows taken out of one import: cells, prepared profiles, keys, marks, problems, corrections, answers.

The row itself stays, numbered, with its outcome. What cannot be changed is deleted: the source file, prepared
downloads, objects of earlier readings and checks, raw answers of the batches the rows went in.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
from django.db import transaction

from imports.actions.echoes import retell, without_values
from imports.actions.furthercontacts import forget_further
from imports.actions.preparedfiles import remove_file
from imports.actions.rechecking import begin_again
from imports.actions.tables import HEAD
from imports.compact import compact, expand
from imports.marks import without_rows
from imports.models import Attempt, Batch, Correction, Evidence, ImportJob, PreparedFile, RowSlice
from imports.outcomes import VARIOUS, pack, unpack
from imports.prepared import PreparedTexts, join_keys, join_texts, split_keys
from imports.reading import TableSlice
from imports.results import ERASED, Fix, fixes_of, sealed_fixes
from imports.results.places import aside_places
from imports.results.remaining import Remaining
from imports.results.slices import batches_of, has_answers
from imports.states import BEFORE_SENDING, PLANNED, JobState

NOTHING = b"{}"
Rows = Mapping[int, int]  # index in the slice: spreadsheet row


def erase_rows(job: ImportJob, found: Sequence[tuple[RowSlice, Rows]], *, by: Any) -> None:
    """Take these rows' person out of an import that has ended, or waits for a person before it is sent (its touched
    slices are then checked again, and the rows do not go). Safe to repeat. Raise Refused when somebody sends it."""
    numbers = {number for _slice, rows in found for number in rows.values()}
    shown: dict[str, str] = {}
    for row_slice, rows in found:
        if job.state not in BEFORE_SENDING:
            shown |= _erase_answers(job, row_slice, rows)
            _erase_prepared(job, row_slice, rows)
        _erase_found(job, row_slice, rows, numbers)
        _erase_cells(job, row_slice, rows)
    retell(job, shown)
    _erase_corrections(job, numbers)
    _erase_head(job, numbers)
    if job.state in PLANNED:
        with transaction.atomic():
            begin_again(job, {row_slice.pk: {} for row_slice, _rows in found}, seen=job.check_version, by=by)
    for file in PreparedFile.objects.filter(job=job).select_related("job"):
        remove_file(file)
    ImportJob.objects.filter(pk=job.pk).update(draft_at=None)
    _remove_others(job)


def _erase_cells(job: ImportJob, row_slice: RowSlice, rows: Rows) -> None:
    table = TableSlice.from_parts(job.vault.parts(row_slice.table_name))
    for index in rows:
        for column in table.columns:
            column[index] = ""
    faults = [fault for fault in table.faults if fault[0] not in rows]
    table.faults = sorted([*faults, *((index, -1, ERASED, {}) for index in rows)], key=lambda fault: fault[0])
    job.vault.put_parts(row_slice.table_name, table.to_parts())


def _erase_found(job: ImportJob, row_slice: RowSlice, rows: Rows, numbers: Collection[int]) -> None:
    """What the check has written down of these rows, and what people have corrected in them."""
    fixes: dict[tuple[int, int], Fix] = fixes_of(job.vault, row_slice)
    kept = {place: fix for place, fix in fixes.items() if place[0] not in rows and fix.merged_from not in numbers}
    fields = sealed_fixes(job, row_slice, kept)
    current = row_slice.checked_version == job.check_version
    for name, written in (("problems", _problems), ("changed", _changed)):
        sealed = bytes(getattr(row_slice, f"sealed_{name}"))
        if sealed:
            label = f"{name}/{row_slice.pk}"
            plain = written(job.vault.unseal(sealed, label), rows) if current else b""
            fields[f"sealed_{name}"] = job.vault.seal(plain, label) if plain else b""
    RowSlice.objects.filter(pk=row_slice.pk).update(**fields)
    for name, value in fields.items():
        setattr(row_slice, name, value)


def _problems(plain: bytes, rows: Rows) -> bytes:
    told = expand(plain)
    had = {item[0] for item in told} & set(rows)
    left = [item for item in told if item[0] not in rows] + [[index, -1, ERASED, {}] for index in had]
    return compact(sorted(left, key=lambda item: item[0]))


def _changed(plain: bytes, rows: Rows) -> bytes:
    return orjson.dumps([item for item in orjson.loads(plain) if item[0] not in rows])


def _places(job: ImportJob, row_slice: RowSlice, rows: Rows) -> dict[int, int]:
    """{index: place among the good rows} of those of these rows that passed the check."""
    bad: set[int] = set()
    if row_slice.sealed_problems:
        plain = job.vault.unseal(bytes(row_slice.sealed_problems), f"problems/{row_slice.pk}")
        bad = {item[0] for item in expand(plain)}
    good = Remaining(row_slice.rows, bad)
    return {index: good.place_of(index) for index in rows if index not in bad}


def _erase_prepared(job: ImportJob, row_slice: RowSlice, rows: Rows) -> None:
    if row_slice.checked_version != job.check_version:
        return
    vault, version, places = job.vault, job.check_version, set(_places(job, row_slice, rows).values())
    with suppress(FileNotFoundError):
        texts = PreparedTexts(vault.get(row_slice.prepared_name(version)))
        left = [NOTHING if place in places else texts.text(place) for place in range(len(texts))]
        vault.put(row_slice.prepared_name(version), join_texts(left))
    with suppress(FileNotFoundError):
        numbers, keys, lengths = split_keys(vault.get(row_slice.keys_name(version)))
        for place in places:
            keys[place], lengths[place] = 0, len(NOTHING)
        vault.put(row_slice.keys_name(version), join_keys(numbers, keys, lengths))
    for name in list(vault.names(f"contacts/{row_slice.kept(version)}")):
        if name.endswith(f"/{row_slice.number:05d}"):
            hashes = array("Q")
            hashes.frombytes(vault.get(name))
            for place in places:
                hashes[place] = 0
            vault.put(name, hashes.tobytes())
    forget_further(job, row_slice, places)
    with suppress(FileNotFoundError):
        marks = vault.get(row_slice.marks_name(version))
        vault.put(row_slice.marks_name(version), without_rows(marks, rows))


def _erase_answers(job: ImportJob, row_slice: RowSlice, rows: Rows) -> dict[str, str]:
    """What Altcraft answered of these rows; told is what is left of texts that repeat something of them."""
    if row_slice.checked_version != job.check_version:
        return {}
    cells = _cells(job, row_slice, rows)
    sendable = Remaining(row_slice.good, aside_places(job, row_slice))
    aside = aside_places(job, row_slice)
    places = {sendable.place_of(place) for place in _places(job, row_slice, rows).values() if place not in aside}
    shown: dict[str, str] = {}
    for batch in batches_of(row_slice, has_answers):
        here = {place - batch.start for place in places if batch.start <= place < batch.stop}
        if not here:
            continue
        _erase_in_batch(job, batch, here)
        for code, text, _count in batch.summary:
            left = without_values(text, cells) if code and text not in ("", VARIOUS) else text
            if left != text:
                shown[text] = left
        family = list(_family(batch))
        Attempt.objects.filter(batch__in=family).update(sealed_answer=b"")
        Evidence.objects.filter(batch__in=family).update(sealed=b"")
    return shown


def _cells(job: ImportJob, row_slice: RowSlice, rows: Rows) -> list[str]:
    table = TableSlice.from_parts(job.vault.parts(row_slice.table_name))
    own = [column[index] for column in table.columns for index in rows]
    return own + [fix.value for (index, _column), fix in fixes_of(job.vault, row_slice).items() if index in rows]


def _erase_in_batch(job: ImportJob, batch: Batch, places: Collection[int]) -> None:
    if not has_answers(batch) or not batch.sealed_outcomes:
        return
    answers = unpack(job.vault.unseal(bytes(batch.sealed_outcomes), batch.outcomes_name))
    left = [(code, "", "") if place in places else (code, text, pk) for place, (code, text, pk) in enumerate(answers)]
    sealed = job.vault.seal(pack(left).blob, batch.outcomes_name)
    Batch.objects.filter(pk=batch.pk).update(sealed_outcomes=sealed)


def _family(batch: Batch) -> Iterator[int]:
    """A batch and those it was cut from: their calls held the row too."""
    one: Batch | None = batch
    while one is not None:
        yield one.pk
        one = one.parent


def _erase_corrections(job: ImportJob, numbers: Collection[int]) -> None:
    for made in Correction.objects.filter(job=job):
        if not made.sealed_cells:
            continue
        told = orjson.loads(job.vault.unseal(bytes(made.sealed_cells), made.cells_name))
        left = [item for item in told if made.read_version == job.read_version and item[0] not in numbers]
        if len(left) < len(told):
            sealed = job.vault.seal(orjson.dumps(left), made.cells_name)
            Correction.objects.filter(pk=made.pk).update(sealed_cells=sealed)


def _erase_head(job: ImportJob, numbers: Collection[int]) -> None:
    """First rows and telling values of columns, which pages show without opening the table."""
    name = f"{HEAD}/{job.read_version}"
    try:
        shown = orjson.loads(job.vault.get(name))
    except FileNotFoundError:
        return
    still = set(_first_cells(job, shown["columns"]))
    shown["rows"] = [[number, cells] for number, cells in shown["rows"] if number not in numbers]
    for place, column in enumerate(shown["columns"]):
        for value in ("first", "longest", "oddest"):
            if column[value] and (place, column[value]) not in still:
                column[value] = ""
        if column["values"] is not None:
            column["values"] = [pair for pair in column["values"] if (place, pair[0]) in still]
    job.vault.put(name, orjson.dumps(shown))


def _first_cells(job: ImportJob, columns: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Which of these telling values still stand in the table, as (column, value)."""
    wanted = [
        {column["first"], column["longest"], column["oddest"], *(pair[0] for pair in column["values"] or ())}
        for column in columns
    ]
    for row_slice in RowSlice.objects.current(job):
        table = TableSlice.from_parts(job.vault.parts(row_slice.table_name))
        for place, (values, cells) in enumerate(zip(wanted, table.columns, strict=False)):
            there = set(cells)
            yield from ((place, value) for value in values if value in there)
            yield from ((place, value) for value in values if len(value) >= 200 and _is_cut(value, there))


def _is_cut(value: str, cells: Iterable[str]) -> bool:
    return any(cell.startswith(value) for cell in cells)


def _remove_others(job: ImportJob) -> None:
    """Whatever is not the table, the profiles and the marks of now, or a file for messages: the source among them."""
    needed, slices = set(_needed(job)), set(_slices_needed(job))
    for name in list(job.vault.names()):
        folder, *deeper = name.split("/")
        is_contact = folder == "contacts" and f"{deeper[0]}/{deeper[-1]}" in slices
        if name not in needed and folder != "attach" and not is_contact:
            job.vault.delete(name)


def _needed(job: ImportJob) -> Iterator[str]:
    now = ImportJob.objects.get(pk=job.pk)
    yield f"{HEAD}/{now.read_version}"
    yield f"groups/{now.check_version}"
    yield from (row_slice.table_name for row_slice in RowSlice.objects.current(now))
    for kept_and_number in _slices_needed(job):
        yield from (f"{kind}/{kept_and_number}" for kind in ("prepared", "keys", "marks", "further"))


def _slices_needed(job: ImportJob) -> Iterator[str]:
    """Of the slices whose last check still stands, under what their objects lie."""
    now = ImportJob.objects.get(pk=job.pk)
    for row_slice in RowSlice.objects.current(now) if now.state != JobState.READ else ():
        if row_slice.checked_version == now.check_version:
            yield f"{row_slice.kept(now.check_version)}/{row_slice.number:05d}"
