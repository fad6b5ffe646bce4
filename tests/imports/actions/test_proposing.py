"""Sending again as new takes two people; the platform's own book says who was reached how often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from imports import actions
from imports.models import Attempt, Batch, Decision, HistoryEvent, ImportJob, Proposal
from imports.results import totals
from imports.states import BatchState, JobState, ProposalState
from tests.factories import fresh
from tests.faulty_server import FaultyServer, drops
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]


@pytest.fixture
def server(platform: Platform) -> FaultyServer:
    return platform(drops)


@pytest.fixture
def job(anna: Any, server: FaultyServer) -> ImportJob:
    return drained(sending(anna, account(server.url, profiles_per_request=2), rows=4, skip_triggers=False))


@pytest.fixture
def bundle(anna: Any, job: ImportJob) -> UUID:
    return proposed(job, anna)


def proposed(job: ImportJob, by: Any, batches: list[Batch] | None = None) -> UUID:
    about = actions.seen(unknown(job) if batches is None else batches)
    return actions.propose_again(job, about=about, by=by, reason="Nobody of them is in Altcraft")


def unknown(job: ImportJob) -> list[Batch]:
    return list(Batch.objects.filter(job=job, state=BatchState.UNKNOWN).order_by("number"))


def request_ids(server: FaultyServer) -> list[str]:
    return [dict(request.headers)["Request-ID"] for request in server.requests]


def test_a_proposal_alone_sends_nothing(job: ImportJob, bundle: UUID, server: FaultyServer) -> None:
    assert drained(job).state == JobState.NEEDS_DECISION
    assert len(server.requests) == 2
    assert Proposal.objects.standing(timezone.now()).count() == 2


def test_another_person_lets_it_be_sent_with_a_new_request_id(
    boris: Any, job: ImportJob, bundle: UUID, server: FaultyServer
) -> None:
    server.play(takes_all)

    decided = actions.confirm_again(job, bundle, by=boris, reason="I looked too")
    job = drained(job)

    assert (decided.batches, decided.rows) == (2, 4)
    assert totals(job).accepted == 4
    assert len(set(request_ids(server))) == 4
    assert set(Decision.objects.values_list("choice", "number", "decided_by_name")) == {("again", 1, "boris")}
    assert all(one.proposal.proposer_name == "anna" for one in Decision.objects.all() if one.proposal)
    verbs = HistoryEvent.objects.of_job(job.pk).filter(verb__in=["again_proposed", "batches_decided"])
    assert list(verbs.values_list("verb", "actor_name")) == [("again_proposed", "anna"), ("batches_decided", "boris")]


def test_the_proposer_cannot_confirm(anna: Any, job: ImportJob, bundle: UUID) -> None:
    with pytest.raises(actions.Refused, match="second_person_needed"):
        actions.confirm_again(job, bundle, by=anna)
    assert len(unknown(job)) == 2


def test_the_database_too_refuses_a_confirmation_by_the_proposer_or_by_nobody(
    anna: Any, job: ImportJob, bundle: UUID
) -> None:
    for closer in (anna.pk, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.update(state=ProposalState.CONFIRMED, closer_id=closer)


def test_nobody_in_particular_can_neither_propose_nor_confirm(job: ImportJob, bundle: UUID) -> None:
    with pytest.raises(actions.Refused, match="needs_a_person"):
        proposed(job, None)
    with pytest.raises(actions.Refused, match="needs_a_person"):
        actions.confirm_again(job, bundle, by=None)


def test_a_proposal_needs_a_reason_and_is_made_once(anna: Any, boris: Any, job: ImportJob, bundle: UUID) -> None:
    with pytest.raises(actions.Refused, match="reason_missing"):
        actions.propose_again(job, about=actions.seen(unknown(job)), by=anna, reason=" ")
    with pytest.raises(actions.Refused, match="proposed_already"):
        proposed(job, boris)


def test_it_can_be_refused_and_then_proposed_anew(anna: Any, boris: Any, job: ImportJob, bundle: UUID) -> None:
    assert actions.refuse_again(job, bundle, by=boris, reason="Look them up first") == 2
    with pytest.raises(actions.Refused, match="proposal_over"):
        actions.confirm_again(job, bundle, by=boris)
    assert proposed(job, anna) != bundle


def test_only_its_proposer_withdraws_it(anna: Any, boris: Any, job: ImportJob, bundle: UUID) -> None:
    with pytest.raises(actions.Refused, match="proposal_of_another"):
        actions.withdraw_again(job, bundle, by=boris)
    assert actions.withdraw_again(job, bundle, by=anna) == 2
    assert set(Proposal.objects.values_list("state", flat=True)) == {ProposalState.WITHDRAWN}


def test_it_expires_after_a_day(boris: Any, job: ImportJob, bundle: UUID) -> None:
    Proposal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(actions.Refused, match="proposal_over"):
        actions.confirm_again(job, bundle, by=boris)

    actions.reconcile()

    assert set(Proposal.objects.values_list("state", flat=True)) == {ProposalState.EXPIRED}
    assert HistoryEvent.objects.get(verb="again_expired").details == {"batches": 2, "rows": 4}


def test_it_is_void_for_a_batch_that_went_its_way(anna: Any, boris: Any, job: ImportJob, bundle: UUID) -> None:
    actions.decide(unknown(job)[0], "close", by=anna)

    decided = actions.confirm_again(job, bundle, by=boris)

    assert decided.batches == 1
    assert sorted(Proposal.objects.values_list("state", flat=True)) == [ProposalState.CONFIRMED, ProposalState.VOID]


def test_it_is_void_after_a_late_answer(boris: Any, job: ImportJob, bundle: UUID) -> None:
    Batch.objects.filter(job=job, number=1).update(state=BatchState.ANSWERED, accepted=2)
    actions.reconcile()
    assert HistoryEvent.objects.get(verb="again_void").details == {"batches": 1, "rows": 2}
    assert actions.confirm_again(job, bundle, by=boris).batches == 1


def test_a_stopped_import_sends_nothing_again(anna: Any, boris: Any, job: ImportJob, bundle: UUID) -> None:
    actions.cancel_job(job, by=anna)
    with pytest.raises(actions.Refused, match="proposal_over"):
        actions.confirm_again(job, bundle, by=boris)
    with pytest.raises(actions.Refused, match="stopping_sends_nothing"):
        proposed(job, anna)


def test_nothing_is_sent_as_new_while_the_old_sender_may_live(boris: Any, job: ImportJob, bundle: UUID) -> None:
    Attempt.objects.update(reason="worker_lost", worker="elsewhere:1:1", prepared_at=timezone.now())
    with pytest.raises(actions.Refused, match="sender_may_live"):
        actions.confirm_again(job, bundle, by=boris)


def test_unknown_again_it_can_be_decided_again(
    anna: Any, boris: Any, job: ImportJob, bundle: UUID, server: FaultyServer
) -> None:
    actions.confirm_again(job, bundle, by=boris)
    job = drained(job)
    assert totals(job).unknown == 4
    assert len(server.requests) == 4

    second = proposed(job, boris)
    server.play(takes_all)
    actions.confirm_again(job, second, by=anna)

    assert totals(drained(fresh(job))).accepted == 4
    assert set(Decision.objects.values_list("number", flat=True)) == {1, 2}
