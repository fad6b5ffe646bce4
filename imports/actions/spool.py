"""Answers that could not be written because the database was away, kept on this machine's disk until it is back.

Sealed with the job's own key. Whoever finds a file imports it; the attempt's row decides that it counts once.
"""

import base64
import logging
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from imports.actions.claims import Claim
from imports.altcraft import Answer, AnswerClass
from imports.models import Attempt
from imports.vault import Sealed

log = logging.getLogger(__name__)

ENDING = ".answer"


def put(claim: Claim, answer: Answer) -> Path | None:
    """Write the answer to the disk; None, and a line in the log, when even that cannot be done."""
    name = f"{claim.attempt.pk}-{claim.attempt.lease_token}"
    try:
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        path, writing = _folder() / f"{name}{ENDING}", _folder() / f"{name}.writing"
        with os.fdopen(os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(claim.job.vault.seal(_plain(answer), _sealed_name(claim.attempt.pk)))
            file.flush()
            os.fsync(file.fileno())
        writing.rename(path)
    except OSError as fault:
        log.error("an answer could not be kept on the disk: attempt %s (%s)", claim.attempt.pk, type(fault).__name__)
        return None
    log.warning("the database is away; the answer to attempt %s waits on the disk", claim.attempt.pk)
    return path


def count() -> int:
    """How many answers wait on this machine's disk."""
    return sum(1 for _ in _folder().glob(f"*{ENDING}"))


def drop(path: Path | None) -> None:
    """The answer is in the database."""
    if path is not None:
        path.unlink(missing_ok=True)


def waiting() -> Iterator[tuple[Path, Claim, Answer]]:
    """Every answer that waits, with the claim it belongs to. A file whose job was destroyed is removed."""
    for path in sorted(_folder().glob(f"*{ENDING}")):
        number, _, token = path.name.removesuffix(ENDING).partition("-")
        known = Attempt.objects.filter(pk=number, lease_token=token)  # a restored backup gives numbers out again
        attempt = known.select_related("batch__job__connection", "batch__row_slice").first()
        if attempt is None or not attempt.batch.job.sealed_key:  # nothing opens what it holds
            drop(path)
            continue
        job = attempt.batch.job
        try:
            plain = job.vault.unseal(path.read_bytes(), _sealed_name(attempt.pk))
        except FileNotFoundError:  # its worker was quicker
            continue
        except (OSError, Sealed) as fault:
            log.error("a kept answer cannot be read: %s (%s)", path.name, type(fault).__name__)
            continue
        yield path, Claim(job, attempt.batch, attempt), _answer(plain)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "spool"


def _sealed_name(attempt_id: int) -> str:
    return f"spool/{attempt_id}"


def _plain(answer: Answer) -> bytes:
    plain = {one.name: getattr(answer, one.name) for one in fields(answer)}
    rows = None if answer.rows is None else list(answer.rows)
    return orjson.dumps(plain | {"rows": rows, "raw": base64.b64encode(answer.raw).decode()})


def _answer(plain: bytes) -> Answer:
    read: dict[str, Any] = orjson.loads(plain)
    rows = None if read["rows"] is None else tuple((code, text, number) for code, text, number in read["rows"])
    return Answer(**read | {"kind": AnswerClass(read["kind"]), "rows": rows, "raw": base64.b64decode(read["raw"])})
