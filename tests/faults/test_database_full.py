"""Disks without room: of the files, of the database, of the logs. Nothing is half done, and it goes on by itself."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import override_settings

from imports import actions, tasks
from imports.actions import quotas
from imports.models import ImportJob, RowSlice
from imports.results import totals
from imports.states import JobState
from imports.storage import looking
from tests.factories import CSV, fresh, make_connection, make_mapped_job, make_uploaded_job
from tests.faults.breakable import OnOwnServer
from tests.faults.databases import OnFile
from tests.faults.house import House, Stop
from tests.faults.judge import judged
from tests.faults.services import small_disk, wait_until

ROWS = 1_000  # their answer takes pages of its own in the database
BIG = CSV + "".join(f"person{n}@example.com,Person{n},\n" for n in range(60_000))


@contextmanager
def files_on(folder: Path) -> Iterator[None]:
    """The private files lie in this folder."""
    stored = override_settings(STORAGES=_storages(folder))
    stored.enable()
    yield
    stored.disable()


def _storages(folder: Path) -> dict[str, Any]:
    from django.conf import settings

    options = {"location": folder, "allow_overwrite": True}
    return settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}


@contextmanager
def no_room(folder: Path) -> Iterator[None]:
    """Every byte of the small disk is taken, until the end of the block."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for piece in (b"x" * 65536, b"x" * 512, b"x"):
            with contextlib.suppress(OSError):
                while True:
                    file.write(piece)
    yield
    ballast.unlink()


def left_in(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != "ballast"]


# --- files ---


@pytest.mark.django_db
@pytest.mark.fault(34)
def test_an_upload_without_room_is_refused_in_words_and_leaves_nothing(as_anna: Any) -> None:
    with small_disk(1) as folder, files_on(folder):
        answer = as_anna.post("/imports/new/", {"file": SimpleUploadedFile("people.csv", BIG.encode())})

        assert answer.status_code == 422
        assert "There is not enough free space for this file:" in answer.content.decode()
        assert not ImportJob.objects.exists()
        assert left_in(folder) == []


@pytest.mark.django_db
@pytest.mark.fault(34)
def test_room_that_is_gone_when_the_file_comes_is_told_too_and_nothing_is_left(as_anna: Any) -> None:
    with small_disk(16) as folder, files_on(folder), no_room(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotas, "_free_bytes", lambda: None)  # somebody else took it meanwhile
        answer = as_anna.post("/imports/new/", {"file": SimpleUploadedFile("people.csv", BIG.encode())})

        assert answer.status_code == 422
        assert "The file could not be stored" in answer.content.decode()
        assert not ImportJob.objects.exists()
        assert left_in(folder) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault(34)
def test_a_file_that_cannot_be_read_for_want_of_room_says_so_and_is_read_later(anna: Any) -> None:
    with small_disk(16) as folder, files_on(folder):
        job = make_uploaded_job(anna, BIG)
        with no_room(folder):
            actions.read_job(job.pk)
            assert fresh(job).state == JobState.UNREADABLE
            assert (fresh(job).fault or {})["code"] == "storage_failed"
        actions.choose_options(fresh(job), actions.preview(fresh(job)).options, by=anna)
        actions.read_job(job.pk)

        assert fresh(job).state == JobState.READ
        assert fresh(job).rows == 60_002


SENTENCE = "The disk that keeps the files is full; an administrator must free some room."


@pytest.fixture
def looked_anew() -> Iterator[None]:
    looking.forget_storage()
    yield
    looking.forget_storage()


@pytest.mark.usefixtures("looked_anew")
@pytest.mark.django_db(transaction=True)
@pytest.mark.fault(34)
def test_a_check_without_room_says_so_and_goes_on_by_itself(as_anna: Any, anna: Any, sandbox: Any) -> None:
    with small_disk(24) as folder, files_on(folder):
        job = actions.begin_check(make_mapped_job(anna, make_connection(sandbox)), by=anna)
        before = left_in(folder)
        with no_room(folder):
            tasks.check_soon(job)
            assert fresh(job).state == JobState.CHECKING
            assert SENTENCE in as_anna.get(f"/imports/{job.uuid}/check/").content.decode()
            assert RowSlice.objects.filter(checked_version=fresh(job).check_version).count() == 0
        assert set(left_in(folder)) == set(before)
        looking.forget_storage()  # as the time goes by
        assert SENTENCE not in as_anna.get(f"/imports/{job.uuid}/check/").content.decode()
        while actions.check_next_piece() is not None:  # as the next bell does
            pass

        assert fresh(job).state == JobState.CHECKED
        assert totals(fresh(job)).pending == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault(34)
