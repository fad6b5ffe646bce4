"""Switching an account off and on: nothing more goes out, no import is lost, and everybody is told why."""

from collections.abc import Callable
from typing import Any

import pytest

from imports import actions
from imports.actions.claims import claim_batch, mark_on_wire
from imports.models import Attempt, Connection, HistoryEvent
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection, make_mapped_job
from tests.faulty_server import FaultyServer
from tests.platforms import account, drained, sending, takes_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_more_is_claimed_and_the_job_stays_as_it_is(
    anna: Any, boris: Any, platform: Callable[..., FaultyServer]
) -> None:
    server = platform(takes_all)
    connection = account(server.url, profiles_per_request=1)
    job = sending(anna, connection, rows=3)

    assert actions.switch_off(connection, by=boris) == 1

    assert claim_batch(connection.pk) == actions.Later(None)
    assert drained(job).state == JobState.SENDING
    assert not server.requests
    assert totals(job).pending == 3


def test_it_goes_on_where_it_was_once_switched_on(anna: Any, boris: Any, platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(takes_all).url, profiles_per_request=1)
    job = sending(anna, connection, rows=3)
    actions.send_next_batch(connection.pk)
    actions.switch_off(connection, by=boris)

    assert actions.switch_on(connection, by=boris) == [job]

    assert drained(job).state == JobState.DONE
    assert totals(job).accepted == 3
    assert Attempt.objects.count() == 3


def test_a_batch_claimed_before_does_not_get_its_mark(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(takes_all).url)
    sending(anna, connection)
    claim = claim_batch(connection.pk)
    assert isinstance(claim, actions.Claim)

    actions.switch_off(connection, by=None)

    assert not mark_on_wire(claim, body_sha256="")


def test_what_was_claimed_goes_back_unsent(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    from imports.actions.sending import send_claimed

    server = platform(takes_all)
    connection = account(server.url)
    job = sending(anna, connection)
    claim = claim_batch(connection.pk)
    assert isinstance(claim, actions.Claim)
    actions.switch_off(connection, by=None)

    send_claimed(claim)

    assert job.batches.get().state == BatchState.READY
    assert not server.requests


def test_it_can_be_stopped_while_the_account_is_off(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(takes_all).url)
    job = sending(anna, connection)
    actions.switch_off(connection, by=None)

    assert actions.cancel_job(job, by=anna).state == JobState.CANCELLED
    assert totals(fresh(job)).not_sent == 3


def test_no_import_is_begun_with_it(anna: Any, boris: Any, sandbox: Any) -> None:
    connection = make_connection(sandbox)
    checked = make_checked_job(anna, connection)
    actions.switch_off(connection, by=boris)

    with pytest.raises(actions.Refused, match="connection_off") as refused:
        actions.start_job(checked, by=anna)
    assert refused.value.params == {"name": "Sandbox", "who": "boris"}
    with pytest.raises(actions.Refused, match="connection_off"):
        make_mapped_job(anna, connection)


def test_both_ways_stand_in_history_once(boris: Any, sandbox: Any) -> None:
    connection = make_connection(sandbox, look=False)
    actions.switch_off(connection, by=boris)
    with pytest.raises(actions.Refused, match="connection_off_already"):
        actions.switch_off(Connection.objects.get(), by=boris)
    actions.switch_on(connection, by=boris)
    with pytest.raises(actions.Refused, match="connection_on_already"):
        actions.switch_on(connection, by=boris)

    told = HistoryEvent.objects.filter(verb__startswith="connection_switched").values_list("verb", "actor_name")
    assert list(told) == [("connection_switched_off", "boris"), ("connection_switched_on", "boris")]


def test_saving_settings_meanwhile_does_not_switch_it_on(boris: Any, sandbox: Any) -> None:
    connection = make_connection(sandbox, look=False)
    earlier = Connection.objects.get()
    actions.switch_off(connection, by=boris)

    actions.change_connection(earlier, by=boris, parallel=3)

    assert Connection.objects.get().disabled_at
