"""The answer is lost or cannot be trusted: a repeatable batch is repeated, any other waits for a person."""

from typing import Any

import pytest

from imports import actions
from imports.models import Attempt, ImportJob
from imports.results import totals
from imports.states import BatchState, JobState
from tests.faults.clock import HandClock
from tests.faults.ledger import book_of, rows_of, violations
from tests.faults.trials import S_AND_X, begun, ended, kinds, people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]

BEFORE = [{"drop": "before"}, {"drop": "before", "reset": True}]
AFTER = [{"drop": "after"}, {"drop": "after", "reset": True}]
HALF = [{"answer": "half"}, {"answer": "wrong_length"}]
GARBLED = [{"answer": "bad_utf8"}, {"answer": "nan"}, {"answer": "duplicate_keys"}, {"answer": "deep"}]
PROXIES = [{"status": 502, "when": "after"}, {"login_page": True, "when": "after"}, {"login_page": True}]
LATER = [{"status": 503, "retry_after": "7", "when": "after"}]
MISFITS = [{"result": kind} for kind in ("short", "long", "missing", "null", "wrong_types")]


def named(fault: dict[str, Any]) -> str:
    return " ".join(f"{name}-{value}" for name, value in fault.items())


def lost_once(by: Any, sandbox: Any, clock: HandClock, fault: dict[str, Any], *, safe: bool) -> ImportJob:
    sandbox.desk.change({**fault, "path": "import_batch", "times": 1})
    return ended(begun(by, sandbox.url, token=sandbox.token, safe=safe), clock)


def applied(sandbox: Any) -> list[int]:
    return [sandbox.platform.times_applied(person) for person in people(4)]


