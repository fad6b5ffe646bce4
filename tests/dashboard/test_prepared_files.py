"""Large downloads: prepared once by a worker, sealed, with progress told, there for a day, never for auditors."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from imports import actions, tasks
from imports.actions import preparedfiles
from imports.models import HistoryEvent, ImportJob, PreparedFile
from tests.factories import CSV, fresh, make_connection, make_done_job, make_sending_job
from tests.faults.clock import HandClock, by_hand

pytestmark = pytest.mark.django_db
WISH = {"only": "", "form": "xlsx"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    return by_hand(monkeypatch)


@pytest.fixture
def job(anna: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> ImportJob:
    """A finished import of which every workbook counts as large."""
    monkeypatch.setattr(preparedfiles, "AT_ONCE", 1)
    return make_done_job(anna, make_connection(sandbox), CSV)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Jobs whose bell for files was rung."""
    found: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda task, number: found.append(number))
    return found


def address(job: ImportJob, name: str = "job_prepare") -> str:
    return reverse(name, args=[job.uuid])


def asked(browser: Any, job: ImportJob, **wish: str) -> Any:
    return browser.post(address(job), WISH | wish, follow=True).content.decode()


def prepared(job: ImportJob, by: Any, **wish: str) -> PreparedFile:
    file = actions.ask_for_file(job, **(WISH | wish), by=by)
    actions.prepare_files(job.pk)
    file.refresh_from_db()
    return file


def taken(browser: Any, file: PreparedFile) -> bytes:
    answer = browser.get(reverse("job_prepared", args=[file.job.uuid, file.pk]))
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    return content


