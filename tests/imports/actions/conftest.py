"""A platform that does as the test says. Imports stand inside: a conftest may be loaded before Django is set up."""

import importlib
from collections.abc import Callable, Iterator

import pytest

from tests.faults.clock import HandClock, by_hand
from tests.faulty_server import Behaviour, FaultyServer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-offs of hundredths of a second: what is tested is that they happen, not how long they last."""
    from imports.actions import verdicts

    monkeypatch.setattr(verdicts, "BASE_SECONDS", 0.01)
    monkeypatch.setattr(verdicts, "CAP_SECONDS", 0.05)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    """The product's clock, moved by hand: back-offs are waited out without waiting."""
    foreground = importlib.import_module("imports.actions.drain")
    monkeypatch.setattr(foreground, "LONGEST_SLEEP", 60.0)  # nothing has to be looked at more often
    return by_hand(monkeypatch)


@pytest.fixture
def platform() -> Iterator[Callable[..., FaultyServer]]:
    """Start a server that plays these behaviours, one a request; the last one stays."""
    started: list[FaultyServer] = []

    def start(*behaviours: Behaviour) -> FaultyServer:
        server = FaultyServer(*behaviours)
        started.append(server.__enter__())
        return server

    yield start
    for server in started:
        server.stop()
