"""A platform that answers as the documents say and keeps what it was asked."""

from collections.abc import Callable, Iterator

import pytest

from tests.faulty_server import Behaviour, FaultyServer


@pytest.fixture
def server() -> Iterator[Callable[..., FaultyServer]]:
    from .road import takes  # the models need Django to be up

    started: list[FaultyServer] = []

    def start(*behaviours: Behaviour) -> FaultyServer:
        started.append(FaultyServer(*(behaviours or (takes,))).__enter__())
        return started[-1]

    yield start
    for one in started:
        one.stop()