def lines_of(content: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


# --- at once or not ---


def test_a_large_workbook_is_offered_to_be_prepared(as_anna: Any, job: ImportJob) -> None:
    answer = as_anna.get(address(job, "job_download"), WISH)

    assert answer["Location"] == f"{address(job)}?only=&form=xlsx"
    page = as_anna.get(answer["Location"]).content.decode()
    assert "Prepare the workbook" in page
    assert not PreparedFile.objects.exists()
    assert not HistoryEvent.objects.filter(verb="rows_downloaded").exists()


def test_csv_and_small_workbooks_come_at_once(as_anna: Any, job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    assert as_anna.get(address(job, "job_download"), {"form": "csv"}).status_code == 200
    monkeypatch.setattr(preparedfiles, "AT_ONCE", 2)
    assert as_anna.get(address(job, "job_download"), WISH).status_code == 200


def test_problem_rows_are_counted_alone(job: ImportJob) -> None:
    assert actions.is_made_at_once(job, only="problems", form="xlsx")


# --- asked, prepared, downloaded ---


def test_two_clicks_are_one_preparation(as_anna: Any, as_boris: Any, job: ImportJob, rung: list[int]) -> None:
    first, second = asked(as_anna, job), asked(as_boris, job)

    assert "0 of 2 rows written" in first
    assert "0 of 2 rows written" in second
    assert PreparedFile.objects.count() == 1
    assert rung == [job.pk, job.pk]
    (event,) = HistoryEvent.objects.filter(verb="download_asked")
    assert (event.actor_name, event.details) == ("anna", {"what": "all", "rows": 2})


def test_what_was_prepared_is_downloaded_and_recorded(as_boris: Any, boris: Any, anna: Any, job: ImportJob) -> None:
    file = prepared(job, anna)

    page = as_boris.get(address(job), WISH).content.decode()
    assert reverse("job_prepared", args=[job.uuid, file.pk]) in page
    assert "data-poll" not in page.partition('id="preparing"')[2].partition(">")[0]
    lines = lines_of(taken(as_boris, file))

    assert [line[:3] for line in lines] == [
        ["E-mail", "First name", "Phone"],
        ["kamila@example.com", "Kamila", "+79000000001"],
        ["daria@example.org", "Daria", "+79000000002"],
    ]
    event = HistoryEvent.objects.newest_first().first()
    assert event is not None
    assert (event.verb, event.actor_id, event.details) == ("rows_downloaded", boris.pk, {"what": "all", "rows": 2})


def test_it_lies_sealed_in_the_vault_of_the_job(anna: Any, job: ImportJob) -> None:
    file = prepared(job, anna)

    with default_storage.open(f"jobs/{job.uuid}/{file.object_name}") as stored:
        content = stored.read()
    assert b"PK" not in content[:2]
    assert b"kamila" not in content


def test_the_page_polls_while_it_is_being_written(as_anna: Any, anna: Any, job: ImportJob) -> None:
    file = actions.ask_for_file(job, **WISH, by=anna)
    PreparedFile.objects.filter(pk=file.pk).update(written=1)

    live = as_anna.get(address(job), WISH, headers={"HX-Request": "true"}).content.decode()

    assert "1 of 2 rows written" in live
    assert "data-poll" in live
    assert "<html" not in live
    assert '<noscript><meta http-equiv="refresh"' in as_anna.get(address(job), WISH).content.decode()


def test_a_job_without_rows_and_a_wish_nobody_offers(as_anna: Any, job: ImportJob) -> None:
    for page in ("job_prepare", "job_download"):
        assert as_anna.get(address(job, page), {"form": "exe"}).status_code == 400
    assert as_anna.post(address(job), {"only": "everything"}).status_code == 400
    ImportJob.objects.filter(pk=job.pk).update(rows=0)
    assert as_anna.get(address(job), WISH)["Location"] == address(job, "job")


def test_an_auditor_can_neither_ask_nor_download(as_vera: Any, anna: Any, job: ImportJob) -> None:
    file = prepared(job, anna)

    assert as_vera.get(address(job), WISH).status_code == 403
    assert as_vera.post(address(job), WISH).status_code == 403
    assert as_vera.get(reverse("job_prepared", args=[job.uuid, file.pk])).status_code == 403


def test_a_file_of_another_import_is_not_found(as_anna: Any, anna: Any, job: ImportJob, sandbox: Any) -> None:
    file = prepared(job, anna)
    other = make_done_job(anna, job.connection, CSV)

    assert as_anna.get(reverse("job_prepared", args=[other.uuid, file.pk])).status_code == 404


# --- as time goes by ---


def test_after_a_day_it_is_gone(as_anna: Any, anna: Any, job: ImportJob, clock: HandClock) -> None:
    file = prepared(job, anna)
    clock.sleep(timedelta(hours=24, minutes=1).total_seconds())
    as_anna.force_login(anna)

    answer = as_anna.get(reverse("job_prepared", args=[job.uuid, file.pk]), follow=True)
    assert "kept for a day" in answer.content.decode()
    actions.reconcile()

    assert not PreparedFile.objects.exists()
    assert not default_storage.exists(f"jobs/{job.uuid}/{file.object_name}")


def test_one_that_was_made_before_the_import_moved_on_is_made_anew(as_anna: Any, anna: Any, job: ImportJob) -> None:
    old = prepared(job, anna)
    ImportJob.objects.filter(pk=job.pk).update(state_changed_at=timezone.now() + timedelta(seconds=1))

    assert "Prepare it anew" in as_anna.get(address(job), WISH).content.decode()
    new = actions.ask_for_file(fresh(job), **WISH, by=anna)

    assert (new.pk, new.ready_at) != (old.pk, old.ready_at)
    assert not default_storage.exists(f"jobs/{job.uuid}/{old.object_name}")


def test_of_an_import_under_way_a_file_is_new_for_a_minute(anna: Any, sandbox: Any, clock: HandClock) -> None:
    file = prepared(make_sending_job(anna, make_connection(sandbox)), anna)

    assert not actions.is_outdated(file)
    clock.sleep(61)
    assert actions.is_outdated(file)


# --- workers that die ---


def test_a_file_whose_worker_died_is_taken_up_by_another(anna: Any, job: ImportJob, clock: HandClock) -> None:
    file = actions.ask_for_file(job, **WISH, by=anna)
    assert ("prepare", job.pk) in actions.reconcile()
    assert preparedfiles._claim(job.pk) is not None  # and dies

    assert ("prepare", job.pk) not in actions.reconcile()
    assert actions.prepare_files(job.pk) == 0
    clock.sleep(61)
    assert ("prepare", job.pk) in actions.reconcile()
    assert actions.prepare_files(job.pk) == 1

    file.refresh_from_db()
    assert (file.tries, file.ready_at is not None, file.written) == (2, True, 2)


def test_a_worker_that_was_too_slow_leaves_nothing(anna: Any, job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    file = actions.ask_for_file(job, **WISH, by=anna)
    whole = preparedfiles.file_pieces

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        yield from whole(*args, **kwargs)
        PreparedFile.objects.filter(pk=file.pk).update(tries=2)

    monkeypatch.setattr(preparedfiles, "file_pieces", overtaken)
    actions.prepare_files(job.pk)

    file.refresh_from_db()
    assert file.ready_at is None
    assert not default_storage.exists(f"jobs/{job.uuid}/downloads/{file.pk}/1")


def test_one_that_kills_its_workers_is_given_up_with_words(
    as_anna: Any, anna: Any, job: ImportJob, clock: HandClock
) -> None:
    actions.ask_for_file(job, **WISH, by=anna)
    for _ in range(preparedfiles.MOST_TRIES):
        assert preparedfiles._claim(job.pk) is not None
        clock.sleep(61)

    assert actions.prepare_files(job.pk) == 0
    assert "it was given up" in as_anna.get(address(job), WISH).content.decode()
    assert ("prepare", job.pk) not in actions.reconcile()
    assert actions.ask_for_file(job, **WISH, by=anna).tries == 0  # asked again, it is begun again


def test_a_fault_of_ours_is_told_and_one_of_the_storage_waited_out(
    as_anna: Any, anna: Any, job: ImportJob, monkeypatch: pytest.MonkeyPatch, clock: HandClock
) -> None:
    def fails(fault: Exception) -> None:
        def pieces(*_: Any, **__: Any) -> Any:
            raise fault

        monkeypatch.setattr(preparedfiles, "file_pieces", pieces)

    file = actions.ask_for_file(job, **WISH, by=anna)
    fails(OSError("no room"))
    actions.prepare_files(job.pk)
    file.refresh_from_db()
    assert (file.fault, file.ready_at) == ("", None)

    clock.sleep(61)
    fails(ValueError("a bug"))
    actions.prepare_files(job.pk)
    assert "because of a fault of ours" in as_anna.get(address(job), WISH).content.decode()
