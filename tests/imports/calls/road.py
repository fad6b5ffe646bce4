"""A file's whole road to the wire, and what a recording platform saw of it."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from imports import actions
from imports.altcraft import CALLS, SINGLE_CALLS
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.factories import fresh, make_job
from tests.faulty_server import FaultyServer, Peer, http_answer
from tests.platforms import account, drained

OK = {"error": 0, "error_text": "Successful operation"}
TOKEN = "secret-token-of-the-account"
FIELDS = {
    "Custom_ID": "int",
    "CRM_ID": "string",
    "card": "string",
    "points": "int",
    "labels": "tags",
    "address": "object",
    "custom_field": "string",
}
Server = Callable[..., FaultyServer]
Choices = dict[str, Any]
WAYS = [(name, False, call) for name, call in CALLS.items()] + [
    (name, True, call) for name, call in SINGLE_CALLS.items()
]


def takes(peer: Peer) -> None:
    """Answer batches and single calls as documented."""
    request = json.loads(peer.read_request().body)
    rows = [{**OK, "profile_id": f"{n:024x}"} for n in range(len(request["data"]))]
    single = isinstance(request["data"], dict)
    peer.send(http_answer(200, {**OK, "profile_id": "a" * 24} if single else {**OK, "result": rows}))


def cells(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def connection_to(server: FaultyServer, **limits: Any) -> Connection:
    made = account(server.url, **limits)
    fields = [
        {"name": name, "title": name, "type": actions_type(kind), "options": [], "system": False}
        for name, kind in FIELDS.items()
    ]
    made.catalogue = {f"fields/{database}": fields for database in (1, 5)}
    made.save()
    return made


def actions_type(kind: str) -> str:
    return {"int": "integer", "string": "line"}.get(kind, kind)


def travel(
    by: Any,
    connection: Connection,
    table: Sequence[Sequence[str]],
    *,
    columns: dict[str, Choices] | None = None,
    prepare: Callable[[ImportJob], None] | None = None,
    **choices: Any,
) -> ImportJob:
    """A file whose headers are field names, to its end. `columns` holds choices of columns, None leaves one out."""
    job = make_job(by, cells(table))
    if prepare:
        prepare(job)
    asked = columns or {}
    targets = [
        ColumnTarget(place, name, **{"field": name, **asked.get(name, {})})
        for place, name in enumerate(table[0])
        if not name.startswith("(")
    ]
    where = Destination(**({"database_id": 1, "phone_region": "RU"} | choices))
    actions.map_columns(job, connection=connection, destination=where, mapping=ColumnMapping(tuple(targets)), by=by)
    actions.begin_check(fresh(job), by=by)
    job = drained(job)
    assert job.state == JobState.CHECKED
    return drained(actions.start_job(job, by=by))


def bodies(server: FaultyServer) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in server.requests]


def paths(server: FaultyServer) -> list[str]:
    return [request.line.split()[1].removeprefix("/api/v1.1/") for request in server.requests]
