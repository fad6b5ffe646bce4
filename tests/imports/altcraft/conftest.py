from collections.abc import Callable
from typing import Any

import pytest

from imports.altcraft import Answer, BatchRequest, Client
from imports.altcraft.calls import AnyRequest
from tests.faulty_server import FaultyServer

TOKEN = "tok-0123456789-abcdef"
REQUEST_ID = "6b8a1f9e-0000-4000-8000-000000000001"
IMPORT = BatchRequest("import", 1)
PROFILES = [b'{"email":"a@example.com"}', b'{"email":"b@example.com"}']


@pytest.fixture
def client_to() -> Callable[..., Client]:
    """A client of a faulty server, with a deadline a test can wait for."""

    def make(server: FaultyServer, **options: Any) -> Client:
        return Client(server.url, TOKEN, **{"deadline": 5.0, "allowed_hosts": [server.host], **options})

    return make


def post(client: Client, request: AnyRequest = IMPORT, profiles: list[bytes] = PROFILES, **options: Any) -> Answer:
    """Send two invented people, allowed to and on a kept connection unless told otherwise."""
    defaults: dict[str, Any] = {"request_id": REQUEST_ID, "before_wire": lambda: True, "fresh": False}
    return client.send(request, profiles, **{**defaults, **options})


def accepted(count: int = 2) -> dict[str, Any]:
    """The documented answer in which every profile was taken."""
    rows = [{"error": 0, "error_text": "Successful operation", "profile_id": f"{n:024x}"} for n in range(count)]
    return {"error": 0, "error_text": "Successful operation", "result": rows}
