"""The truth table of what follows from an answer, for repeatable and unrepeatable batches."""

import pytest

from imports.actions.verdicts import CAP_SECONDS, MOST_TRIES, MOST_UNREADABLE, Verdict, backoff, verdict
from imports.altcraft import Answer, AnswerClass
from imports.states import BatchState as B

K = AnswerClass


def judge(kind: AnswerClass, *, repeatable: bool = True, tries: int = 1, rows: int = 10, **told: object) -> Verdict:
    return verdict(Answer(kind=kind, **told), repeatable=repeatable, tries=tries, rows=rows, failures=0)  # type: ignore[arg-type]


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
        (K.REFUSED_REQUEST, True, B.REFUSED),
        (K.REFUSED_REQUEST, False, B.REFUSED),
        (K.UNREADABLE, True, B.READY),
        (K.UNREADABLE, False, B.UNKNOWN),
        (K.NO_ANSWER, True, B.READY),
        (K.NO_ANSWER, False, B.UNKNOWN),
    ],
)
def test_verdict_by_class_and_repeat_safety(kind: AnswerClass, repeatable: bool, state: B) -> None:
    assert judge(kind, repeatable=repeatable).state == state


def test_a_single_row_too_large_is_refused_and_not_split_for_ever() -> None:
    assert judge(K.REFUSED_SIZE, rows=1).state == B.REFUSED


@pytest.mark.parametrize(("kind", "most"), [(K.NO_ANSWER, MOST_TRIES), (K.UNREADABLE, MOST_UNREADABLE)])
def test_tries_end_in_a_held_batch(kind: AnswerClass, most: int) -> None:
    assert judge(kind, tries=most - 1).state == B.READY
    assert judge(kind, tries=most).state == B.HELD


@pytest.mark.parametrize("reason", ["token_refused", "tariff_limit", "access_refused", "redirected", "address_wrong"])
def test_a_refusal_of_everything_holds_the_job_with_its_reason(reason: str) -> None:
    assert judge(K.REFUSED_ALL, reason=reason).hold == reason


def test_rate_limit_waits_as_long_as_asked_and_is_no_failure() -> None:
    step = judge(K.REFUSED_RATE, retry_after=42.0)

    assert step.wait == 42.0
    assert not step.counts_as_failure


def test_a_worker_told_to_stop_before_the_wire_costs_no_waiting() -> None:
    step = judge(K.NOT_SENT, reason="not_allowed_now")

    assert step.wait == 0.0
    assert not step.counts_as_failure


@pytest.mark.parametrize("failures", [0, 1, 5, 50, 5_000])
def test_backoff_grows_and_is_capped(failures: int) -> None:
    assert 1.0 <= backoff(failures) <= CAP_SECONDS
