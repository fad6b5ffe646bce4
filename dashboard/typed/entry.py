"""From a page of typed people to their import, once."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson
from django.http import QueryDict
from django.utils import timezone

from dashboard.requests import Request
from dashboard.typed.table import TypedTable
from imports import actions, tasks
from imports.models import Connection, ImportJob

ENTRY = "entry"
BESIDE = ("csrfmiddlewaretoken", ENTRY)


def entry_of(given: QueryDict | None) -> str:
    """The sign of this page as it was opened; it stays while the page is shown again."""
    return str(_as_uuid(given.get(ENTRY) if given else None) or uuid4())


def begin(request: Request, connection: Connection, table: TypedTable, title: str) -> ImportJob:
    """Make the import and have it checked. The same page with the same content gives the same import: a button pressed
    twice is one import, a page gone back to and changed is another. Raise Refused, MappingRefused."""
    at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    job = actions.create_typed_job(
        headers=table.headers,
        rows=table.rows,
        title=title % {"time": at},
        connection=connection,
        destination=table.destination,
        mapping=table.mapping,
        entry=_number_of(request.POST, request.user, [one.sha256 for one in table.destination.attach]),
        by=request.user,
    )
    tasks.read_soon(job)
    return job


def _number_of(given: QueryDict, user: Any, files: Sequence[str]) -> UUID:
    told = sorted((name, values) for name, values in given.lists() if name not in BESIDE)
    digest = sha256(orjson.dumps([user.pk, told, files])).hexdigest()
    return uuid5(_as_uuid(given.get(ENTRY)) or uuid4(), digest)


def _as_uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
