"""What a person may say about batches nobody knows about, or that were stopped; each word is kept once."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from imports import actions
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.actions.sending import send_claimed
from imports.actions.sweep import free_batch
from imports.models import Attempt, Batch, Decision, HistoryEvent, ImportJob
from imports.results import row_story, totals
from imports.states import BatchState, JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer, answers, drops
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]

NO_TOKEN = answers(200, {"error": 401, "error_text": "API token required"})
SHORT = answers(200, {"error": 0, "error_text": "", "result": [{"error": 0, "profile_id": "a" * 24}]})


@pytest.fixture
def server(platform: Platform) -> FaultyServer:
    return platform(drops)


@pytest.fixture
def job(anna: Any, server: FaultyServer) -> ImportJob:
    """Three batches of two with triggers on; none has an answer."""
    job = drained(sending(anna, account(server.url, profiles_per_request=2), rows=6, skip_triggers=False))
    assert job.state == JobState.NEEDS_DECISION
    return job


@pytest.fixture
def held(anna: Any, server: FaultyServer) -> ImportJob:
    """One batch that can be repeated, and was, until there were no tries left: each may have arrived."""
    server.play(SHORT)
    job = drained(sending(anna, account(server.url)))
    assert job.batches.get().state == BatchState.HELD
    return job


def unknown(job: ImportJob) -> list[Batch]:
    return list(Batch.objects.filter(job=job, state=BatchState.UNKNOWN).order_by("number"))


def request_ids(server: FaultyServer) -> list[str]:
    return [dict(request.headers)["Request-ID"] for request in server.requests]


# --- one word for many ---


def test_the_same_word_for_all_is_one_line_of_history_and_a_decision_each(anna: Any, job: ImportJob) -> None:
    decided = actions.decide_all(job, "arrived", about=actions.seen(unknown(job)), by=anna, reason="seen in Altcraft")

    assert (decided.batches, decided.rows, decided.left) == (3, 6, 0)
    assert Decision.objects.filter(choice="arrived", reason="seen in Altcraft").count() == 3
    event = HistoryEvent.objects.get(verb="batches_decided")
    assert (event.details["batches"], event.details["rows"]) == (3, 6)
    assert fresh(job).state == JobState.DONE


def test_a_batch_that_was_answered_meanwhile_is_left_alone(anna: Any, boris: Any, job: ImportJob) -> None:
    shown = actions.seen(unknown(job))
    actions.decide(unknown(job)[0], "close", by=boris)

    decided = actions.decide_all(job, "not_arrived", about=shown, by=anna)

    assert (decided.batches, decided.left) == (2, 1)
    sums = totals(fresh(job))
    assert (sums.unknown, sums.not_sent, sums.closes) == (2, 4, True)


def test_a_word_about_an_earlier_try_is_not_kept_for_a_later_one(
    anna: Any, boris: Any, job: ImportJob, server: FaultyServer
) -> None:
    as_seen = unknown(job)[0]
    actions.decide(unknown(job)[0], "repeat", by=boris)
    drained(job)
    assert Batch.objects.get(pk=as_seen.pk).state == BatchState.UNKNOWN

    with pytest.raises(actions.Refused, match="decided_already"):
        actions.decide(as_seen, "not_arrived", by=anna)


def test_a_late_answer_wins_over_a_decision_that_comes_after_it(anna: Any, job: ImportJob) -> None:
    as_seen = unknown(job)[0]
    Batch.objects.filter(pk=as_seen.pk).update(state=BatchState.ANSWERED, accepted=2)

    with pytest.raises(actions.Refused, match="decided_already"):
        actions.decide(as_seen, "not_arrived", by=anna)

    assert not Decision.objects.exists()


def test_a_late_answer_after_a_decision_is_kept_and_changes_nothing(anna: Any, server: FaultyServer) -> None:
    job = sending(anna, account(server.url), skip_triggers=False)
    claim = claim_batch(job.connection_id or 0)
    assert isinstance(claim, Claim)

    def decides() -> None:
        free_batch(Batch.objects.select_related("job__connection", "attempt").get(pk=claim.batch.pk))
        actions.decide(Batch.objects.get(pk=claim.batch.pk), "close", by=anna)

    server.play(partial(takes_all, meanwhile=decides))
    send_claimed(claim)

    assert totals(fresh(job)).unknown == 3
    assert HistoryEvent.objects.get(verb="late_answer").details["used"] is False


# --- what is refused ---


def test_no_repeat_while_the_old_sender_may_still_be_at_it(anna: Any, server: FaultyServer) -> None:
    job = sending(anna, account(server.url), skip_triggers=False)
    claim = claim_batch(job.connection_id or 0)
    assert isinstance(claim, Claim)
    assert mark_on_wire(claim, body_sha256="")
    Attempt.objects.filter(pk=claim.attempt.pk).update(worker="elsewhere:1:1")
    free_batch(Batch.objects.select_related("job__connection", "attempt").get(pk=claim.batch.pk))

    for choice in ("repeat", "not_arrived"):
        with pytest.raises(actions.Refused, match="sender_may_live"):
            actions.decide(unknown(job)[0], choice, by=anna)

    Attempt.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    actions.decide(unknown(job)[0], "repeat", by=anna)
    assert fresh(job).state == JobState.SENDING


def test_no_repeat_after_the_platform_may_have_forgotten(anna: Any, job: ImportJob) -> None:
    Attempt.objects.update(on_wire_at=timezone.now() - timedelta(hours=21))
    with pytest.raises(actions.Refused, match="too_late_to_repeat"):
        actions.decide(unknown(job)[0], "repeat", by=anna)


def test_one_person_alone_cannot_send_again_as_new(anna: Any, job: ImportJob) -> None:
    with pytest.raises(actions.Refused, match="second_person_needed"):
        actions.decide(unknown(job)[0], "again", by=anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(batch=unknown(job)[0], number=1, choice="again", decided_by_name="anna")


def test_decisions_are_written_once(anna: Any, job: ImportJob) -> None:
    actions.decide(unknown(job)[0], "close", by=anna)
    kept = Decision.objects.get()
    with pytest.raises(TypeError):
        kept.save()
    with pytest.raises(TypeError):
        kept.delete()


# --- a job that is being stopped ---


def test_a_stopped_import_keeps_asking_about_what_is_unknown(anna: Any, job: ImportJob) -> None:
    job = actions.cancel_job(job, by=anna)
    assert job.state == JobState.CANCELLING
    with pytest.raises(actions.Refused, match="stopping_sends_nothing"):
        actions.decide(unknown(job)[0], "repeat", by=anna)

    actions.decide_all(job, "not_arrived", about=actions.seen(unknown(job)), by=anna)

    assert fresh(job).state == JobState.CANCELLED
    assert totals(fresh(job)).not_sent == 6


def test_what_may_have_arrived_is_never_called_not_sent_when_an_import_is_stopped(
    anna: Any, server: FaultyServer
) -> None:
    server.play(drops)
    job = sending(anna, account(server.url, profiles_per_request=2), rows=4)
    actions.send_next_batch(job.connection_id or 0)  # may be repeated, so it waits for its next try

    job = actions.cancel_job(job, by=anna)

    sums = totals(job)
    assert job.state == JobState.CANCELLED
    assert (sums.unknown, sums.not_sent, sums.closes) == (2, 2, True)


# --- batches that were stopped ---


def test_held_batches_are_tried_again_with_the_same_request_id_within_the_day(
    anna: Any, held: ImportJob, server: FaultyServer
) -> None:
    server.play(takes_all)

    actions.decide(held.batches.get(), "retry", by=anna, reason="their server is back")
    job = drained(held)

    assert totals(job).accepted == 3
    assert len(set(request_ids(server))) == 1
    assert len({request.body for request in server.requests}) == 1


def test_held_batches_get_a_new_request_id_after_the_day(anna: Any, held: ImportJob, server: FaultyServer) -> None:
    server.play(takes_all)
    Attempt.objects.update(on_wire_at=timezone.now() - timedelta(hours=21))

    actions.decide(held.batches.get(), "retry", by=anna)
    drained(held)

    assert len(set(request_ids(server))) == 2


def test_giving_up_what_may_have_arrived_leaves_it_unknown(anna: Any, held: ImportJob) -> None:
    actions.decide(held.batches.get(), "give_up", by=anna, reason="not needed")

    assert fresh(held).state == JobState.DONE
    assert totals(fresh(held)).unknown == 3


def test_giving_up_what_was_refused_leaves_it_not_sent(anna: Any, server: FaultyServer) -> None:
    server.play(NO_TOKEN)
    job = drained(sending(anna, account(server.url)))
    assert job.state == JobState.HELD
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.NEEDS_DECISION)

    actions.decide(job.batches.get(), "give_up", by=anna)

    assert fresh(job).state == JobState.DONE
    assert totals(fresh(job)).not_sent == 3


@pytest.mark.parametrize("choice", ["retry", "give_up"])
def test_words_for_stopped_batches_are_not_for_unknown_ones(anna: Any, job: ImportJob, choice: str) -> None:
    with pytest.raises(actions.Refused, match="decided_already"):
        actions.decide(unknown(job)[0], choice, by=anna)


# --- what the rows say afterwards ---


def test_rows_of_a_closed_batch_are_never_called_accepted(anna: Any, job: ImportJob) -> None:
    first = unknown(job)[0]
    actions.decide(first, "close", by=anna, reason="no way to tell")

    story = row_story(fresh(job), first.first_row)

    assert story is not None
    assert (story.row.outcome, story.row.resolved_as, story.row.profile_id) == ("unknown", "close", "")
    assert json.dumps(HistoryEvent.objects.get(verb="batch_decided").details)
