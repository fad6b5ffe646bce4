"""Rows that are destroyed while somebody reads, downloads, sends or answers them: a clean end, nothing comes back."""

from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database
from django.urls import reverse

from imports import actions
from imports.actions.answers import keep_once
from imports.actions.clearing import clear_purged_jobs
from imports.altcraft import Answer, AnswerClass
from imports.models import Attempt, ImportJob
from imports.states import BatchState
from imports.vault import Sealed
from tests.factories import fresh, make_checked_job, make_done_job

pytestmark = pytest.mark.django_db(transaction=True)


def files_of(job: ImportJob) -> list[Path]:
    folder = Path(settings.DATA_DIR) / "files" / "jobs" / str(job.uuid)
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.fault(67)
def test_a_download_that_is_on_its_way_breaks_off_and_is_not_whole(as_anna: Any, anna: Any, account: Any) -> None:
    people = "".join(f"person{n}@example.com,P\n" for n in range(30))
    job = make_done_job(anna, account, f"E-mail,First name\n{people}")
    answer = as_anna.get(reverse("job_download", args=[job.uuid]), {"form": "csv"})
    actions.destroy_by_hand(fresh(job), by=None, reason="now")

    with pytest.raises((FileNotFoundError, Sealed)):  # the server cuts the connection: no browser takes it for whole
        b"".join(answer.streaming_content)

    assert files_of(job) == []


@pytest.mark.fault(67)
def test_a_page_and_a_file_asked_for_afterwards_say_that_they_are_gone(as_anna: Any, anna: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    wish = {"only": "", "form": "xlsx"}
    file = actions.ask_for_file(job, **wish, by=anna)
    actions.prepare_files(job.pk)
    actions.destroy_by_hand(fresh(job), by=None, reason="now")

    for name, numbers in (("job_download", []), ("job_prepared", [file.pk]), ("job_check", []), ("job_row", [2])):
        assert as_anna.get(reverse(name, args=[job.uuid, *numbers])).status_code == 410, name


@pytest.mark.fault(67)
def test_sending_and_destroying_at_once_end_in_one_of_them(anna: Any, account: Any) -> None:
    for _round in range(5):
        job, both = make_checked_job(anna, account), Barrier(2)
        ends: list[str] = []

        def take(what: Any, both: Barrier = both, ends: list[str] = ends) -> None:
            try:
                both.wait()
                what()
                ends.append(what.__name__)
            except actions.Refused as refused:
                ends.append(refused.code)
            finally:
                database.close()

        def send(job: ImportJob = job) -> None:
            actions.start_job(job, by=anna)

        def destroy(job: ImportJob = job) -> None:
            actions.destroy_by_hand(ImportJob.objects.get(pk=job.pk), by=None, reason="now")

        threads = [Thread(target=take, args=[what]) for what in (send, destroy)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        now = fresh(job)
        assert (now.purged_at is None) == ("send" in ends), ends
        assert now.state == ("cancelled" if now.purged_at else "sending"), ends
        assert len({"send", "destroy"} & set(ends)) == 1, ends


@pytest.mark.fault(67)
def test_an_answer_that_comes_after_the_rows_went_leaves_nothing(anna: Any, account: Any, sandbox: Any) -> None:
    sandbox.desk.change({"drop": "after", "times": 1})
    job = make_done_job(anna, account, skip_triggers=False)
    batch = job.batches.get(state=BatchState.UNKNOWN)
    attempt = batch.attempt
    batch.job = fresh(job)
    claim = actions.Claim(batch.job, batch, attempt)
    _ = batch.job.vault  # a worker had it open before
    actions.decide(batch, "close", by=anna)
    actions.destroy_by_hand(fresh(job), by=None, reason="now")

    rows = tuple((1011, "kamila@example.com is refused", "") for _ in range(batch.rows))
    Attempt.objects.filter(pk=attempt.pk).update(state="on_wire", reason="")
    keep_once(claim, Answer(kind=AnswerClass.ANSWERED, rows=rows, raw=b"kamila@example.com"))
    clear_purged_jobs()

    assert bytes(Attempt.objects.get(pk=attempt.pk).sealed_answer) == b""
    assert not any(bytes(sealed) for sealed in job.batches.values_list("sealed_outcomes", flat=True))
    assert files_of(job) == [] and fresh(job).purged_at is not None
