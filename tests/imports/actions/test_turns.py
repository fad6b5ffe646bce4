"""Many people at once: jobs take turns at being checked, and a large file leaves the other processes alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports import actions, tasks
from imports.actions import turns
from imports.actions.tables import HEAD
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import ImportJob, RowSlice
from imports.reading import reader
from imports.states import JobState
from tests.factories import fresh, make_connection, make_job, make_mapped_job, make_uploaded_job
from tests.platforms import account

pytestmark = pytest.mark.django_db


@pytest.fixture
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows a slice, so that a hundred rows stand for a million."""
    read_table = reader.read_table
    monkeypatch.setattr(
        "imports.actions.filereading.read_table", lambda *asked, **more: read_table(*asked, **more, slice_rows=10)
    )


def checking(by: Any, rows: int, dates: str = "") -> ImportJob:
    people = "\n".join(f"person{n}@example.com,Person{dates}" for n in range(rows))
    known = ImportJob.objects.exclude(connection=None).select_related("connection").first()
    connection = known.connection if known else account("http://127.0.0.1:9")
    job = make_mapped_job(by, connection, f"E-mail,First name\n{people}\n", database_id=1)
    return actions.begin_check(job, by=by)


def pieces() -> list[int]:
    found = []
    while (piece := actions.check_next_piece()) is not None:
        found.append(piece.job_id)
    return found


@pytest.mark.usefixtures("short_slices")
def test_a_small_import_does_not_stand_behind_two_large_ones(anna: Any) -> None:
    large, other = checking(anna, 80), checking(anna, 80)
    first = [piece.job_id for _ in range(4) if (piece := actions.check_next_piece())]
    small = checking(anna, 10)

    done = pieces()

    assert first == [large.pk, other.pk, large.pk, other.pk]
    assert done[:4] == [small.pk, large.pk, other.pk, small.pk]  # its one slice, and closing it
    assert fresh(small).state == fresh(large).state == fresh(other).state == JobState.CHECKED
    assert len(done) + len(first) == 8 + 8 + 1 + 3


@pytest.mark.usefixtures("short_slices")
def test_several_workers_share_one_check(anna: Any) -> None:
    job = checking(anna, 30)
    held = RowSlice.objects.current(job).first()
    assert held is not None
    soon = timezone.now() + timedelta(seconds=30)
    RowSlice.objects.filter(pk=held.pk).update(lease_until=soon)  # another worker has it

    assert pieces() == [job.pk, job.pk]
    assert fresh(job).state == JobState.CHECKING  # who checks the last slice closes

    RowSlice.objects.filter(pk=held.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert pieces() == [job.pk, job.pk]
    assert fresh(job).state == JobState.CHECKED


@pytest.mark.usefixtures("short_slices")
def test_who_decides_the_dates_calls_the_others_in(anna: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They came before there was anything to do, and went."""
    connection = make_connection(sandbox)
    people = "\n".join(f"person{n}@example.com,01.02.1990" for n in range(30))
    job = make_job(anna, f"E-mail,Born\n{people}\n")
    mapping = ColumnMapping((ColumnTarget(0, "E-mail", "email"), ColumnTarget(1, "Born", "_bdate")))
    where = Destination(connection.part("databases")[0]["id"])
    actions.map_columns(job, connection=connection, destination=where, mapping=mapping, by=anna)
    job.vault.delete(f"{HEAD}/{fresh(job).read_version}")  # as earlier versions stored it: no dates are counted there
    actions.begin_check(fresh(job), by=anna)
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda task, number: rung.append(number))

    tasks.check_job(job.pk)

    assert rung == [job.pk] * tasks.CHECKERS
    assert not RowSlice.objects.current(job).exclude(checked_version=0).exists()
    tasks.check_job(job.pk)
    assert fresh(job).state == JobState.CHECKED


def test_a_turn_ends_and_says_whether_there_is_more(anna: Any) -> None:
    job = checking(anna, 3)

    assert actions.check_in_turn(seconds=0.0) == actions.Left.MORE
    assert actions.check_in_turn(seconds=60.0) == actions.Left.NOTHING
    assert fresh(job).state == JobState.CHECKED


def test_the_sweep_rings_for_a_check_only_when_nobody_looks_at_it(anna: Any) -> None:
    job = checking(anna, 3)
    assert [bell.number for bell in actions.reconcile() if bell.kind == "check"] == [job.pk]

    ImportJob.objects.filter(pk=job.pk).update(last_claim_at=timezone.now())
    assert [bell for bell in actions.reconcile() if bell.kind == "check"] == []

    ImportJob.objects.filter(pk=job.pk).update(last_claim_at=timezone.now() - timedelta(seconds=16))
    assert [bell.number for bell in actions.reconcile() if bell.kind == "check"] == [job.pk]


# --- reading ---


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    numbers: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda _task, number: numbers.append(number))
    return numbers


def test_one_large_file_is_read_at_a_time_and_the_next_one_after_it(
    anna: Any, monkeypatch: pytest.MonkeyPatch, rung: list[int]
) -> None:
    monkeypatch.setattr(turns, "LARGE_BYTES", 60)
    first, second = make_uploaded_job(anna), make_uploaded_job(anna)
    small = make_uploaded_job(anna, "E-mail\nkamila@example.com\n")
    until = timezone.now() + timedelta(minutes=1)
    ImportJob.objects.filter(pk=first.pk).update(state=JobState.READING, read_lease_until=until)

    tasks.read_job(second.pk)
    tasks.read_job(small.pk)

    assert (fresh(second).state, fresh(small).state) == (JobState.UPLOADED, JobState.READ)
    assert rung == []

    ImportJob.objects.filter(pk=first.pk).update(read_lease_until=timezone.now() - timedelta(seconds=1))  # it died
    tasks.read_job(first.pk)

    assert fresh(first).state == JobState.READ
    assert rung == [second.pk]


def test_a_draft_is_not_waiting_to_be_read(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LARGE_BYTES", 60)
    job = make_uploaded_job(anna)
    ImportJob.objects.filter(pk=job.pk).update(kind="draft")

    assert actions.next_to_be_read() is None
