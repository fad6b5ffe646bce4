"""Pages while Redis refuses, hangs, is full, locked or loading: what a person did is kept, and work starts later."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from kombu import pools

from imports import bells, tasks
from imports.models import ImportJob
from imports.states import BatchState, JobState
from tests.factories import CSV, fresh, make_checked_job, make_connection, make_uploaded_job
from tests.faults.services import PrivateRedis, TcpProxy

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]


@contextmanager
def queue_at(url: str) -> Iterator[None]:
    """This process rings there, and knows nothing about the queue before and afterwards."""
    from dashboard.celery import app

    before = app.conf.broker_url

    def point(at: str) -> None:
        app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = at
        pools.reset()
        app._pool = app.amqp._producer_pool = None
        bells.forget_queue()

    point(url)
    try:
        yield
    finally:
        point(before)


@pytest.fixture
def broker() -> Iterator[PrivateRedis]:
    server = PrivateRedis()
    with queue_at(server.url):
        yield server
    server.remove()


@contextmanager
def refused(broker: PrivateRedis) -> Iterator[None]:
    broker.kill()
    yield
    broker.start()


@contextmanager
def frozen(broker: PrivateRedis) -> Iterator[None]:
    broker.freeze()
    yield
    broker.thaw()


@contextmanager
def full(broker: PrivateRedis) -> Iterator[None]:
    broker.fill()
    yield
    broker.make_room()


@contextmanager
def locked(broker: PrivateRedis) -> Iterator[None]:
    broker.lock_with("another password")
    yield
    broker.unlock()


@contextmanager
def loading(broker: PrivateRedis) -> Iterator[None]:
    with broker.loading():
        yield


Ail = Callable[[PrivateRedis], Any]
EVERY = [
    pytest.param(refused, bells.SILENT, marks=pytest.mark.fault(20), id="refused"),
    pytest.param(frozen, bells.SILENT, marks=pytest.mark.fault(21), id="hung"),
    pytest.param(full, bells.FULL, marks=pytest.mark.fault(22), id="full"),
    pytest.param(locked, bells.LOCKED, marks=pytest.mark.fault(22), id="locked"),
    pytest.param(loading, bells.LOADING, marks=pytest.mark.fault(22), id="loading"),
]


def upload(browser: Any, text: str = CSV) -> Any:
    return browser.post("/imports/new/", {"file": SimpleUploadedFile("people.csv", text.encode())})


def work_like_a_worker(broker: PrivateRedis) -> list[str]:
    """Take the bells that lie there, as a worker would; the names of the tasks but for the hourly purge."""
    from dashboard.celery import app

    done = []
    with broker.client() as client:
        while bell := client.rpop("imports:check") or client.rpop("imports:send"):
            message = json.loads(bell)
            done.append(message["headers"]["task"])
            app.tasks[done[-1]](*json.loads(base64.b64decode(message["body"]))[0])
    return [name for name in done if name != "imports.tasks.purge"]


@pytest.mark.fault(20, 21, 22)
@pytest.mark.parametrize(("ail", "trouble"), EVERY)
def test_an_upload_is_kept_while_the_queue_ails_and_read_after_its_return(
    as_anna: Any, broker: PrivateRedis, monkeypatch: pytest.MonkeyPatch, ail: Ail, trouble: str
) -> None:
    monkeypatch.setattr(tasks, "INLINE_BYTES", 0)  # a bell has to be rung

    with ail(broker):
        answer = upload(as_anna)  # it comes back: a broker that is silent for ever keeps nobody
        assert bells.queue_trouble() == trouble
    bells.forget_queue()
    job = ImportJob.objects.get()

    assert answer.status_code == 302
    assert job.state == JobState.UPLOADED
    tasks.sweep()
    assert work_like_a_worker(broker) == ["imports.tasks.read_job"]
    assert fresh(job).state == JobState.READ


@pytest.mark.parametrize(("ail", "trouble"), EVERY)
def test_send_is_kept_while_the_queue_ails_and_starts_after_its_return(
    as_anna: Any, anna: Any, sandbox: Any, broker: PrivateRedis, ail: Ail, trouble: str
) -> None:
    job = make_checked_job(anna, make_connection(sandbox, profiles_per_request=1))

    with ail(broker):
        answer = as_anna.post(f"/imports/{job.uuid}/start/", {"check": str(job.check_version)})
    bells.forget_queue()

    assert answer.status_code == 302
    assert fresh(job).state == JobState.SENDING
    assert set(job.batches.values_list("state", flat=True)) == {BatchState.READY}
    tasks.sweep()
    assert work_like_a_worker(broker)[0] == "imports.tasks.send_batches"
    assert fresh(job).state == JobState.DONE


@pytest.mark.fault(21)
def test_a_hung_queue_is_waited_for_once_however_many_bells_there_are(
    anna: Any, broker: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bells a check and one a request: each would take its time-out from the same person."""
    jobs = [make_uploaded_job(anna, name=f"{number}.csv") for number in range(3)]
    with TcpProxy(broker.port) as road, queue_at(f"redis://127.0.0.1:{road.port}/0"):
        road.behave("drop")
        for job in jobs:
            tasks.ring_check(job.pk)
        assert road.connections == 1
    assert bells.LONGEST_RING <= 1


@pytest.mark.fault(21)
def test_the_queue_is_asked_again_a_moment_later(
    anna: Any, broker: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_uploaded_job(anna)
    broker.kill()
    assert not bells.ring_now(tasks.read_job, job.pk)
    broker.start()
    assert not bells.ring_now(tasks.read_job, job.pk)
    monkeypatch.setattr(bells, "LEAVE_ALONE_SECONDS", 0)
    assert bells.ring_now(tasks.read_job, job.pk)
    assert bells.queue_trouble() == ""


def test_a_page_that_asks_again_and_again_looks_once(broker: PrivateRedis) -> None:
    with TcpProxy(broker.port) as road, queue_at(f"redis://127.0.0.1:{road.port}/0"):
        assert [bells.queue_trouble() for _ in range(5)] == [""] * 5
        assert road.connections == 1


def test_a_look_at_a_queue_that_hangs_is_short(broker: PrivateRedis) -> None:
    assert bells.LONGEST_LOOK <= 1
    with TcpProxy(broker.port) as road, queue_at(f"redis://127.0.0.1:{road.port}/0"):
        road.behave("drop")
        assert bells.queue_trouble() == bells.SILENT
        assert road.connections == 1
