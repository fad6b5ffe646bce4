"""Batches that wait for a person: what is known, evidence, the decisions, and a second person's word."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.urls import reverse
from django.utils import timezone

from imports import actions
from imports.models import Attempt, Batch, Connection, Decision, Evidence, HistoryEvent, ImportJob, Proposal
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection, make_done_job, make_sending_job
from tests.signing import PROOF

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
    assert "The platform recognises a repeat of the same request until about" in text
    assert "Add new people, update known ones" in text
    assert "Start triggers for these people?" in text
    for choice in (*actions.CHOICES, "again"):
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
        ({"reason": "because"}, "Choose one of the decisions."),
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
    assert "2 profiles were stopped on their way" in text
    assert 'name="choice" value="retry"' in text
    as_anna.post(address(job, 1), {"choice": "retry", "reason": "mended", "everywhere": "on"})
    actions.drain(job.pk)
    assert totals(fresh(job)).accepted == 6


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


# --- what the page showed is what is decided ---


def seen_in(browser: Any, job: ImportJob) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', text_of(browser.get(address(job))))
    assert found is not None
    return found[1]


def test_all_names_how_many_people_it_is_about(as_anna: Any, job: ImportJob) -> None:
    assert "The same for all 2 batches without an answer, 4 profiles" in text_of(as_anna.get(address(job)))


def test_a_batch_that_became_unknown_after_the_page_was_drawn_is_not_decided(as_anna: Any, job: ImportJob) -> None:
    seen = seen_in(as_anna, job)
    Batch.objects.filter(job=job, number=3).update(state=BatchState.UNKNOWN, accepted=0)
    as_anna.post(address(job, 1), {"choice": "close", "reason": "x", "everywhere": "on", "seen": seen})
    assert Decision.objects.count() == 2
    assert Batch.objects.get(job=job, number=3).state == BatchState.UNKNOWN


def test_two_tabs_and_a_replayed_form_decide_once(as_anna: Any, as_boris: Any, job: ImportJob) -> None:
    seen = seen_in(as_anna, job)
    given = {"choice": "repeat", "reason": "within the day", "seen": seen}
    as_anna.post(address(job, 1), given)
    text = text_of(as_anna.post(address(job, 1), given, follow=True))
    assert "Somebody has decided this already" in text
    text = text_of(as_boris.post(address(job, 1), given | {"choice": "close"}, follow=True))
    assert "Somebody has decided this already" in text
    assert Decision.objects.count() == 1


def test_a_tampered_list_of_what_was_seen_decides_nothing(as_anna: Any, job: ImportJob) -> None:
    text = text_of(
        as_anna.post(address(job, 1), {"choice": "close", "reason": "x", "seen": "999-1,a-b,,7"}, follow=True)
    )
    assert "Somebody has decided this already" in text
    assert not Decision.objects.exists()


def test_an_import_that_is_being_stopped_offers_no_sending(as_anna: Any, anna: Any, job: ImportJob) -> None:
    actions.cancel_job(job, by=anna)
    text = text_of(as_anna.get(address(job)))
    assert text.count("Not possible: this import is being stopped, nothing of it is sent any more.") == 2


def test_whoever_may_still_be_at_it_is_told_with_the_time(as_anna: Any, job: ImportJob) -> None:
    Attempt.objects.filter(batch__job=job).update(
        reason="worker_lost", worker="elsewhere:1:1", lease_until=timezone.now()
    )
    text = text_of(as_anna.get(address(job)))
    assert "Whoever sent it may still be at it, until" in text
    assert "Not possible yet: whoever sent it may still be at it." in text


def test_what_came_back_is_shown_with_people_masked(as_anna: Any, as_vera: Any, job: ImportJob) -> None:
    attempt = Attempt.objects.get(batch__job=job, batch__number=1)
    raw = orjson.dumps({"text": "", "debug": "", "raw": "<b>daria@example.com</b> +7 900 000-00-01 busy"})
    Attempt.objects.filter(pk=attempt.pk).update(sealed_answer=job.vault.seal(raw, attempt.answer_name))
    text = text_of(as_anna.get(address(job)))
    assert "…@…" in text
    assert "busy" in text
    assert "daria@example.com" not in text
    assert "busy" not in text_of(as_vera.get(address(job)))


# --- evidence ---


def test_profiles_are_looked_up_and_shown_without_deciding(as_anna: Any, as_vera: Any, job: ImportJob) -> None:
    look = reverse("job_look_up", args=[job.uuid, 1])
    answer = as_anna.post(look)
    assert answer["Location"] == f"{address(job)}?batch=1#evidence"
    text = text_of(as_anna.get(address(job), {"batch": "1"}))
    assert "2 of 2 were found." in text
    assert "says nothing about a message that was sent" in text
    assert Evidence.objects.get().batch.state == BatchState.UNKNOWN
    assert as_vera.post(look).status_code == 403


def test_a_platform_that_cannot_be_asked_is_told(as_anna: Any, job: ImportJob, sandbox: Any) -> None:
    sandbox.stop()
    text = text_of(as_anna.post(reverse("job_look_up", args=[job.uuid, 1]), follow=True))
    assert "Nothing came back when the profiles were looked up" in text
    assert as_anna.post(reverse("job_look_up", args=[job.uuid, 99])).status_code == 404


def test_where_no_read_call_is_documented_the_page_says_so(as_anna: Any, job: ImportJob) -> None:
    plain = dict(job.destination_plain or {}, matching="custom_sub", match_field="card")
    ImportJob.objects.filter(pk=job.pk).update(destination_plain=plain)
    text = text_of(as_anna.get(address(job)))
    assert "The documents name no way to look these profiles up by what was sent." in text
    assert reverse("job_look_up", args=[job.uuid, 1]) not in text


# --- a second person ---


@pytest.fixture
def bundle(as_anna: Any, job: ImportJob) -> UUID:
    """Anna has proposed to send both unknown batches again as new."""
    answer = as_anna.post(
        address(job, 1), {"choice": "again", "reason": "Nobody has it", "everywhere": "on"}, follow=True
    )
    assert "It is proposed." in text_of(answer)
    return Proposal.objects.values_list("bundle", flat=True)[0]


def word(job: ImportJob, bundle: UUID, what: str) -> str:
    return reverse(f"again_{what}", args=[job.uuid, bundle])


def test_a_proposal_names_who_why_how_many_and_the_risk(
    as_anna: Any, as_boris: Any, as_vera: Any, job: ImportJob, bundle: UUID
) -> None:
    for browser in (as_anna, as_boris, as_vera):
        text = text_of(browser.get(address(job)))
        assert "anna proposes to send 4 profiles again as new" in text
        assert "Nobody has it" in text
        assert "up to 4 people may get the same message a second time" in text
    assert word(job, bundle, "withdraw") in text_of(as_anna.get(address(job)))
    assert word(job, bundle, "confirm") not in text_of(as_anna.get(address(job)))
    assert word(job, bundle, "confirm") in text_of(as_boris.get(address(job)))
    assert word(job, bundle, "confirm") not in text


def test_an_administrator_confirms_with_the_risk_ticked(
    as_boris: Any, job: ImportJob, bundle: UUID, sandbox: Any
) -> None:
    text = text_of(as_boris.post(word(job, bundle, "confirm"), {"reason": "yes"}, follow=True))
    assert "Tick that you know what may happen." in text
    assert not Decision.objects.exists()

    as_boris.post(word(job, bundle, "confirm"), {"understood": "on"} | PROOF)

    assert Decision.objects.filter(choice="again", decided_by_name="boris").count() == 2
    actions.drain(job.pk)
    assert totals(fresh(job)).accepted == 6


def test_a_marketer_cannot_confirm_even_another_s_proposal(
    as_anna: Any, as_boris: Any, boris: Any, job: ImportJob
) -> None:
    as_boris.post(address(job, 1), {"choice": "again", "reason": "Nobody has it"})
    bundle = Proposal.objects.values_list("bundle", flat=True)[0]
    assert as_anna.post(word(job, bundle, "confirm"), {"understood": "on"} | PROOF).status_code == 403
    text = text_of(as_boris.post(word(job, bundle, "confirm"), {"understood": "on"} | PROOF, follow=True))
    assert "Sending again as new needs a second person." in text
    assert not Decision.objects.exists()


def test_it_is_refused_or_withdrawn_with_a_word(as_anna: Any, as_boris: Any, job: ImportJob, bundle: UUID) -> None:
    text = text_of(as_boris.post(word(job, bundle, "refuse"), {"reason": "look first"}, follow=True))
    assert "The proposal is refused; nothing is sent." in text
    text = text_of(as_anna.post(word(job, bundle, "withdraw"), follow=True))
    assert "This proposal is over" in text


def test_a_replayed_confirmation_sends_once(as_boris: Any, job: ImportJob, bundle: UUID) -> None:
    as_boris.post(word(job, bundle, "confirm"), {"understood": "on"} | PROOF)
    text = text_of(as_boris.post(word(job, bundle, "confirm"), {"understood": "on"} | PROOF, follow=True))
    assert "This proposal is over" in text
    assert Decision.objects.count() == 2


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("arrived", "Taken as arrived by a person's decision"),
        ("not_arrived", "Taken as not arrived by a person's decision"),
        ("close", "Closed by a person's decision without knowing"),
    ],
)
def test_rows_say_that_a_person_decided(as_anna: Any, job: ImportJob, choice: str, said: str) -> None:
    as_anna.post(address(job, 1), {"choice": choice, "reason": "x"})
    sum_of_page = text_of(as_anna.get(reverse("job_results", args=[job.uuid]))).partition('id="h-rows"')[0]
    assert "by a person" in sum_of_page
    for name in ("job_results", "job_download"):
        answer = as_anna.get(reverse(name, args=[job.uuid]), {"form": "csv"})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert unescape(body.decode("utf-8-sig")).count(said) == 2


def test_sending_again_as_new_is_not_confirmed_on_an_open_page(as_boris: Any, job: ImportJob, bundle: UUID) -> None:
    """Whoever finds the second person's page open cannot say yes in their name."""
    for given in ({"understood": "on"}, {"understood": "on", "proof": "guess-work"}):
        as_boris.post(word(job, bundle, "confirm"), given)

    assert not Decision.objects.exists()
    assert HistoryEvent.objects.filter(verb="stepped_up_failed").count() == 1
