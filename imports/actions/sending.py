"""Sending one batch: claim, mark, call, classify, keep the answer. The call itself is outside any transaction."""

import hashlib
import threading
from functools import lru_cache
from uuid import UUID

from imports.actions.answers import keep_answer
from imports.actions.claims import Claim, Later, claim_batch, mark_on_wire
from imports.actions.connections import client_for
from imports.actions.requests import batch_request
from imports.altcraft import Answer
from imports.altcraft.client import Client
from imports.models import Batch, Connection, ImportJob
from imports.prepared import PreparedTexts, sendable_places
from imports.results import aside_places
from imports.vault import Vault

_clients = threading.local()


def send_next_batch(connection_id: int, *, job_id: int | None = None) -> Claim | Later:
    """Send one ready batch of the connection (of one job, if given) to its end. `Later` when there is none."""
    claim = claim_batch(connection_id, job_id=job_id)
    if isinstance(claim, Later):
        _recent_texts.cache_clear()  # an idle worker holds nobody's profile
        return claim
    send_claimed(claim)
    return claim


def send_claimed(claim: Claim) -> Answer:
    """Post the stored texts of a claimed batch and keep what came back."""
    texts = batch_texts(claim.job, claim.batch)
    digest = hashlib.sha256(b",".join(texts)).hexdigest()
    answer = _client(claim.job).send(
        batch_request(claim.job),
        texts,
        request_id=str(claim.batch.request_id),
        before_wire=lambda: mark_on_wire(claim, body_sha256=digest),
        fresh=not claim.job.repeatable,
    )
    keep_answer(claim, answer)
    return answer


def batch_texts(job: ImportJob, batch: Batch) -> list[bytes]:
    """The exact JSON texts of a batch's profiles, as they were checked."""
    row_slice = batch.row_slice
    prepared = _recent_texts(job.uuid, job.sealed_key, row_slice.prepared_name(job.check_version))
    places = sendable_places(len(prepared), aside_places(job, row_slice))
    return prepared.texts(places[batch.start : batch.stop])


@lru_cache(maxsize=2)
def _recent_texts(uuid: UUID, sealed_key: str, name: str) -> PreparedTexts:
    """The profiles of the slices at work: batches go in line, and the next one mostly lies in the same slice."""
    return PreparedTexts(Vault(f"jobs/{uuid}", sealed_key).get(name))


def _client(job: ImportJob) -> Client:
    """This thread's client of the connection; a new one when its address, token or limits changed."""
    connection = job.connection
    if connection is None:
        raise ValueError("A job that is sending has a connection.")
    kept: dict[int, tuple[tuple[object, ...], Client]] = _clients.__dict__.setdefault("kept", {})
    stamp = _stamp(connection)
    if connection.pk not in kept or kept[connection.pk][0] != stamp:
        kept[connection.pk] = (stamp, client_for(connection))
    return kept[connection.pk][1]


def _stamp(connection: Connection) -> tuple[object, ...]:
    return (connection.base_url, connection.sealed_token, connection.bearer, connection.deadline_seconds)
