from collections.abc import Callable
from typing import Any

import pytest

from imports.altcraft import Answer, AnswerClass, BatchRequest, Client
from imports.altcraft.calls import AnyRequest
from tests.faulty_server import FaultyServer, answers

TOKEN = "tok-0123456789-abcdef"
REQUEST_ID = "6b8a1f9e-0000-4000-8000-000000000001"
IMPORT = BatchRequest("import", 1)
ClientTo = Callable[..., Client]
PROFILES = [b'{"email":"a@example.com"}', b'{"email":"b@example.com"}']


@pytest.fixture
def client_to() -> ClientTo:
    """A client of a faulty server; tests of the deadline say their own."""

    def make(server: FaultyServer, **options: Any) -> Client:
        return Client(server.url, TOKEN, **{"allowed_hosts": [server.host], **options})

    return make


def post(client: Client, request: AnyRequest = IMPORT, profiles: list[bytes] = PROFILES, **options: Any) -> Answer:
    """Send two invented people, allowed to and on a kept connection unless told otherwise."""
    defaults: dict[str, Any] = {"request_id": REQUEST_ID, "before_wire": lambda: True, "fresh": False}
    return client.send(request, profiles, **{**defaults, **options})


def at_the_deadline(ask: Callable[[float], Answer]) -> Answer:
    """What becomes of a call whose deadline comes when it is on the wire; a busy machine needs longer to get there."""
    for deadline in (0.5, 2, 8, 32):
        answer = ask(deadline)
        if answer.kind is not AnswerClass.NOT_SENT:
            break
    return answer


def accepted(count: int = 2) -> dict[str, Any]:
    """The documented answer in which every profile was taken."""
    rows = [{"error": 0, "error_text": "Successful operation", "profile_id": f"{n:024x}"} for n in range(count)]
    return {"error": 0, "error_text": "Successful operation", "result": rows}


def told_by_frames(error: BaseException) -> str:
    """What an error report would print: the local variables of every frame, as Django and Sentry show them."""
    told, trace = [str(error), repr(error)], error.__traceback__
    while trace:
        if "/tests/" not in trace.tb_frame.f_code.co_filename:
            told += [repr(value) for value in trace.tb_frame.f_locals.values()]
        trace = trace.tb_next
    chained = [error.__cause__, error.__context__]
    return "\n".join(told + [told_by_frames(other) for other in chained if other])


TAKEN = answers(200, accepted(), keep=True)
