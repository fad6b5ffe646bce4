"""Bringing bytes in: a file, a pasted table or a typed form becomes a job."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.models import ImportJob, SourceFile
from imports.reading import DELIMITED, ReadOptions
from imports.vault import Vault, new_sealed_key

SOURCE = "source"


def create_job(*, chunks: Iterable[bytes], name: str, by: Any, kind: str = "file") -> ImportJob:
    """Store the bytes (hashed while written), then the rows. Raise Refused("file_too_large") past the limit.

    The job is `uploaded` afterwards; nobody has looked inside yet.
    """
    job = ImportJob(title=clean_name(name), kind=kind, created_by=by, created_by_name=name_of(by))
    job.sealed_key = new_sealed_key()
    vault = Vault(f"jobs/{job.uuid}", job.sealed_key)
    try:
        size, sha256 = vault.put_stream(SOURCE, _limited(chunks))
    except OSError as fault:
        raise Refused("no_space", reason=type(fault).__name__) from fault
    with transaction.atomic():
        job.source = SourceFile.objects.create(name=job.title, size=size, sha256=sha256)
        job.save()
        record("job_created", by=by, job=job, size=size, sha256=sha256, kind=kind)
    return job


def create_form_job(*, values: Sequence[tuple[str, str]], title: str, by: Any) -> ImportJob:
    """One typed profile as a file of one row: (field, text) pairs become header and cells, then the same road."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([name for name, _ in values])
    writer.writerow([value for _, value in values])
    job = create_job(chunks=[text.getvalue().encode()], name=title, by=by, kind="form")
    job.read_options = ReadOptions(DELIMITED).to_plain()  # we wrote it ourselves: nothing is to be guessed
    job.save(update_fields=["read_options"])
    return job


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
