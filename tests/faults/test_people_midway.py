"""People who stop it, lose their rights, or change the token while it is under way; and clocks that are wrong."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db import connections
from django.urls import reverse

from imports import actions
from imports.actions.answers import keep_answer
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.altcraft import Answer, AnswerClass
from imports.models import Attempt, Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection, make_job, make_sending_job, make_uploaded_job
from tests.faults.clock import HandClock
from tests.faults.ledger import book_of, violations
from tests.faults.trials import S_AND_X, begun, ended, people, table
from tests.faulty_server import FaultyServer, Peer
from tests.platforms import takes_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]

SIX = table(people(6))


# --- cancelled at each step ---


def uploaded(by: Any, sandbox: Any) -> ImportJob:
    return make_uploaded_job(by, SIX)


def reading(by: Any, sandbox: Any) -> ImportJob:
    job = make_uploaded_job(by, SIX)
    ImportJob.objects.move(job.pk, JobState.UPLOADED, JobState.READING)
    return job


def unreadable(by: Any, sandbox: Any) -> ImportJob:
    job = make_uploaded_job(by, "\x00\x01\x02\x03" * 50)
    actions.read_job(job.pk)
    return job


def read(by: Any, sandbox: Any) -> ImportJob:
    return make_job(by, SIX)


def checking(by: Any, sandbox: Any) -> ImportJob:
    job = make_checked_job(by, account(sandbox), SIX)
    return actions.begin_check(job, by=by)


def checked(by: Any, sandbox: Any) -> ImportJob:
    return make_checked_job(by, account(sandbox), SIX)


def sending(by: Any, sandbox: Any) -> ImportJob:
    return make_sending_job(by, account(sandbox), SIX)


def half_sent(by: Any, sandbox: Any) -> ImportJob:
    job = sending(by, sandbox)
    actions.send_next_batch(job.connection_id)
    return job


def claimed(by: Any, sandbox: Any) -> ImportJob:
    job = half_sent(by, sandbox)
    claim_batch(job.connection_id)
    return job


def held(by: Any, sandbox: Any) -> ImportJob:
    job = sending(by, sandbox)
    sandbox.desk.change({"path": "import_batch", "error": 401, "times": 1})
    actions.send_next_batch(job.connection_id)
    return job


def paused(by: Any, sandbox: Any) -> ImportJob:
    return actions.pause_job(half_sent(by, sandbox), by=by)


def account(sandbox: Any) -> Connection:
    return make_connection(sandbox, profiles_per_request=2)


STEPS = [uploaded, reading, unreadable, read, checking, checked, sending, half_sent, claimed, held, paused]


@pytest.mark.fault(61)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_cancelled_at_any_step_nothing_more_goes_out_and_the_sum_closes(
    anna: Any, sandbox: Any, caplog: Any, step: Callable[..., ImportJob]
) -> None:
    job = fresh(step(anna, sandbox))
    gone_out = len(sandbox.platform.deliveries)

    actions.cancel_job(job, by=anna)
    go_on_regardless(job)

    sums = totals(fresh(job))
    assert fresh(job).state == JobState.CANCELLED
    assert len(sandbox.platform.deliveries) == gone_out
    assert (sums.closes, sums.pending, sums.unknown) == (True, 0, 0)
    assert sums.not_sent + sums.accepted == sums.rows
    if fresh(job).destination_plain:
        assert violations(job, book_of(sandbox), logged=caplog.text) == []


def go_on_regardless(job: ImportJob) -> None:
    """What workers and the sweep would try to do with it next, and late."""
    Attempt.objects.update(worker="elsewhere:1:1")
    actions.read_job(job.pk)
    actions.settle_dates(job.pk)
    actions.check_next_slices(job.pk, seconds=5)
    actions.close_check(job.pk)
    if job.connection_id:
        actions.send_next_batch(job.connection_id)
    for batch in fresh(job).batches.filter(state=BatchState.SENDING):
        claim = Claim(fresh(job), batch, batch.attempt)
        assert not mark_on_wire(claim, body_sha256="")
        keep_answer(claim, Answer(kind=AnswerClass.NOT_SENT, reason="not_allowed_now"))
    actions.reconcile()


class Held:
    """A platform that answers when it is told to."""

    def __init__(self) -> None:
        self.inside, self.go = threading.Event(), threading.Event()

    def __call__(self, peer: Peer) -> None:
        peer.receive()  # connected is not yet on the wire
        self.inside.set()
        self.go.wait(120)
        takes_all(peer)


@pytest.mark.fault(61)
@pytest.mark.parametrize(**S_AND_X)
def test_a_call_that_runs_at_the_cancel_ends_by_its_answer(
    anna: Any, platform: Callable[..., FaultyServer], safe: bool
) -> None:
    slow = Held()
    server = platform(slow)
    job = begun(anna, server.url, safe=safe, profiles_per_request=1)
    worker = threading.Thread(target=send_one, args=(job.connection_id,))
    worker.start()
    assert slow.inside.wait(120)

    actions.cancel_job(fresh(job), by=anna)
    assert fresh(job).state == JobState.CANCELLING
    slow.go.set()
    worker.join(120)
    actions.reconcile()

    sums = totals(fresh(job))
    assert fresh(job).state == JobState.CANCELLED
    assert (sums.accepted, sums.not_sent, sums.closes) == (1, 3, True)
    assert len(server.requests) == 1


def send_one(connection_id: int) -> None:
    try:
        actions.send_next_batch(connection_id)
    finally:
        connections.close_all()


# --- the author ---


@pytest.mark.fault(62)
def test_an_import_goes_on_when_its_author_is_disabled_and_no_new_one_starts(
    as_anna: Any, anna: Any, sandbox: Any, clock: HandClock, caplog: Any
) -> None:
    job = half_sent(anna, sandbox)
    other = make_checked_job(anna, job.connection, table(people(2, start=50)))

    anna.is_active = False
    anna.save(update_fields=["is_active"])
    started = as_anna.post(reverse("job_start", args=[other.uuid]), {"check": str(other.check_version)})
    uploading = as_anna.get(reverse("job_new"))
    job = ended(job, clock)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 6)
    assert fresh(other).state == JobState.CHECKED
    assert started["Location"].startswith("/login/")
    assert uploading["Location"].startswith("/login/")
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(62)
def test_an_import_goes_on_when_its_author_is_deleted(anna: Any, sandbox: Any, clock: HandClock, caplog: Any) -> None:
    job = half_sent(anna, sandbox)

    anna.delete()
    job = ended(job, clock)

    assert (job.state, totals(job).accepted, job.created_by_name) == (JobState.DONE, 6, "anna")
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


# --- the token ---


@pytest.mark.fault(63)
@pytest.mark.parametrize(**S_AND_X)
def test_a_rotated_token_is_used_from_the_next_call_on_and_the_old_one_is_seen_nowhere(
    anna: Any, sandbox: Any, clock: HandClock, caplog: Any, safe: bool
) -> None:
    old = sandbox.token
    job = begun(anna, sandbox.url, token=old, rows=6, safe=safe, profiles_per_request=2)
    actions.send_next_batch(job.connection_id)

    sandbox.platform.token = "rotated-token-0815"
    actions.change_connection(job.connection, by=anna, token="rotated-token-0815")
    job = ended(job, clock)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 6)
    book = replace(book_of(sandbox), secrets=(old, "rotated-token-0815"), rotated=True)
    assert violations(job, book, logged=caplog.text) == []


@pytest.mark.fault(63)
@pytest.mark.parametrize(**S_AND_X)
def test_a_token_that_cannot_be_opened_any_more_sends_nothing_and_waits_for_a_person(
    anna: Any, sandbox: Any, clock: HandClock, caplog: Any, safe: bool
) -> None:
    job = begun(anna, sandbox.url, token=sandbox.token, safe=safe)
    Connection.objects.update(sealed_token="not sealed by any of our keys")

    job = ended(job, clock)

    assert job.state in (JobState.HELD, JobState.NEEDS_DECISION)
    assert (totals(job).pending, totals(job).unknown) == (4, 0)
    assert sandbox.platform.deliveries == []
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(63)
@pytest.mark.parametrize(**S_AND_X)
def test_an_account_switched_off_while_sending_lets_nothing_more_out(
    anna: Any, boris: Any, sandbox: Any, clock: HandClock, caplog: Any, safe: bool
) -> None:
    job = begun(anna, sandbox.url, token=sandbox.token, rows=6, safe=safe, profiles_per_request=2)
    actions.send_next_batch(job.connection_id)
    claim = claim_batch(job.connection_id)
    assert isinstance(claim, Claim)

    actions.switch_off(job.connection, by=boris)
    assert not mark_on_wire(claim, body_sha256="")
    keep_answer(claim, Answer(kind=AnswerClass.NOT_SENT, reason="not_allowed_now"))
    assert isinstance(actions.send_next_batch(job.connection_id), actions.Later)
    assert len(sandbox.platform.deliveries) == 1
    assert violations(job, book_of(sandbox), logged=caplog.text) == []

    actions.switch_on(fresh(job).connection, by=boris)
    job = ended(job, clock)
    assert (job.state, totals(job).accepted) == (JobState.DONE, 6)


# --- clocks ---


@pytest.mark.fault(68)
@pytest.mark.parametrize("days", [1, -1])
@pytest.mark.parametrize(**S_AND_X)
def test_a_clock_that_is_a_day_off_doubles_nobody_and_leaves_nothing_behind(
    anna: Any, sandbox: Any, clock: HandClock, caplog: Any, days: int, safe: bool
) -> None:
    """The clock jumps while a batch is on the wire: its answer comes late, and counts."""
    job = begun(anna, sandbox.url, token=sandbox.token, rows=6, safe=safe, profiles_per_request=2)
    claim = claim_batch(job.connection_id)
    assert isinstance(claim, Claim)
    assert mark_on_wire(claim, body_sha256="")

    clock.moved += timedelta(days=days)
    actions.reconcile()
    actions.reconcile()
    if job.batches.filter(state__in=[BatchState.SENDING, BatchState.UNKNOWN]).exists():
        rows = tuple((0, "", f"{place:024x}") for place in range(2))
        keep_answer(claim, Answer(kind=AnswerClass.ANSWERED, http_status=200, error=0, rows=rows))
    job = ended(job, clock)
    if job.state == JobState.NEEDS_DECISION:  # a day later the platform may have forgotten the Request-ID
        assert (safe, days, totals(job).unknown) == (True, 1, 0)
        job = ended(actions.resume_job(job, by=anna), clock)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 6)
    for person in people(6)[2:]:
        assert sandbox.platform.times_applied(person) == 1
    assert sandbox.platform.times_applied(people(1)[0]) <= (1 if safe else 0)


@pytest.mark.postgres
@pytest.mark.fault(68)
@pytest.mark.parametrize("days", [1, -1])
def test_the_clock_of_one_worker_alone_changes_nothing(
    anna: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """On PostgreSQL leases are measured by the database: a worker whose own clock is wrong takes nobody's batch."""
    from django.utils import timezone

    assert database.vendor == "postgresql"
    job = begun(anna, sandbox.url, token=sandbox.token, safe=False)
    claim = claim_batch(job.connection_id)
    assert isinstance(claim, Claim)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))

    actions.reconcile()

    assert job.batches.get().state == BatchState.SENDING
    assert mark_on_wire(claim, body_sha256="")


# --- the history ---


@pytest.mark.fault(69)
def test_a_line_of_the_history_refuses_to_be_changed_or_deleted_by_our_own_code(anna: Any, sandbox: Any) -> None:
    make_uploaded_job(anna)
    line = HistoryEvent.objects.order_by("pk")[0]

    line.verb = "something_else"
    with pytest.raises(Exception, match=r"(?i)append|changed|deleted"):
        line.save()
    with pytest.raises(Exception, match=r"(?i)append|changed|deleted"):
        line.delete()
