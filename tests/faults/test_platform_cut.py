"""Requests that are cut: a few rows make the platform refuse them whole, or it hangs up on their size."""

from collections.abc import Callable
from math import ceil, log2
from typing import Any

import pytest

from imports import actions
from imports.models import Attempt, ImportJob
from imports.results import totals
from imports.states import JobState, Outcome
from tests.factories import make_sending_job
from tests.faults.clock import HandClock
from tests.faults.ledger import book_of, rows_of, violations
from tests.faults.trials import S_AND_X, account, begun_on, ended, people
from tests.faulty_server import FaultyServer, Peer
from tests.platforms import takes_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]

MOST_EXTRA = 64
ROWS = 256


def spoiled(by: Any, sandbox: Any, rows: int, bad: set[int], *, safe: bool = True) -> ImportJob:
    """An import in one request that the platform refuses as long as one of the bad rows is in it."""
    connection = account(sandbox.url, sandbox.token, profiles_per_request=rows)
    addresses = [f"{'poison' if place in bad else 'person'}{place}@example.com" for place in range(rows)]
    sandbox.desk.change({"path": "import_batch", "poison": "poison"})
    return begun_on(by, connection, addresses, safe=safe)


def places(job: ImportJob, outcome: str) -> set[int]:
    return {place for place, row in enumerate(rows_of(job)) if row.outcome == outcome}


@pytest.mark.fault(46)
@pytest.mark.parametrize("bad", [{0}, {127}, {140}, {3, 200}], ids=str)
def test_bad_rows_are_found_within_the_budget_and_the_others_arrive(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, bad: set[int]
) -> None:
    job = ended(spoiled(anna, sandbox, ROWS, bad), clock)

    requests = len(sandbox.platform.deliveries)
    assert job.state == JobState.DONE
    assert places(job, Outcome.REJECTED) == bad
    assert places(job, Outcome.ACCEPTED) == set(range(ROWS)) - bad
    assert requests <= 2 * len(bad) * ceil(log2(ROWS)) + 1
    assert requests <= MOST_EXTRA + 1
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(46)
def test_more_bad_rows_than_the_budget_can_find_end_held_and_the_rest_arrived(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    bad = set(range(2, ROWS, 15))

    job = ended(spoiled(anna, sandbox, ROWS, bad), clock)

    assert len(bad) == 17
    assert job.state == JobState.NEEDS_DECISION
    assert len(sandbox.platform.deliveries) <= MOST_EXTRA + 1
    assert places(job, Outcome.REJECTED) <= bad
    assert bad - places(job, Outcome.REJECTED) <= places(job, Outcome.PENDING)
    assert totals(job).accepted > 0
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(46)
def test_an_unrepeatable_request_is_not_searched_its_rows_are_rejected_together(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = ended(spoiled(anna, sandbox, 100, {7}, safe=False), clock)

    assert (job.state, totals(job).rejected) == (JobState.DONE, 100)
    assert len(sandbox.platform.deliveries) == 1
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


# --- a hidden 413 ---


class HangsUpOn:
    """A platform behind a proxy that resets what is longer than its limit, without a word."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.reset = self.taken = 0

    def __call__(self, peer: Peer) -> None:
        head = peer.raw
        while b"\r\n\r\n" not in head:
            peer.receive()
        length = int(bytes(head).split(b"Content-Length: ")[1].split(b"\r\n")[0])
        if length > self.limit:
            self.reset += 1
            peer.reset()
        else:
            self.taken += 1
            takes_all(peer)


@pytest.mark.fault(45)
@pytest.mark.parametrize(**S_AND_X)
def test_a_reset_while_the_body_is_written_cuts_s_at_the_second_and_leaves_x_unknown(
    anna: Any, platform: Callable[..., FaultyServer], clock: HandClock, safe: bool
) -> None:
    proxy = HangsUpOn(4_500_000)
    server = platform(proxy)
    text = "E-mail,First name\n" + "".join(f"{person},{'x' * 30_000}\n" for person in people(280))
    job = make_sending_job(anna, account(server.url), text, database_id=1, skip_triggers=safe)

    job = ended(job, clock)

    if safe:
        assert (job.state, totals(job).accepted) == (JobState.DONE, 280)
        assert proxy.reset == 2
    else:
        assert (job.state, totals(job).unknown) == (JobState.NEEDS_DECISION, 280)
        assert (proxy.reset, proxy.taken, Attempt.objects.count()) == (1, 0, 1)


@pytest.mark.fault(44)
def test_a_limit_learned_in_one_batch_spares_the_others(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.desk.change({"body_limit": 1500})
    connection = account(sandbox.url, sandbox.token, profiles_per_request=32)

    job = ended(begun_on(anna, connection, people(128)), clock)

    too_large = Attempt.objects.filter(batch__job=job, kind="refused_size")
    assert (job.state, totals(job).accepted) == (JobState.DONE, 128)
    assert set(too_large.values_list("batch__origin", flat=True)) <= {None, job.batches.get(number=1).pk}
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


def test_nothing_is_cut_when_nothing_is_wrong(anna: Any, sandbox: Any, clock: HandClock) -> None:
    job = ended(spoiled(anna, sandbox, 100, set()), clock)

    assert job.batches.count() == 1
    assert actions.settle_job(job.pk) is None
