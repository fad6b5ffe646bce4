"""All sending stopped: before the next mark "on the wire", for every connection, with who and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from imports import actions
from imports.actions.claims import Claim, Later, claim_batch, mark_on_wire
from imports.actions.sending import send_claimed
from imports.models import HistoryEvent, ImportJob, SendingStop
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]


@pytest.fixture
def server(platform: Platform) -> FaultyServer:
    return platform(takes_all)


@pytest.fixture
def job(anna: Any, server: FaultyServer) -> ImportJob:
    return sending(anna, account(server.url, profiles_per_request=2), rows=4, skip_triggers=False)


def test_nothing_is_claimed_while_it_stands(boris: Any, job: ImportJob, server: FaultyServer) -> None:
    actions.stop_sending(by=boris, reason="Wrong price in the template")

    assert isinstance(claim_batch(job.connection_id or 0), Later)
    assert drained(job).state == JobState.SENDING
    assert actions.waits_for_switch(job)
    assert server.requests == []


def test_a_claimed_batch_is_not_put_on_the_wire_any_more(boris: Any, job: ImportJob, server: FaultyServer) -> None:
    claim = claim_batch(job.connection_id or 0)
    assert isinstance(claim, Claim)

    actions.stop_sending(by=boris, reason="Wrong price")

    assert not mark_on_wire(claim, body_sha256="")
    send_claimed(claim)
    assert server.requests == []
    assert job.batches.get(number=claim.batch.number).state == BatchState.READY


def test_it_holds_for_every_connection(boris: Any, anna: Any, job: ImportJob, platform: Platform) -> None:
    second = platform(takes_all)
    connection = actions.add_connection(name="Second", base_url=second.url, token="another-token", by=None)
    other = sending(anna, connection)
    actions.stop_sending(by=boris, reason="Audit")
    assert drained(other).state == JobState.SENDING
    assert second.requests == []


def test_lifted_everything_goes_on_where_it_was(boris: Any, job: ImportJob, server: FaultyServer) -> None:
    actions.stop_sending(by=boris, reason="Wrong price")

    going_on = actions.lift_stop(by=boris, reason="Mended")

    assert going_on == [job]
    assert totals(drained(job)).accepted == 4
    stop = SendingStop.objects.get()
    assert (stop.standing, stop.stopped_by_name, stop.lifted_by_name) == (False, "boris", "boris")
    assert (stop.reason, stop.lift_reason) == ("Wrong price", "Mended")
    assert actions.standing_stop() is None


def test_history_says_who_stopped_it_and_why(boris: Any, job: ImportJob) -> None:
    actions.stop_sending(by=boris, reason="Wrong price")
    actions.lift_stop(by=boris, reason="Mended")

    told = [HistoryEvent.objects.get(verb=verb) for verb in ("sending_stopped", "sending_released")]

    assert [(event.actor_name, event.details["reason"]) for event in told] == [
        ("boris", "Wrong price"),
        ("boris", "Mended"),
    ]
    assert told[0].details["imports"] == 1


@pytest.mark.usefixtures("db")
def test_it_needs_a_reason_and_stands_only_once(boris: Any) -> None:
    with pytest.raises(actions.Refused, match="reason_missing"):
        actions.stop_sending(by=boris, reason="  ")
    actions.stop_sending(by=boris, reason="One")
    with pytest.raises(actions.Refused, match="sending_stopped_already"):
        actions.stop_sending(by=boris, reason="Two")
    with pytest.raises(actions.Refused, match="reason_missing"):
        actions.lift_stop(by=boris, reason="")
    actions.lift_stop(by=boris, reason="Over")
    with pytest.raises(actions.Refused, match="sending_not_stopped"):
        actions.lift_stop(by=boris, reason="Over")
    assert SendingStop.objects.count() == 1


def test_the_database_lets_one_stop_stand_and_none_be_deleted(boris: Any) -> None:
    stop = actions.stop_sending(by=boris, reason="One")
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingStop.objects.create(reason="Two")
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingStop.objects.filter(pk=stop.pk).update(standing=False)
    with pytest.raises(TypeError):
        stop.delete()


def test_a_switched_off_account_is_held_at_the_same_place(boris: Any, job: ImportJob, server: FaultyServer) -> None:
    claim = claim_batch(job.connection_id or 0)
    assert isinstance(claim, Claim)
    actions.switch_off(claim.job.connection, by=boris)

    assert not mark_on_wire(claim, body_sha256="")
    assert fresh(job).state == JobState.SENDING
    assert server.requests == []
