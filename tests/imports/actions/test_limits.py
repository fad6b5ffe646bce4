"""How fast a connection is called."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports import actions
from imports.actions.claims import claim_batch
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


def test_without_a_limit_nothing_waits(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(takes_all).url, profiles_per_request=1, parallel=9)
    sending(anna, connection, rows=2)

    assert all(isinstance(claim_batch(connection.pk), actions.Claim) for _ in range(2))


def test_an_impossible_limit_is_refused() -> None:
    with pytest.raises(actions.Refused, match="requests_per_second_out_of_range"):
        account("http://127.0.0.1:9", requests_per_second=-1)
