"""Batches without an answer: what is known, the four decisions, and those stopped after several tries."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from imports import actions
from imports.models import Attempt, Batch, Connection, Decision, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection, make_done_job, make_sending_job

SIX = "E-mail\n" + "".join(f"person{number}@example.com\n" for number in range(6))


@pytest.fixture
def account(sandbox: Any, db: None) -> Connection:
    return make_connection(sandbox, profiles_per_request=2, parallel=1)


@pytest.fixture
def job(anna: Any, account: Connection, sandbox: Any) -> ImportJob:
    """Triggers run; the first two of three batches arrived, but their answers did not."""
    sandbox.desk.change({"drop": "after", "times": 2})
    return make_done_job(anna, account, SIX, skip_triggers=False)


def address(job: ImportJob, number: int | None = None) -> str:
    return reverse("job_decide", args=[job.uuid, number]) if number else reverse("job_unknown", args=[job.uuid])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_what_is_known_is_told_before_a_decision_is_asked(as_anna: Any, job: ImportJob) -> None:
    answer = as_anna.get(address(job))
    text = text_of(answer)
    assert "Did 2 profiles arrive? There is no readable answer" in text
    assert "We do not repeat this batch by ourselves." in text
    assert "triggers run, and may write to people a second time" in text
    assert "The request went out" in text
    assert "The platform recognises the repeat until about" in text
    for choice in actions.CHOICES:
        assert f'name="choice" value="{choice}"' in text
    assert f"{reverse('job_results', args=[job.uuid])}?outcome=unknown&after=1#rows" in text
    assert "no-store" in answer["Cache-Control"]


def test_another_batch_can_be_looked_at_first(as_anna: Any, job: ImportJob) -> None:
    second = Batch.objects.filter(job=job, state=BatchState.UNKNOWN).order_by("number")[1]
    text = text_of(as_anna.get(address(job), {"batch": str(second.number)}))
    assert f'action="{address(job, second.number)}"' in text
    assert as_anna.get(address(job), {"batch": "999"}).status_code == 200


@pytest.mark.parametrize(
    ("choice", "accepted", "not_sent", "unknown"),
    [("arrived", 4, 0, 2), ("not_arrived", 2, 2, 2), ("close", 2, 0, 4)],
)
def test_a_decision_settles_the_batch(
    as_anna: Any, job: ImportJob, choice: str, accepted: int, not_sent: int, unknown: int
) -> None:
    answer = as_anna.post(address(job, 1), {"choice": choice, "reason": "Looked three of them up"})
    assert answer["Location"] == address(job)
    sums = totals(fresh(job))
    assert (sums.accepted, sums.not_sent, sums.unknown) == (accepted, not_sent, unknown)
    kept = Decision.objects.get()
    assert (kept.choice, kept.reason, kept.decided_by_name) == (choice, "Looked three of them up", "anna")
    assert HistoryEvent.objects.filter(verb="batch_decided").count() == 1


def test_repeating_the_same_request_applies_nothing_twice(as_anna: Any, job: ImportJob, sandbox: Any) -> None:
    before = Attempt.objects.get(batch__job=job, batch__number=1)
    as_anna.post(address(job, 1), {"choice": "repeat", "reason": "Within the day", "everywhere": "on"})
    actions.drain(job.pk)
    assert fresh(job).state == JobState.DONE
    assert totals(fresh(job)).accepted == 6
    again = Attempt.objects.get(batch__job=job, batch__number=1, number=2)
    assert again.replayed
    assert again.request_id == before.request_id


def test_one_decision_can_hold_for_all_and_ends_the_import(as_anna: Any, job: ImportJob) -> None:
    answer = as_anna.post(address(job, 1), {"choice": "arrived", "reason": "All seen", "everywhere": "on"})
    assert answer["Location"] == reverse("job", args=[job.uuid])
    assert fresh(job).state == JobState.DONE
    assert Decision.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "because"}, "Choose one of the four decisions."),
        ({"choice": "guess", "reason": "because"}, "Select a valid choice"),
        ({"choice": "close"}, "Say in a few words why"),
        ({"choice": "close", "reason": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_decision_that_cannot_be_kept_is_asked_again(
    as_anna: Any, job: ImportJob, given: dict[str, str], said: str
) -> None:
    answer = as_anna.post(address(job, 1), given)
    assert answer.status_code == 422
    text = text_of(answer)
    assert said in text
    assert "<title>Error:" in text.replace("\n", "")
    assert not Decision.objects.exists()


def test_after_a_day_the_repeat_is_closed_and_refused(as_anna: Any, job: ImportJob) -> None:
    Attempt.objects.filter(batch__job=job).update(on_wire_at=timezone.now() - timedelta(days=2))
    text = text_of(as_anna.get(address(job)))
    assert "Not possible any more" in text
    answer = as_anna.post(address(job, 1), {"choice": "repeat", "reason": "too late"}, follow=True)
    assert "The platform remembers a request for one day only" in text_of(answer)
    assert not Decision.objects.exists()


def test_a_batch_somebody_else_decided_meanwhile_is_told(as_anna: Any, boris: Any, job: ImportJob) -> None:
    actions.decide(Batch.objects.get(job=job, number=1), "close", by=boris, reason="mine")
    answer = as_anna.post(address(job, 1), {"choice": "arrived", "reason": "late"}, follow=True)
    assert "Somebody has decided this already" in text_of(answer)
    assert Decision.objects.get().choice == "close"


def test_held_batches_can_be_continued(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    Batch.objects.filter(job=job).update(state=BatchState.HELD)
    actions.settle_job(job.pk)
    text = text_of(as_anna.get(address(job)))
    assert "Some batches were stopped after several tries" in text
    assert reverse("job_resume", args=[job.uuid]) in text


def test_nothing_open_is_said(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, SIX)
    assert "Nothing waits for a decision" in text_of(as_anna.get(address(job)))


def test_before_sending_nothing_can_be_unknown(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, SIX)
    assert as_anna.get(address(job))["Location"] == reverse("job", args=[job.uuid])


def test_a_batch_that_is_none_is_not_found(as_anna: Any, job: ImportJob) -> None:
    assert as_anna.post(address(job, 99), {"choice": "close", "reason": "x"}).status_code == 404


def test_an_auditor_reads_and_does_not_decide(as_vera: Any, job: ImportJob) -> None:
    text = text_of(as_vera.get(address(job)))
    assert "Take them as arrived" in text
    assert 'name="choice"' not in text
    assert as_vera.post(address(job, 1), {"choice": "close", "reason": "x"}).status_code == 403
    assert not Decision.objects.exists()


def test_a_stranger_and_a_wrong_method_are_refused(client: Any, as_anna: Any, job: ImportJob) -> None:
    assert reverse("login") in client.get(address(job))["Location"]
    assert reverse("login") in client.post(address(job, 1))["Location"]
    assert as_anna.post(address(job)).status_code == 405
    assert as_anna.get(address(job, 1)).status_code == 405
