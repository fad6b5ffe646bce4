"""Hand-moved clocks and misbehaving platforms. Imports stand inside: this may be loaded before Django is set up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.clock import HandClock
from tests.faulty_server import Behaviour, FaultyServer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    """The product's clock, moved by hand: back-offs are waited out without waiting."""
    from django.utils import timezone

    hand = HandClock(timezone.now)
    monkeypatch.setattr(timezone, "now", hand.now)
    return hand


@pytest.fixture
def platform() -> Iterator[Callable[..., FaultyServer]]:
    """Start a server that plays these behaviours, one a request; the last one stays."""
    started: list[FaultyServer] = []

    def start(*behaviours: Behaviour, **options: Any) -> FaultyServer:
        server = FaultyServer(*behaviours, **options)
        started.append(server.__enter__())
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def house() -> Iterator[Any]:
    """A scratch installation of real processes; on PostgreSQL where DATABASE_URL names one, else on SQLite."""
    from tests.faults.house import House

    with House() as made:
        yield made


@pytest.fixture
def guarded_states(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every UPDATE of a state names the old one in its WHERE, as the database sees it."""
    request.getfixturevalue("transactional_db")
    from django.db import connection

    from tests.faults.guarding import StateGuard

    with connection.execute_wrapper(guard := StateGuard()):
        yield
    assert guard.unguarded == []
