"""Answers without end, without bounds or without haste: a call keeps its deadline, its memory and its turn."""

import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from imports import actions
from imports.models import Attempt, Connection, ImportJob
from imports.results import totals
from imports.states import JobState
from tests.faults.clock import HandClock
from tests.faults.ledger import Book, violations
from tests.faults.trials import S_AND_X, account, begun, begun_on, ended, people
from tests.faulty_server import Behaviour, FaultyServer, Peer, never_reads, says, takes_silently
from tests.platforms import takes_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]

Platform = Callable[..., FaultyServer]
DEADLINE = 2  # of the first call alone; the drips go on for ever, so that ending at all shows that it was kept
MEMORY = 30_000_000
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def check(job: ImportJob, caplog: pytest.LogCaptureFixture) -> None:
    """What the raw server knows is who was there, not who was taken; only the bookkeeping is judged."""
    times = dict.fromkeys(people(100), 1)
    book = Book(lambda person: times.get(person, 0), [])
    told = [one for one in violations(job, book, logged=caplog.text) if not one.startswith("I3")]
    assert told == []


def unhurried(job: ImportJob) -> None:
    """The calls after the first back-off have all the time a busy machine may take."""
    Connection.objects.filter(pk=job.connection_id).update(deadline_seconds=120)


# --- time ---

DRIPS = {
    "dripping body": says(OK + b"Content-Length: 500\r\n\r\n", forever=b" ", every=0.02),
    "dripping endless body": says(OK + b"\r\n", forever=b" ", every=0.02),
    "dripping headers": says(OK + b"X-Slow: ", forever=b"x", every=0.02),
    "endless 100": says(forever=b"HTTP/1.1 100 Continue\r\n\r\n", every=0.02),
    "silence": takes_silently,
}


@pytest.mark.fault(52)
@pytest.mark.parametrize("drip", DRIPS.values(), ids=list(DRIPS))
@pytest.mark.parametrize(**S_AND_X)
def test_a_call_ends_at_its_deadline_and_its_batch_as_its_kind_asks(
    anna: Any, platform: Platform, clock: HandClock, caplog: pytest.LogCaptureFixture, drip: Behaviour, safe: bool
) -> None:
    server = platform(drip, takes_all)

    job = begun(anna, server.url, safe=safe, deadline=DEADLINE)
    clock.at(minutes=0, then=lambda: unhurried(job))

    job = ended(job, clock)

    first = Attempt.objects.order_by("pk")[0]
    assert (first.kind, first.reason) == ("no_answer", "deadline")
    assert job.state == (JobState.DONE if safe else JobState.NEEDS_DECISION)
    assert len(server.requests) == (2 if safe else 1)
    check(job, caplog)


