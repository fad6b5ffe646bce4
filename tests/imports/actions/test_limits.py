"""How fast a connection is called."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports import actions
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.actions.gates import JITTER, spacing
from imports.models import Connection
from tests.faulty_server import FaultyServer
from tests.platforms import account, sending, takes_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_gate_lets_one_request_pass_at_its_time(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(takes_all).url, profiles_per_request=1, parallel=9, requests_per_second=0.01)
    sending(anna, connection, rows=3)

    first, second = claim_batch(connection.pk), claim_batch(connection.pk)
    assert isinstance(first, actions.Claim)
    assert isinstance(second, actions.Later)
    assert second.at is not None
    assert second.at > timezone.now() + timedelta(seconds=90)

    Connection.objects.update(next_request_at=timezone.now() - timedelta(seconds=1))
    assert isinstance(claim_batch(connection.pk), actions.Claim)
    assert isinstance(claim_batch(connection.pk), actions.Later)


def test_the_gate_at_the_wire_keeps_calls_apart_that_were_held_up_on_their_way(
    anna: Any, platform: Callable[..., FaultyServer]
) -> None:
    connection = account(platform(takes_all).url, profiles_per_request=1, parallel=9, requests_per_second=0.01)
    sending(anna, connection, rows=2)
    first = claim_batch(connection.pk)
    Connection.objects.update(next_request_at=None)
    second = claim_batch(connection.pk)
    assert isinstance(first, Claim)
    assert isinstance(second, Claim)

    assert mark_on_wire(first, body_sha256="")
    assert not mark_on_wire(second, body_sha256="")  # it would have to wait for longer than a call may


@pytest.mark.parametrize("rate", [0.2, 0.5, 1, 2, 2.5, 10, 999])
def test_no_second_wherever_it_begins_holds_more_calls_than_the_rate(rate: float) -> None:
    apart = spacing(rate).total_seconds()
    in_a_second = 1 + int((1.0 + JITTER - 1e-5) / apart)

    assert in_a_second <= max(1, rate)


def test_without_a_limit_nothing_waits(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(takes_all).url, profiles_per_request=1, parallel=9)
    sending(anna, connection, rows=2)

    assert all(isinstance(claim_batch(connection.pk), actions.Claim) for _ in range(2))


def test_an_impossible_limit_is_refused() -> None:
    with pytest.raises(actions.Refused, match="requests_per_second_out_of_range"):
        account("http://127.0.0.1:9", requests_per_second=-1)
