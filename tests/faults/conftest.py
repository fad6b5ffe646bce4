"""Hand-moved clocks and misbehaving platforms. Imports stand inside: this may be loaded before Django is set up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.clock import HandClock, by_hand
from tests.faulty_server import Behaviour, FaultyServer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    """The product's clock, moved by hand: back-offs are waited out without waiting."""
    return by_hand(monkeypatch)


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


_shaky: list[Any] = []  # the same on a PostgreSQL that may be broken
_houses: list[Any] = []  # the one of this process, used again by every test that leaves it whole


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A scratch installation of real processes; on PostgreSQL where DATABASE_URL names one, else on SQLite."""
    from tests.faults.house import House

    if not _houses:
        _houses.append(House())
    else:
        _houses[0].reset()
    yield _houses[0]
    if request.node.stash.get(_FAILED, True):
        print(_houses[0].told())
        _houses.pop().close()


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if call.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def pytest_unconfigure() -> None:
    for kept in (_houses, _shaky):
        while kept:
            kept.pop().close()


@pytest.fixture
def guarded_states(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every UPDATE of a state names the old one in its WHERE, as the database sees it."""
    request.getfixturevalue("transactional_db")
    from django.db import connection

    from tests.faults.guarding import StateGuard

    with connection.execute_wrapper(guard := StateGuard()):
        yield
    assert guard.unguarded == []


@pytest.fixture
def shaky_house(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A house on a PostgreSQL that may be stopped, crashed and filled; `shaky_house.scratch.server` is it."""
    from tests.faults.breakable import OnOwnServer
    from tests.faults.house import House

    if not _shaky:
        _shaky.append(House(database=OnOwnServer()))
    else:
        _shaky[0].reset()
    yield _shaky[0]
    if request.node.stash.get(_FAILED, True):
        print(_shaky[0].told())
        _shaky.pop().close()
