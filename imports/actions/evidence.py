"""Looking some profiles of an unknown batch up: evidence for the person who decides, never a decision.

Reading changes nothing on the platform. A profile that is found says nothing about a message that was sent.
"""

import random
import time
import uuid
from collections.abc import Iterator
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from imports.actions import clock, gates
from imports.actions.connections import client_for, refuse_switched_off
from imports.actions.errors import Refused
from imports.altcraft import Client
from imports.altcraft.errors import CallFailed
from imports.altcraft.lookup import differing, fetch_profile, lookup_params, profile_of
from imports.history import name_of, record
from imports.masking import mask
from imports.models import Batch, Connection, Evidence, ImportJob
from imports.prepared import PreparedTexts, sendable_places, split_keys
from imports.results import aside_places
from imports.states import BatchState

LOOKED_UP = 10
CALL_SECONDS = 5.0
LOOK_SECONDS = 25.0  # a page waits for all of it
FOUND, MISSING, UNCLEAR = "found", "missing", "unclear"
NO_LOOKUP = ("", "custom_sub")  # a query names nobody; how a custom channel's value is sent is documented nowhere


def may_look_up(job: ImportJob) -> bool:
    """Whether the documents name a way to find this job's profiles by what was sent."""
    where = job.destination
    return where is not None and where.duplicate_rule[0] not in NO_LOOKUP


def look_up(batch: Batch, *, by: Any) -> Evidence:
    """Look up to ten profiles of an unknown batch up by their own keys, and keep what was found, sealed.

    Raise Refused: there is no way to ask, the account is off or asks to wait, the batch is not unknown any more, or
    nothing came back at all. Source: profiles/get.
    """
    job, connection = batch.job, batch.job.connection
    if connection is None or not may_look_up(job):
        raise Refused("no_lookup")
    if batch.state != BatchState.UNKNOWN:
        raise Refused("decided_already")
    refuse_switched_off(connection)
    _refuse_while_asked_to_wait(connection)
    found = list(_look(job, batch, connection))
    if not found:
        raise Refused("no_lookup")
    if all(one["verdict"] == UNCLEAR for one in found):
        raise Refused("lookup_failed", reason=found[-1]["reason"])
    return _keep(job, batch, found, by)


def _look(job: ImportJob, batch: Batch, connection: Connection) -> Iterator[dict[str, Any]]:
    client, end = client_for(connection, deadline=CALL_SECONDS), time.monotonic() + LOOK_SECONDS
    for row, text in _sample(job, batch):
        sent = orjson.loads(text)
        asked = _asked(job, sent)
        if asked is None:
            continue
        if not _turn_came(connection, end):
            return
        seen = _seen(client, sent, asked)
        yield {"row": row, **seen}
        if seen.get("silent"):
            return


def _asked(job: ImportJob, sent: dict[str, Any]) -> dict[str, Any] | None:
    where = job.destination
    if where is None:
        return None
    matching, field = where.duplicate_rule
    return lookup_params(
        sent,
        database_id=where.database_id,
        matching=matching,
        match_field=field,
        resource_id=where.resource_id,
    )


def _seen(client: Client, sent: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    try:
        profile = fetch_profile(client, asked)
    except CallFailed as fault:
        silent = fault.answer.http_status is None
        text = mask(fault.answer.error_text)
        return {"verdict": UNCLEAR, "reason": fault.reason, "error": fault.answer.error, "text": text, "silent": silent}
    if profile is None:
        return {"verdict": MISSING}
    same, differs = differing(profile_of(sent), profile)
    made = profile.get("_createtime")
    return {
        "verdict": FOUND,
        "profile_id": str(profile.get("_id") or ""),
        "created": made if isinstance(made, int) and not isinstance(made, bool) else None,
        "same": len(same),
        "differs": differs,
    }


def _sample(job: ImportJob, batch: Batch) -> list[tuple[int, bytes]]:
    """Some rows of the batch with their exact JSON, others each time, in the order of the file."""
    row_slice = batch.row_slice
    texts = PreparedTexts(job.vault.get(row_slice.prepared_name(job.check_version)))
    rows = split_keys(job.vault.get(row_slice.keys_name(job.check_version))).numbers
    places = sendable_places(len(texts), aside_places(job, row_slice))[batch.start : batch.stop]
    chosen = sorted(random.sample(places, min(LOOKED_UP, len(places))))
    return [(rows[place], texts.text(place)) for place in chosen]


def _turn_came(connection: Connection, end: float) -> bool:
    """Wait until the account's gate lets this call out, for looking counts as calling; False when that is too late."""
    while True:
        with transaction.atomic():
            wait = gates.seconds_at_wire(connection.pk)
        if time.monotonic() + wait > end:
            return False
        if not wait:
            return True
        time.sleep(wait)


def _refuse_while_asked_to_wait(connection: Connection) -> None:
    until = Connection.objects.filter(pk=connection.pk).values_list("blocked_until", flat=True).get()
    if until and until > clock.now():
        raise Refused("lookup_later", time=timezone.localtime(until).strftime("%H:%M:%S"))


def _keep(job: ImportJob, batch: Batch, found: list[dict[str, Any]], by: Any) -> Evidence:
    counts = {verdict: sum(one["verdict"] == verdict for one in found) for verdict in (FOUND, MISSING)}
    token = uuid.uuid4()
    evidence = Evidence(
        batch=batch, looked_by=by, looked_by_name=name_of(by), asked=len(found), token=token, **counts, sealed=b""
    )
    evidence.sealed = job.vault.seal(orjson.dumps(found), evidence.sealed_name)
    with transaction.atomic():
        evidence.save()
        record("evidence_looked", by=by, job=job, batch=batch.number, asked=len(found), **counts)
    return evidence
