"""A shared storage that falls silent: nothing is lost or sent half, and work goes on by itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from dashboard.environment import storage
from dashboard.presenting.storage import FAULTS
from imports import actions, tasks
from imports.actions import filereading, sending, verdicts
from imports.models import ImportJob, RowSlice
from imports.results import totals
from imports.states import BatchState, JobState
from imports.storage import looking, ranges, shared
from tests.factories import CSV, fresh, make_connection, make_mapped_job, make_sending_job, make_uploaded_job
from tests.faults.clock import HandClock
from tests.faulty_server import FaultyServer
from tests.platforms import account, drained, takes_all
from tests.s3 import S3Server, s3_server

Platform = Callable[..., FaultyServer]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as found:
        yield found


class SharedFiles:
    """Every file lies in the shared storage; only its silence is met with haste: no busy machine looks silent."""

    def __init__(self, server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self._server, self._monkeypatch = server, monkeypatch

    def used(self) -> AbstractContextManager[None]:
        return override_settings(STORAGES=settings.STORAGES | {"default": storage(self._server.url)})

    @contextmanager
    def silent(self) -> Iterator[None]:
        with self._monkeypatch.context() as hasty, self._server.silent():
            hasty.setattr(shared, "TRIES", 1)
            hasty.setattr(shared, "READ_SECONDS", 0.3)
            hasty.setattr(ranges, "TRIES", 1)
            with self.used():
                yield


@pytest.fixture
def shared_files(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[SharedFiles]:
    files = SharedFiles(server, monkeypatch)
    looking.forget_storage()
    with files.used():
        yield files
    looking.forget_storage()


def test_an_import_goes_its_way_through_shared_storage(
    shared_files: SharedFiles, anna: Any, platform: Platform
) -> None:
    job = drained(make_sending_job(anna, account(platform(takes_all).url), CSV, database_id=1))

    assert (job.state, totals(job).accepted) == (JobState.DONE, 2)


@pytest.mark.fault(71)
def test_a_batch_that_cannot_be_fetched_waits_and_costs_no_try(
    shared_files: SharedFiles, anna: Any, platform: Platform, clock: HandClock
) -> None:
    at = platform(takes_all)
    job = make_sending_job(anna, account(at.url), CSV, database_id=1)
    sending._recent_texts.cache_clear()

    with shared_files.silent():
        for _ in range(verdicts.MOST_FAULTS + 1):
            actions.send_next_batch(job.connection_id)
            clock.sleep(verdicts.CAP_SECONDS)

    batch = job.batches.get()
    attempts = batch.attempts.all()
    assert {attempt.reason for attempt in attempts} == {"storage_away"}
    assert (batch.state, batch.tries, len(attempts)) == (BatchState.READY, 0, verdicts.MOST_FAULTS + 1)
    assert at.requests == []
    job = drained(job)
    assert (job.state, totals(job).accepted, len(at.requests)) == (JobState.DONE, 2, 1)


@pytest.mark.fault(71)
def test_a_file_is_read_when_the_storage_is_back(shared_files: SharedFiles, anna: Any) -> None:
    job = make_uploaded_job(anna)

    with shared_files.silent():
        for _ in range(filereading.MOST_TRIES + 1):
            actions.read_job(job.pk)
            assert fresh(job).state == JobState.READING
            ImportJob.objects.filter(pk=job.pk).update(read_lease_until=None)  # its rest is over

    assert ("read", job.pk) in actions.reconcile()
    actions.read_job(job.pk)
    assert (fresh(job).state, fresh(job).rows) == (JobState.READ, 2)


@pytest.mark.fault(71)
def test_a_check_goes_on_when_the_storage_is_back(shared_files: SharedFiles, anna: Any, sandbox: Any) -> None:
    job = actions.begin_check(make_mapped_job(anna, make_connection(sandbox)), by=anna)

    with shared_files.silent():
        tasks.check_soon(job)
    assert fresh(job).state == JobState.CHECKING
    assert not RowSlice.objects.filter(job=job, lease_until__isnull=False).exists()

    assert ("check", job.pk) in actions.reconcile()
    actions.drain(job.pk)
    assert fresh(job).state == JobState.CHECKED


@pytest.mark.fault(71)
def test_an_upload_into_silence_says_so_and_leaves_nothing(shared_files: SharedFiles, as_anna: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    with shared_files.silent():
        answer = as_anna.post(reverse("job_new"), {"file": SimpleUploadedFile("people.csv", CSV.encode())})

    assert "The storage of files does not answer; nothing was kept." in answer.content.decode()
    assert not ImportJob.objects.exists()


@pytest.mark.fault(71)
def test_a_file_for_a_message_into_silence_is_refused_in_words(shared_files: SharedFiles, anna: Any) -> None:
    with shared_files.silent(), pytest.raises(actions.Refused, match="storage_not_there"):
        actions.shelve([b"x"], name="offer.pdf", mimetype="application/pdf", connection=None, by=anna)


def test_pages_that_wait_for_work_say_that_the_storage_is_away(
    shared_files: SharedFiles, as_anna: Any, anna: Any
) -> None:
    job = make_uploaded_job(anna)
    page = reverse("job_file", args=[job.uuid])

    with shared_files.silent():
        told = as_anna.get(page).content.decode()
        assert str(FAULTS[looking.AWAY]) in told
        assert "work starts by itself when it is back" in told
    looking.forget_storage()
    assert str(FAULTS[looking.AWAY]) not in as_anna.get(page).content.decode()


def test_a_bucket_that_is_not_there_is_for_an_administrator(server: S3Server, as_anna: Any, anna: Any) -> None:
    job = make_uploaded_job(anna)
    looking.forget_storage()

    with override_settings(STORAGES=settings.STORAGES | {"default": storage(f"{server.url}-of-others")}):
        told = as_anna.get(reverse("job_file", args=[job.uuid])).content.decode()
        assert looking.storage_trouble() == looking.REFUSES
    looking.forget_storage()

    assert str(FAULTS[looking.REFUSES]) in told
