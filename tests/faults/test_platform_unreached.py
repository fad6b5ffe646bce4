"""The platform is not there, or goes away for half an hour: nothing is lost, and few calls are made meanwhile."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imports import actions
from imports.altcraft import Client
from imports.models import Attempt, Connection
from imports.results import totals
from imports.states import AttemptState, BatchState, JobState
from tests.faults.clock import HandClock
from tests.faults.ledger import Book, book_of, violations
from tests.faults.trials import S_AND_X, TOKEN, begun, begun_on, ended, people
from tests.faulty_server import FaultyServer, closed_port, full_listener
from tests.imports.altcraft.test_tls import OURS, Authority
from tests.platforms import takes_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]

Platform = Callable[..., FaultyServer]
NOBODY = Book(lambda person: 0, [], (TOKEN,))


def sent_once(by: Any, url: str, *, safe: bool, **limits: Any) -> Any:
    job = begun(by, url, safe=safe, **limits)
    actions.send_next_batch(job.connection_id)
    return job


def is_unsent(job: Any, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    attempt = Attempt.objects.get()
    assert (attempt.kind, attempt.reason) == ("not_sent", reason)
    assert not attempt.possibly_applied
    assert job.batches.get().state == BatchState.READY
    assert totals(job).unknown == 0
    assert violations(job, NOBODY, logged=caplog.text) == []


@pytest.mark.fault(36)
@pytest.mark.parametrize(**S_AND_X)
def test_a_refused_connection_is_not_sent_and_ready_again(
    anna: Any, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    job = sent_once(anna, f"http://127.0.0.1:{closed_port()}", safe=safe)

    is_unsent(job, "connection_refused", caplog)


@pytest.mark.fault(36)
@pytest.mark.parametrize(**S_AND_X)
def test_a_name_nobody_knows_is_not_sent_and_ready_again(
    anna: Any, caplog: pytest.LogCaptureFixture, settings: Any, monkeypatch: pytest.MonkeyPatch, safe: bool
) -> None:
    def resolve(*_: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setitem(Client.__init__.__kwdefaults__, "resolve", resolve)
    settings.ALTCRAFT_ALLOWED_HOSTS = ["nobody.example.com"]
    job = sent_once(anna, "https://nobody.example.com", safe=safe)

    is_unsent(job, "dns_failed", caplog)


@pytest.mark.fault(36)
@pytest.mark.parametrize(**S_AND_X)
def test_a_connection_nobody_takes_is_not_sent_and_ready_again(
    anna: Any, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    with full_listener() as port:
        job = sent_once(anna, f"http://127.0.0.1:{port}", safe=safe, deadline=1)

    is_unsent(job, "deadline_before_sending", caplog)


@pytest.mark.fault(36)
@pytest.mark.parametrize(**S_AND_X)
def test_a_certificate_nobody_vouches_for_is_not_sent_and_ready_again(
    anna: Any, platform: Platform, caplog: pytest.LogCaptureFixture, tmp_path: Path, safe: bool
) -> None:
    server = platform(takes_all, tls=Authority(tmp_path).context(OURS))
    job = sent_once(anna, server.url, safe=safe)

    is_unsent(job, "certificate_untrusted", caplog)
    assert server.requests == []


# --- an outage ---


@pytest.mark.fault(57)
@pytest.mark.parametrize("outage", [{"status": 503}, {"drop": "before"}], ids=["503", "dropped"])
def test_half_an_hour_of_outage_costs_few_calls_and_then_all_arrive(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, outage: dict[str, Any]
) -> None:
    job = begun(anna, sandbox.url, token=sandbox.token, rows=30, profiles_per_request=3)
    actions.send_next_batch(job.connection_id)
    sandbox.desk.change({**outage, "path": "import_batch"})
    clock.at(minutes=30, then=lambda: sandbox.desk.change({"reset": True}))

    job = ended(job, clock)

    lost = Attempt.objects.filter(kind="no_answer").count()
    assert 1 <= lost <= 40
    assert (job.state, totals(job).accepted) == (JobState.DONE, 30)
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(57)
def test_an_unrepeatable_batch_is_never_the_one_that_tries_whether_the_platform_is_back(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = begun(anna, sandbox.url, token=sandbox.token, rows=40, profiles_per_request=1, safe=False)
    sandbox.desk.change({"drop": "before"})
    clock.at(minutes=30, then=lambda: sandbox.desk.change({"reset": True}))

    job = ended(job, clock)

    lost = Attempt.objects.filter(kind="no_answer").count()
    assert lost <= 5
    assert (job.state, totals(job).unknown, totals(job).accepted) == (JobState.NEEDS_DECISION, lost, 40 - lost)
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(57)
@pytest.mark.parametrize(**S_AND_X)
def test_a_platform_that_cannot_be_reached_for_long_leaves_everything_to_be_sent(
    anna: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    job = ended(begun(anna, f"http://127.0.0.1:{closed_port()}", safe=safe, profiles_per_request=1), clock)

    assert (job.state, job.hold["code"]) == (JobState.HELD, "unreachable")
    assert totals(job).pending == 4
    assert Attempt.objects.count() <= 40
    assert not Attempt.objects.exclude(state=AttemptState.ENDED, possibly_applied=False).exists()
    assert violations(job, NOBODY, logged=caplog.text) == []


# --- the rate ---


@pytest.mark.fault(58)
def test_the_server_never_sees_more_than_the_set_rate_in_any_second(
    anna: Any, sandbox: Any, caplog: pytest.LogCaptureFixture
) -> None:
    rate = 8
    job = begun(anna, sandbox.url, token=sandbox.token, rows=16, profiles_per_request=1, requests_per_second=rate)
    other = begun_on(anna, Connection.objects.get(), people(4, start=50))

    actions.drain(job.pk)
    actions.drain(other.pk)

    times = [each.at for each in sandbox.platform.deliveries]
    assert len(times) == 20
    assert max(sum(start <= at < start + 1 for at in times) for start in times) <= rate
    assert violations(job, book_of(sandbox), logged=caplog.text) == []
