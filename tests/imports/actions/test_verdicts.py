"""The truth table of what follows from an answer, for repeatable and unrepeatable batches."""

from dataclasses import replace

import pytest

from imports.actions import verdicts
from imports.actions.verdicts import CAP_SECONDS, MOST_SECONDS, MOST_TRIES, MOST_UNREADABLE, Past, Verdict, backoff
from imports.altcraft import Answer, AnswerClass
from imports.states import BatchState as B

K = AnswerClass
PAST = Past(rows=10)
RESET = "reset_while_writing"


def judge(kind: AnswerClass, past: Past = PAST, *, repeatable: bool = True, **told: object) -> Verdict:
    return verdicts.verdict(Answer(kind=kind, **told), repeatable=repeatable, past=past)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "repeatable", "state"),
    [
        (K.ANSWERED, True, B.ANSWERED),
        (K.ANSWERED, False, B.ANSWERED),
        (K.NOT_SENT, True, B.READY),
        (K.NOT_SENT, False, B.READY),
        (K.REFUSED_SIZE, True, B.SPLIT),
        (K.REFUSED_SIZE, False, B.SPLIT),
        (K.REFUSED_RATE, True, B.READY),
        (K.REFUSED_RATE, False, B.READY),
        (K.REFUSED_ALL, True, B.HELD),
        (K.REFUSED_ALL, False, B.HELD),
        (K.REFUSED_REQUEST, True, B.SPLIT),
        (K.REFUSED_REQUEST, False, B.REFUSED),
        (K.UNREADABLE, True, B.READY),
        (K.UNREADABLE, False, B.UNKNOWN),
        (K.NO_ANSWER, True, B.READY),
        (K.NO_ANSWER, False, B.UNKNOWN),
    ],
)
def test_verdict_by_class_and_repeat_safety(kind: AnswerClass, repeatable: bool, state: B) -> None:
    assert judge(kind, repeatable=repeatable).state == state


@pytest.mark.parametrize("kind", [K.REFUSED_SIZE, K.REFUSED_REQUEST])
def test_a_single_row_is_refused_and_not_split_for_ever(kind: AnswerClass) -> None:
    assert judge(kind, Past(rows=1)).state == B.REFUSED


@pytest.mark.parametrize(("kind", "cut"), [(K.REFUSED_SIZE, "too_large"), (K.REFUSED_REQUEST, "refused")])
def test_a_cut_says_why(kind: AnswerClass, cut: str) -> None:
    assert judge(kind).cut == cut


@pytest.mark.parametrize(("kind", "most"), [(K.NO_ANSWER, MOST_TRIES), (K.UNREADABLE, MOST_UNREADABLE)])
def test_tries_end_in_a_held_batch(kind: AnswerClass, most: int) -> None:
    assert judge(kind, replace(PAST, tries=most - 1)).state == B.READY

    step = judge(kind, replace(PAST, tries=most))

    assert (step.state, step.held_for) == (B.HELD, "tries_used_up")


def test_nothing_is_repeated_by_itself_once_the_platform_may_have_forgotten_it() -> None:
    step = judge(K.NO_ANSWER, replace(PAST, seconds=MOST_SECONDS + 1))

    assert (step.state, step.held_for) == (B.HELD, "too_long_ago")


@pytest.mark.parametrize("reason", ["token_refused", "tariff_limit", "access_refused", "redirected", "address_wrong"])
def test_a_refusal_of_everything_holds_the_job_with_its_reason(reason: str) -> None:
    assert judge(K.REFUSED_ALL, reason=reason).hold == reason


# --- waiting ---


def test_rate_limit_waits_as_long_as_asked_and_a_little_longer_and_is_no_failure() -> None:
    steps = [judge(K.REFUSED_RATE, retry_after=40.0) for _ in range(200)]

    assert all(40.0 <= step.wait <= 48.0 for step in steps if step.wait is not None)
    assert len({step.wait for step in steps}) > 1
    assert all(step.all_wait == step.wait and not step.counts_as_failure for step in steps)


def test_a_batch_that_is_only_asked_to_wait_comes_back_ever_more_seldom_and_keeps_nobody_else_back() -> None:
    steps = [judge(K.REFUSED_RATE, replace(PAST, attempts=n), retry_after=1.0) for n in (1, 2, 60, 10_000)]
    waits = [step.wait or 0.0 for step in steps]

    assert waits[0] < 2 and waits[2] >= 59
    assert CAP_SECONDS <= waits[3] <= CAP_SECONDS * 1.2
    assert all((step.all_wait or 0.0) <= 1.2 for step in steps)


def test_a_rate_limit_that_names_no_time_waits_at_least_a_second() -> None:
    assert all((judge(K.REFUSED_RATE).wait or 0) >= 1.0 for _ in range(50))


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_wish_beside_a_lost_answer_is_everybodys(repeatable: bool) -> None:
    step = judge(K.NO_ANSWER, repeatable=repeatable, retry_after=30.0)

    assert step.all_wait is not None
    assert step.all_wait >= 30.0


def test_a_worker_told_to_stop_before_the_wire_costs_no_waiting() -> None:
    step = judge(K.NOT_SENT, reason="not_allowed_now")

    assert step.wait == 0.0
    assert not step.counts_as_failure


@pytest.mark.parametrize("tries", [0, 1, 5, 50, 5_000])
def test_backoff_is_spread_over_all_of_a_time_that_doubles_and_is_capped(tries: int) -> None:
    longest = min(CAP_SECONDS, 5.0 * 2.0 ** min(tries, 12))
    waits = [backoff(tries) for _ in range(1_000)]

    assert 0.0 <= min(waits) < longest * 0.1
    assert longest * 0.9 < max(waits) <= longest
    assert longest * 0.4 < sum(waits) / len(waits) < longest * 0.6


# --- faults that say little ---


def test_the_second_reset_while_the_body_was_written_may_be_a_hidden_too_large() -> None:
    first, second = (judge(K.NO_ANSWER, replace(PAST, resets=resets), reason=RESET) for resets in (0, 1))

    assert (first.state, second.state, second.cut) == (B.READY, B.SPLIT, "too_large")
    assert judge(K.NO_ANSWER, replace(PAST, resets=1, rows=1), reason=RESET).state == B.READY
    assert judge(K.NO_ANSWER, replace(PAST, resets=1), repeatable=False, reason=RESET).state == B.UNKNOWN


def test_a_fault_of_ours_before_the_wire_is_tried_three_times_and_blames_nobody() -> None:
    second, third = (judge(K.NOT_SENT, replace(PAST, tries=tries), reason="not_prepared") for tries in (2, 3))

    assert (second.state, third.state, third.held_for) == (B.READY, B.HELD, "not_sendable")
    assert not third.counts_as_failure