def check(job: ImportJob, sandbox: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(37)
@pytest.mark.parametrize("fault", BEFORE, ids=named)
def test_s_is_repeated_with_the_same_request_id_when_nothing_was_applied(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    job = lost_once(anna, sandbox, clock, fault, safe=True)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 4)
    assert [kind for kind, _ in kinds(job)] == ["no_answer", "answered"]
    assert applied(sandbox) == [1] * 4
    check(job, sandbox, caplog)


@pytest.mark.fault(38, 39, 40, 50)
@pytest.mark.parametrize("fault", [*AFTER, *HALF, *GARBLED, *PROXIES, *LATER], ids=named)
def test_s_is_repeated_with_the_same_request_id_when_it_may_have_been_applied(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    job = lost_once(anna, sandbox, clock, fault, safe=True)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 4)
    assert kinds(job)[0][0] == ("unreadable" if fault in GARBLED or "login_page" in fault else "no_answer")
    assert len(sandbox.platform.deliveries) == 2
    assert applied(sandbox) == [1] * 4
    check(job, sandbox, caplog)


@pytest.mark.fault(37, 38, 39, 40, 50)
@pytest.mark.parametrize("fault", [*BEFORE, *AFTER, *HALF, *GARBLED, *PROXIES, *LATER], ids=named)
def test_x_without_an_answer_waits_for_a_person_who_may_repeat_it(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    job = lost_once(anna, sandbox, clock, fault, safe=False)

    assert (job.state, totals(job).unknown) == (JobState.NEEDS_DECISION, 4)
    assert len(sandbox.platform.deliveries) == 1
    check(job, sandbox, caplog)

    actions.decide(job.batches.get(), "repeat", by=anna)
    job = ended(job, clock)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 4)
    assert applied(sandbox) == [1] * 4
    assert sandbox.platform.times_triggered("person0@example.com") == 1
    check(job, sandbox, caplog)


@pytest.mark.fault(41)
@pytest.mark.parametrize("fault", MISFITS, ids=named)
@pytest.mark.parametrize(**S_AND_X)
def test_a_result_that_does_not_fit_is_never_shifted_onto_rows(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, fault: dict[str, Any], safe: bool
) -> None:
    sandbox.desk.change({**fault, "path": "import_batch"})
    job = ended(begun(anna, sandbox.url, token=sandbox.token, safe=safe), clock)

    assert job.state == JobState.NEEDS_DECISION
    assert {kind for kind, _ in kinds(job)} == {"unreadable"}
    assert len(kinds(job)) == (3 if safe else 1)
    assert totals(job).accepted == totals(job).rejected == 0
    check(job, sandbox, caplog)


@pytest.mark.fault(41)
def test_ids_are_kept_as_they_were_given_when_only_their_order_is_odd(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = lost_once(anna, sandbox, clock, {"result": "reordered"}, safe=False)
    platform = sandbox.platform

    told = [row.profile_id for row in rows_of(job)]

    assert (job.state, totals(job).accepted) == (JobState.DONE, 4)
    assert told == [platform.find(person)[0] for person in people(4)][::-1]
    check(job, sandbox, caplog)


@pytest.mark.fault(55)
def test_a_replayed_answer_is_noted_as_one_and_applied_once(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = lost_once(anna, sandbox, clock, {"drop": "after"}, safe=True)

    assert list(Attempt.objects.order_by("number").values_list("replayed", flat=True)) == [False, True]
    assert [each.replayed for each in sandbox.platform.deliveries] == [False, True]
    assert applied(sandbox) == [1] * 4
    check(job, sandbox, caplog)


@pytest.mark.fault(56)
@pytest.mark.parametrize("memory", ["on", "off", "refuse"])
@pytest.mark.parametrize(**S_AND_X)
def test_whatever_the_platform_makes_of_a_request_id_the_end_is_right(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, memory: str, safe: bool
) -> None:
    sandbox.desk.change({"deduplication": memory})

    job = lost_once(anna, sandbox, clock, {"drop": "after"}, safe=safe)

    if safe:
        assert (job.state, totals(job).accepted) == (JobState.DONE, 4)
        assert applied(sandbox) == [2 if memory == "off" else 1] * 4
    else:
        assert (job.state, totals(job).unknown) == (JobState.NEEDS_DECISION, 4)
        assert applied(sandbox) == [1] * 4
    check(job, sandbox, caplog)


@pytest.mark.fault(38)
def test_an_answer_lost_for_ever_ends_held_and_not_in_a_circle(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.desk.change({"drop": "after", "path": "import_batch"})

    job = ended(begun(anna, sandbox.url, token=sandbox.token), clock)

    assert job.state == JobState.NEEDS_DECISION
    assert job.batches.get().state == BatchState.HELD
    assert len(sandbox.platform.deliveries) == 8
    check(job, sandbox, caplog)


def lost_and_waiting(by: Any, sandbox: Any) -> ImportJob:
    """A repeatable batch that was applied, whose answer was lost, and that waits for its next try."""
    sandbox.desk.change({"drop": "after", "path": "import_batch"})
    job = begun(by, sandbox.url, token=sandbox.token)
    actions.send_next_batch(job.connection_id)
    return job


@pytest.mark.fault(61)
def test_rows_that_may_have_arrived_are_not_called_not_sent_by_a_cancel(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = lost_and_waiting(anna, sandbox)

    actions.cancel_job(job, by=anna)

    assert totals(job).unknown == 4
    check(job, sandbox, caplog)


@pytest.mark.fault(61)
def test_held_rows_that_may_have_arrived_are_not_called_not_sent_by_a_cancel(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = ended(lost_and_waiting(anna, sandbox), clock)

    actions.cancel_job(job, by=anna)

    assert totals(job).unknown == 4
    check(job, sandbox, caplog)


@pytest.mark.fault(38)
@pytest.mark.parametrize(
    "then", [{"error": 404}, {"error": 400, "error_debug": "http: request body too large"}], ids=named
)
def test_rows_that_may_have_arrived_are_not_called_rejected_by_a_later_refusal(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, then: dict[str, Any]
) -> None:
    sandbox.desk.change({"drop": "after", "path": "import_batch"})
    job = begun(anna, sandbox.url, token=sandbox.token, rows=1)
    actions.send_next_batch(job.connection_id)
    sandbox.desk.change({"reset": True, **then})

    job = ended(job, clock)

    assert totals(job).unknown == 1
    check(job, sandbox, caplog)
