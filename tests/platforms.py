"""Jobs on a platform that does as the test says, for what a faithful sandbox never does."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from imports import actions
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_sending_job
from tests.faulty_server import Behaviour, Peer, http_answer


def takes_all(peer: Peer, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Answer as documented: every profile accepted; `meanwhile` happens while the call is on the wire."""
    request = json.loads(peer.read_request().body)
    meanwhile()
    connection.close()  # of this thread, in case the test asked the database meanwhile
    rows = [
        {"error": 0, "error_text": "Successful operation", "profile_id": f"{n:024x}"}
        for n in range(len(request["data"]))
    ]
    peer.send(http_answer(200, {"error": 0, "error_text": "Successful operation", "result": rows}))


def refuses_with(*poison: str) -> Behaviour:
    """Refuse a request as a whole as long as one of these people is in it; take it else."""

    def behaviour(peer: Peer) -> None:
        request = json.loads(peer.read_request().body)
        addresses = {str(profile.get("email")) for profile in request["data"]}
        if addresses & set(poison):
            peer.send(http_answer(200, {"error": 400, "error_text": "Invalid request"}))
        else:
            peer.send(http_answer(200, {"error": 0, "error_text": "", "result": _taken(request["data"])}))

    return behaviour


def _taken(profiles: list[Any]) -> list[dict[str, Any]]:
    return [{"error": 0, "error_text": "", "profile_id": f"{n:024x}"} for n in range(len(profiles))]


def account(url: str, **limits: Any) -> Connection:
    name = limits.pop("name", "Faulty")
    return actions.add_connection(name=name, base_url=url, token="secret-token-of-the-account", by=None, **limits)


def sending(by: Any, connection: Connection, rows: int = 3, **choices: Any) -> ImportJob:
    people = "\n".join(f"person{n}@example.com,Person" for n in range(rows))
    return make_sending_job(by, connection, f"E-mail,First name\n{people}\n", database_id=1, **choices)


def drained(job: ImportJob) -> ImportJob:
    actions.drain(job.pk)
    return fresh(job)
