"""A JSON file's whole road, and what of it reached the sandbox."""

import json
from typing import Any

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob
from imports.results import totals
from imports.states import JobState
from tests.documented import Json
from tests.factories import fresh, make_job
from tests.faulty_server import FaultyServer
from tests.platforms import drained

SETTINGS = {"token", "db_id", "workflow_id", "matching", "field_name", "skip_triggers", "detect_geo"}


class Wire:
    """What reached the sandbox."""

    def __init__(self, server: FaultyServer, token: str) -> None:
        self.server, self._token = server, token

    def sent(self) -> list[tuple[str, Json]]:
        """(path, body without our token) of each request with profiles."""
        found = []
        for request in self.server.requests:
            body = json.loads(request.body)
            assert body.pop("token") == self._token
            if "data" in body:
                found.append((request.line.split()[1].removeprefix("/api/v1.1/"), body))
        return found


def from_file(
    by: Any, account: Connection, document: Any, *, columns: dict[str, Json] | None = None, **choices: Any
) -> ImportJob:
    """A JSON file, each of its names matched with the field of the same name, to its end."""
    job = make_job(by, json.dumps(document, ensure_ascii=False), name="example.json")
    named = [(place, name) for place, name in enumerate(job.headers) if name not in SETTINGS]
    targets = tuple(ColumnTarget(n, name, **{"field": name, **(columns or {}).get(name, {})}) for n, name in named)
    where = Destination(**({"database_id": 1} | choices))
    actions.map_columns(job, connection=account, destination=where, mapping=ColumnMapping(targets), by=by)
    actions.begin_check(fresh(job), by=by)
    job = drained(job)
    assert job.state == JobState.CHECKED
    return drained(actions.start_job(job, by=by)) if totals(job).pending else job
