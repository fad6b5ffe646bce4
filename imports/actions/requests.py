"""The request a job's batches are sent with, built from its destination: the one place where the two meet."""

from imports.actions.errors import Refused
from imports.altcraft import BatchRequest, unsafe_reasons
from imports.models import ImportJob


def batch_request(job: ImportJob) -> BatchRequest:
    """Everything of the API call but the profiles. Raise Refused("not_mapped_yet") without a destination."""
    where = job.destination
    if where is None:
        raise Refused("not_mapped_yet")
    return BatchRequest(
        operation=where.operation,
        database_id=where.database_id,
        matching=where.matching,
        match_field=where.match_field,
        skip_triggers=where.skip_triggers,
        skip_invalid_subscriptions=where.skip_invalid_subscriptions,
        detect_geo=where.detect_geo,
        resource_id=where.resource_id,
        scenario_id=where.scenario_id,
    )


def why_unsafe(job: ImportJob) -> list[str]:
    """Why a batch of this job must never be repeated by a machine; [] when repeating changes nothing."""
    where = job.destination
    unique = where is None or where.duplicates != "all" or not job.duplicate_rows
    return unsafe_reasons(batch_request(job), keys_unique=unique)