@pytest.mark.fault(52)
@pytest.mark.parametrize(**S_AND_X)
def test_a_peer_that_reads_nothing_is_left_at_the_deadline(
    anna: Any, platform: Platform, clock: HandClock, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    server = platform(never_reads, takes_all)
    job = heavy_job(anna, account(server.url, deadline=DEADLINE), safe=safe)
    clock.at(minutes=0, then=lambda: unhurried(job))

    job = ended(job, clock)

    first = Attempt.objects.order_by("pk")[0]
    assert (first.kind, first.reason) == ("no_answer", "deadline")
    assert job.state == (JobState.DONE if safe else JobState.NEEDS_DECISION)
    check(job, caplog)


def heavy_job(by: Any, connection: Any, *, safe: bool) -> ImportJob:
    """A few rows whose request is larger than what two sockets hold between them."""
    from tests.factories import make_sending_job

    text = "E-mail,First name\n" + "".join(f"{person},{'x' * 30_000}\n" for person in people(270))
    return make_sending_job(by, connection, text, database_id=1, skip_triggers=safe)


# --- memory ---


def packed(size: int) -> bytes:
    """So many spaces, packed a thousand to one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()


def says_packed(head: bytes, size: int) -> Behaviour:
    """Packed when it is asked for: it takes a second, and each process of the tests reads this file."""
    return lambda peer: says(head + packed(size))(peer)


HUGE = {
    "400 MB": says(OK + b"Content-Length: 400000000\r\n\r\n", forever=b" " * 65_536),
    "endless": says(OK + b"\r\n", forever=b" " * 65_536),
    "gzip bomb": says_packed(OK + b"Content-Encoding: gzip\r\n\r\n", 400_000_000),
    "packed chunks": says_packed(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 50_000_000),
    "too short": says(OK + b'Content-Length: 12\r\n\r\n{"error":0,"error_text":"","result":[]}'),
    "too long": says(OK + b'Content-Length: 900\r\n\r\n{"error":0,"error_text":"","result":[]}'),
    "two lengths": says(OK + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}"),
}


@contextmanager
def measured() -> Iterator[list[int]]:
    """The most bytes Python held at once beyond what it held before, put into the list at the end."""
    found: list[int] = []
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    yield found
    found.append(tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()


@pytest.mark.fault(53)
@pytest.mark.parametrize("answer", HUGE.values(), ids=list(HUGE))
def test_a_hostile_answer_is_refused_within_thirty_megabytes(
    anna: Any, platform: Platform, clock: HandClock, caplog: pytest.LogCaptureFixture, answer: Behaviour
) -> None:
    server = platform(answer)
    job = begun(anna, server.url, safe=False)

    with measured() as most:
        job = ended(job, clock)

    assert most[0] < MEMORY
    assert (job.state, totals(job).unknown) == (JobState.NEEDS_DECISION, 4)
    assert len(server.requests) == 1
    check(job, caplog)


# --- kept connections ---


def keeps_and_closes(peer: Peer) -> None:
    """Answer as documented, promise to keep the connection, and close it at once."""
    takes_all_kept(peer)


def takes_all_kept(peer: Peer) -> bool:
    sent = peer.send
    peer.send = lambda answer: sent(answer.replace(b"Connection: close", b"Connection: keep-alive"))  # type: ignore[method-assign]
    takes_all(peer)
    return True


@pytest.mark.fault(54)
@pytest.mark.parametrize("behaviour", [keeps_and_closes, takes_all_kept], ids=["closes it", "keeps it"])
@pytest.mark.parametrize(**S_AND_X)
def test_a_kept_connection_that_was_closed_makes_nothing_unknown(
    anna: Any, platform: Platform, clock: HandClock, caplog: pytest.LogCaptureFixture, behaviour: Any, safe: bool
) -> None:
    server = platform(behaviour)

    job = ended(begun(anna, server.url, safe=safe, profiles_per_request=1), clock)

    assert (job.state, totals(job).accepted, totals(job).unknown) == (JobState.DONE, 4, 0)
    assert len(server.requests) == 4
    assert safe or len(server.connections) == 4
    check(job, caplog)


# --- haste ---


class Slow:
    """A platform that answers when it is told to; `inside` is released once a request has come in."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.most = self.now = 0
        self._lock = threading.Lock()

    def __call__(self, peer: Peer) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.inside.release()
        self.go.acquire(timeout=120)
        with self._lock:
            self.now -= 1
        takes_all(peer)


@pytest.mark.fault(58)
def test_a_slow_platform_sees_the_allowed_calls_at_once_jobs_take_turns_and_pages_live(
    as_anna: Any, anna: Any, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    slow = Slow()
    server = platform(slow)
    long = begun(anna, server.url, rows=20, profiles_per_request=1, parallel=2)
    short = begun_on(anna, long.connection, people(4, start=50))
    workers = [threading.Thread(target=worker, args=(long.connection_id, 6)) for _ in range(2)]
    for one in workers:
        one.start()

    for _ in range(2):
        assert slow.inside.acquire(timeout=120)
    page = as_anna.get(reverse("job_sending", args=[long.uuid]))
    slow.go.release(24)
    for one in workers:
        one.join(120)

    assert page.status_code == 200
    assert slow.most == 2
    assert totals(short).accepted == 4
    assert totals(long).accepted == 8
    check(long, caplog)


def worker(connection_id: int, batches: int) -> None:
    """Send so many batches as a worker's thread does."""
    try:
        sent = 0
        while sent < batches:
            sent += isinstance(actions.send_next_batch(connection_id), actions.Claim)
    finally:
        connections.close_all()
