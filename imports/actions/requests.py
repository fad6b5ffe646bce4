"""The request a job's batches are sent with, built from its destination: the one place where the two meet."""

import base64
from typing import Any

import orjson

from imports.actions.errors import Refused
from imports.altcraft import BatchRequest, SingleRequest, unsafe_reasons
from imports.destination import Attachment, Destination
from imports.models import ImportJob


def batch_request(job: ImportJob) -> BatchRequest | SingleRequest:
    """Everything of the API call but the profiles. Raise Refused("not_mapped_yet") without a destination."""
    where = job.destination
    if where is None:
        raise Refused("not_mapped_yet")
    common: dict[str, Any] = {
        "operation": where.operation,
        "database_id": where.database_id,
        "matching": where.matching,
        "match_field": where.match_field,
        "skip_triggers": where.skip_triggers,
        "skip_invalid_subscriptions": where.skip_invalid_subscriptions,
        "detect_geo": where.detect_geo,
    }
    if where.single:
        return SingleRequest(
            **common,
            add_to_segments=list(where.add_to_segments) or None,
            remove_from_segments=list(where.remove_from_segments) or None,
            placed=True,
        )
    return BatchRequest(**common, resource_id=where.resource_id, scenario_id=where.scenario_id, **_extras(job, where))


def why_unsafe(job: ImportJob, *, keys_filled: bool = True) -> list[str]:
    """Why a batch of this job must never be repeated by a machine; [] when repeating changes nothing.

    `keys_filled`: every row that is sent has a matching key.
    """
    where = job.destination
    return unsafe_reasons(
        batch_request(job),
        functions=job.mapping.functions(),
        explicit_status=where is not None
        and (any(rule.status for rule in where.subscriptions) or job.mapping.sends_statuses()),
        keys_unique=where is None or where.duplicates != "all" or not job.duplicate_rows,
        keys_filled=keys_filled or where is None or not where.searches,
    )


def _extras(job: ImportJob, where: Destination) -> dict[str, Any]:
    """What goes with a scenario, None where nothing was chosen."""
    return {
        "content": dict(where.content) or None,
        "attach": [_attached(job, one) for one in where.attach] or None,
        "custom_request": orjson.loads(where.custom_request) if where.custom_request else None,
    }


def _attached(job: ImportJob, one: Attachment) -> dict[str, str]:
    """Source: workflows/import_and_start_batch, attach; that `data` is base64 is INFERRED."""
    content = base64.b64encode(job.vault.get(one.vault)).decode() if one.vault else one.data
    return {"name": one.name, "mimetype": one.mimetype, "data": content}
