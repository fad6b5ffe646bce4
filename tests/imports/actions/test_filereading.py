"""A file that stops being readable on the way: nothing half done stays, and it can be read again."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage

from imports import actions
from imports.models import ImportJob, RowSlice
from imports.reading import reader
from imports.states import JobState
from imports.vault import Vault
from tests.factories import fresh, make_uploaded_job

pytestmark = pytest.mark.django_db

ROWS = 35
PEOPLE = "E-mail,First name\n" + "".join(f"person{n}@example.com,Person\n" for n in range(ROWS))


@pytest.fixture(autouse=True)
def _short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows a slice, so that a few rows stand for a million."""
    read_table = reader.read_table
    monkeypatch.setattr(
        "imports.actions.filereading.read_table", lambda *asked, **more: read_table(*asked, **more, slice_rows=10)
    )


def before_slice(monkeypatch: pytest.MonkeyPatch, number: int, happens: Callable[[], None]) -> None:
    """Let something happen just before the slice with this number (from 0) is stored."""
    put_parts = Vault.put_parts
    stored: list[str] = []

    def put(vault: Vault, name: str, parts: Any) -> None:
        if len(stored) == number:
            happens()
        stored.append(name)
        put_parts(vault, name, parts)

    monkeypatch.setattr(Vault, "put_parts", put)


def tables_left(job: ImportJob) -> int:
    folder = f"jobs/{job.uuid}/table"
    if not default_storage.exists(folder):
        return 0
    return sum(len(default_storage.listdir(f"{folder}/{each}")[1]) for each in default_storage.listdir(folder)[0])


def test_a_disk_that_fills_up_on_the_way_leaves_nothing_and_the_file_is_read_later(
    anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = make_uploaded_job(anna, PEOPLE)
    with monkeypatch.context() as full:
        before_slice(full, 2, fill)
        actions.read_job(job.pk)

    assert fresh(job).state == JobState.UNREADABLE
    assert (fresh(job).fault or {})["code"] == "storage_failed"
    assert not RowSlice.objects.filter(job=job).exists()
    assert tables_left(job) == 0

    actions.choose_options(fresh(job), actions.preview(fresh(job)).options, by=anna)
    actions.read_job(job.pk)

    assert fresh(job).state == JobState.READ
    assert (fresh(job).rows, tables_left(job)) == (ROWS, 4)


def test_a_file_that_turns_out_broken_far_down_leaves_nothing(anna: Any) -> None:
    job = make_uploaded_job(anna, PEOPLE + 'x@example.com,"never closed\ny@example.com,Y\n')

    actions.read_job(job.pk)

    assert (fresh(job).fault or {})["code"] == "quote_not_closed"
    assert not RowSlice.objects.filter(job=job).exists()
    assert tables_left(job) == 0


def test_a_cancelled_import_is_not_read_to_its_end(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_uploaded_job(anna, PEOPLE)
    before_slice(monkeypatch, 1, lambda: actions.cancel_job(fresh(job), by=anna) and None)

    actions.read_job(job.pk)

    assert fresh(job).state == JobState.CANCELLED
    assert RowSlice.objects.filter(job=job).count() == 2


def test_rows_read_are_told_while_the_file_is_read(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_uploaded_job(anna, PEOPLE)
    told: list[int] = []
    before_slice(monkeypatch, 3, lambda: told.append(fresh(job).rows_read))

    actions.read_job(job.pk)

    assert told == [30]
