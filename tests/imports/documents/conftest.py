"""An account of the sandbox, and a road to it on which everything that passes is kept."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from tests.faulty_server import FaultyServer, Peer, http_answer

if TYPE_CHECKING:  # the models need Django to be up
    from imports.models import Connection
    from tests.imports.documents.wire import Wire


@pytest.fixture
def wire(sandbox: Any) -> "Iterator[Wire]":
    from imports.sandbox.catalogue import Resource
    from tests.imports.documents.wire import Wire

    every = ("email", "sms", "push", "whatsapp", "viber", "telegram_bot", "notify")
    own = ("custom_field", "custom_field_1")
    sandbox.platform.catalogue.resources[2] = Resource(2, "Sms", every, (1, 5), "https://sms.example.com", own)

    def passes_on(peer: Peer) -> None:
        request = peer.read_request()
        asked = Request(sandbox.url + request.line.split()[1], request.body, {"Content-Type": "application/json"})
        with urlopen(asked) as answer:
            peer.send(http_answer(answer.status, json.loads(answer.read())))

    with FaultyServer(passes_on) as server:
        yield Wire(server, sandbox.token)


@pytest.fixture
def account(sandbox: Any, wire: "Wire", db: None) -> "Connection":
    from imports import actions
    from tests.factories import make_connection

    made = make_connection(sandbox)
    actions.refresh_catalogue(made, "scenarios")
    actions.change_connection(made, by=None, base_url=wire.server.url)
    return made
