"""What a second person agrees to, as one hash: file, reading, columns, destination, profiles, batches and account."""

from array import array
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from imports.approvals import PlanHash, bound_to, digest_of
from imports.models import Connection, ImportJob, RowSlice

Pairs = Mapping[int, "array[int]"]


def digest_of_plan(job: ImportJob, plan: PlanHash, pairs: Pairs) -> str:
    """Of a job whose check closes now. `plan` has seen its batches; `pairs` say by slice which rows are set aside.

    The profiles are hashed where they are written, so a million rows cost a look at a hundred slices.
    """
    told = {
        "job": job.uuid,
        "file": job.source.sha256 if job.source else "",
        "read": job.read_options,
        "columns": job.mapping_plain,
        "destination": job.destination_plain,
        "dates": job.date_orders,
        "unsafe": job.unsafe_reasons,
        "slices": [_slice(job, one, pairs) for one in RowSlice.objects.current(job).light()],
        "batches": plan.hexdigest(),
    }
    return bound_to(digest_of(told), account_of(job.connection)) if job.connection else digest_of(told)


def account_of(connection: Connection) -> dict[str, Any]:
    """What makes an account another one: its number, its address, and when its token was set."""
    set_at = connection.token_set_at
    return {"id": connection.pk, "address": connection.base_url, "token": set_at.isoformat() if set_at else ""}


def _slice(job: ImportJob, row_slice: RowSlice, pairs: Pairs) -> list[Any]:
    stored = row_slice.prepared_sha256 or _read(job, row_slice)
    aside = pairs.get(row_slice.pk)
    return [row_slice.number, row_slice.good, stored, sha256(aside.tobytes()).hexdigest() if aside else ""]


def _read(job: ImportJob, row_slice: RowSlice) -> str:
    """Of a slice that was checked before its hash was kept with it."""
    return sha256(job.vault.get(row_slice.prepared_name(job.check_version))).hexdigest()