def test_a_check_that_cannot_be_closed_for_want_of_room_is_closed_later(anna: Any, sandbox: Any) -> None:
    with small_disk(4) as folder, files_on(folder):
        job = actions.begin_check(make_mapped_job(anna, make_connection(sandbox)), by=anna)
        assert actions.check_next_slices(job.pk, seconds=0.0)
        with no_room(folder), pytest.raises(OSError, match="No space left"):
            actions.close_check(job.pk)
        assert (fresh(job).state, job.batches.count()) == (JobState.CHECKING, 0)

        assert actions.close_check(job.pk)
        assert (fresh(job).state, job.batches.count()) == (JobState.CHECKED, 1)


def test_storages_are_asked_anew_when_settings_change(tmp_path: Path) -> None:
    """What the tests above stand on."""
    with files_on(tmp_path):
        assert storages["default"].location == str(tmp_path)  # type: ignore[attr-defined]


# --- the database ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault(34)
def test_an_upload_the_database_has_no_room_for_leaves_nothing(
    as_anna: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from imports.models import SourceFile

    def full(**_: Any) -> None:
        fault = OperationalError("no room")
        fault.__cause__ = Full()
        raise fault

    monkeypatch.setattr(SourceFile.objects, "create", full)
    with files_on(tmp_path):
        answer = as_anna.post("/imports/new/", {"file": SimpleUploadedFile("people.csv", CSV.encode())})

        assert answer.status_code == 422
        assert left_in(tmp_path) == []


class Full(Exception):
    sqlstate = "53100"


def one_of_each(house: House) -> list[int]:
    accounts = [house.account(name=name, deadline_seconds=30) for name in ("S", "X")]
    return [house.job(ROWS, unsafe=unsafe, account=accounts[unsafe]) for unsafe in (False, True)]


def comes_through(house: House, folder: Path, jobs: list[int]) -> None:
    """Answers come while the database has no room; when there is room they are written, once."""
    worker = house.worker(stops=[Stop("after_answer", "wait", times=2)])
    house.came_to("after_answer", times=2)
    with no_room(folder):
        house.let_go("after_answer")
        wait_until(lambda: len(list((house.folder / "spool").glob("*.answer"))) == 2, "both answers lie on the disk")

    house.until_quiet()

    assert [house.state(job) for job in jobs] == ["done", "done"]
    assert set(house.platform.people().values()) == {1}
    assert worker.alive
    assert judged(house) == []


@pytest.mark.postgres
@pytest.mark.fault(34)
def test_answers_wait_for_room_in_postgresql() -> None:
    database = OnOwnServer()
    with small_disk(24) as folder, database.on_disk(folder), House(database=database) as house:
        comes_through(house, folder, one_of_each(house))


@pytest.mark.fault(34)
def test_answers_wait_for_room_in_sqlite() -> None:
    with small_disk(8) as folder, House(database=OnFile(folder / "db.sqlite3")) as house:
        comes_through(house, folder, one_of_each(house))


# --- logs ---


@pytest.mark.fault(34)
def test_a_worker_whose_log_has_no_room_works_on(house: House) -> None:
    with small_disk(1) as folder:
        log = house.logs / f"worker{next(house._numbers) + 1}.log"
        log.symlink_to(folder / "log")
        worker = house.worker()
        with no_room(folder):
            assert house.broker is not None
            house.broker.restart()  # there is much to tell
            jobs = one_of_each(house)
            house.until_quiet()
        log.unlink()

    assert worker.alive
    assert [house.state(job) for job in jobs] == ["done", "done"]
    assert judged(house) == []
