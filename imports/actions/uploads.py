"""Bringing bytes in: a file or a pasted table becomes a job."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused, not_stored
from imports.actions.quotas import check_room
from imports.actions.reaching import team_for
from imports.actions.trouble import is_full
from imports.history import name_of, record
from imports.models import ImportJob, SourceFile, Team
from imports.vault import Vault, new_sealed_key

SOURCE = "source"


def create_job(
    *, chunks: Iterable[bytes], name: str, by: Any, kind: str = "file", team: Team | None = None, size: int = 0
) -> ImportJob:
    """Store the bytes (hashed while written), then the rows. Raise Refused("file_too_large") past the limit, and
    Refused("no_space") when the disk of the files or of the database is full; before anything is stored
    Refused("too_many_unread"), or Refused("no_room") for the `size` that was announced. `team` is whose it is, where
    the person has several to choose from; Refused("team_not_yours") for another one.

    The job is `uploaded` afterwards; nobody has looked inside yet. When it fails, nothing of it is left.
    """
    check_room(by, size)
    whose = {"team": team_for(by, team), "created_by": by, "created_by_name": name_of(by)}
    job = ImportJob(title=clean_name(name), kind=kind, **whose)
    job.sealed_key = new_sealed_key()
    vault = Vault(f"jobs/{job.uuid}", job.sealed_key)
    try:
        size, sha256 = vault.put_stream(SOURCE, _limited(chunks))
        with transaction.atomic():
            job.source = SourceFile.objects.create(name=job.title, size=size, sha256=sha256)
            job.save()
            record("job_created", by=by, job=job, size=size, sha256=sha256, kind=kind)
    except BaseException as fault:
        _remove_bytes(vault)
        if isinstance(fault, OSError) or is_full(fault):
            raise not_stored(fault) from fault
        raise
    return job


def _remove_bytes(vault: Vault) -> None:
    """Half an upload is none; what cannot be removed now is no reason to hide what went wrong."""
    with contextlib.suppress(OSError):
        vault.delete(SOURCE)


def clean_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 300 characters; shown, never a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(ch for ch in last if ch.isprintable()).strip()[-300:] or f"import {timezone.now():%Y-%m-%d %H:%M}"


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    limit, size = settings.UPLOAD_LIMIT_BYTES, 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise Refused("file_too_large", limit_mb=limit // 1_000_000)
        yield chunk
