"""Sending one batch: claim, mark, call, classify, keep the answer. The call itself is outside any transaction."""

import hashlib
import logging
import threading
from functools import lru_cache
from uuid import UUID

from imports.actions import clock
from imports.actions.answers import keep_answer
from imports.actions.breaker import probe
from imports.actions.claims import Claim, Later, Probe, claim_batch, mark_on_wire
from imports.actions.connections import client_for
from imports.actions.requests import batch_request
from imports.actions.trouble import AWAY
from imports.actions.verdicts import DATABASE_AWAY, NOT_PREPARED, STORAGE_AWAY
from imports.altcraft import Answer, AnswerClass
from imports.altcraft.client import Client
from imports.models import Batch, Connection, ImportJob
from imports.prepared import PreparedRun, PreparedTexts, sendable_places
from imports.results import aside_places
from imports.vault import Vault

log = logging.getLogger(__name__)
_clients = threading.local()


def send_next_batch(connection_id: int, *, job_id: int | None = None) -> Claim | Later:
    """Send one ready batch of the connection (of one job, if given) to its end. `Later` when there is none."""
    claim = claim_batch(connection_id, job_id=job_id)
    if isinstance(claim, Probe):
        probe(claim.connection_id)
        return Later(clock.now(), 0.0)
    if isinstance(claim, Later):
        _recent_texts.cache_clear()  # an idle worker holds nobody's profile
        return claim
    send_claimed(claim)
    return claim


def send_claimed(claim: Claim) -> Answer:
    """Post the stored texts of a claimed batch and keep what came back, or what kept it from going."""
    wire = _Wire(claim)
    try:
        answer = _call(claim, wire)
    except AWAY as fault:
        answer = _ours(claim, wire, DATABASE_AWAY, fault)
    except OSError as fault:
        answer = _ours(claim, wire, NOT_PREPARED if isinstance(fault, FileNotFoundError) else STORAGE_AWAY, fault)
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with us, the batch must not be lost
        answer = _ours(claim, wire, NOT_PREPARED, fault)
    keep_answer(claim, answer)
    return answer


class _Wire:
    """Asks for the permission to write, and remembers that it was given."""

    def __init__(self, claim: Claim) -> None:
        self.claim, self.marked, self.digest = claim, False, ""

    def ask(self) -> bool:
        self.marked = mark_on_wire(self.claim, body_sha256=self.digest)
        return self.marked


def _call(claim: Claim, wire: _Wire) -> Answer:
    texts = batch_texts(claim.job, claim.batch)
    wire.digest = hashlib.sha256(texts.joined).hexdigest()
    return _client(claim.job).send(
        batch_request(claim.job),
        texts,
        request_id=str(claim.batch.request_id),
        before_wire=wire.ask,
        fresh=not claim.job.repeatable,
    )


def _ours(claim: Claim, wire: _Wire, reason: str, fault: Exception) -> Answer:
    """A fault of our own, as an answer: nothing was sent, unless it came after the permission to write."""
    log.error("batch %s of job %s was not sent: %s", claim.batch.number, claim.job.pk, type(fault).__name__)
    if wire.marked:
        return Answer(kind=AnswerClass.NO_ANSWER, reason="unexpected")
    return Answer(kind=AnswerClass.NOT_SENT, reason=reason)


def batch_texts(job: ImportJob, batch: Batch) -> PreparedRun:
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
