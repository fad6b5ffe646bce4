"""Matching columns to fields, and saying where the rows go."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from imports.actions.connections import mapped_fields
from imports.actions.errors import Refused
from imports.actions.tables import head
from imports.altcraft import CALLS
from imports.destination import DUPLICATE_RULES, Destination
from imports.history import record
from imports.mapping import ColumnMapping, Guess, TargetField, guess_targets
from imports.models import Connection, ImportJob
from imports.states import MAY_BE_MAPPED, JobState


class MappingRefused(Refused):
    """The mapping cannot be used; `faults` lists every reason as (code, params)."""

    def __init__(self, faults: Sequence[tuple[str, dict[str, str]]]) -> None:
        super().__init__(faults[0][0], **faults[0][1])
        self.faults = list(faults)


def suggest_mapping(job: ImportJob, fields: Sequence[TargetField]) -> list[Guess]:
    """A guess for every column of the file, from its header and its telling values."""
    columns = head(job)["columns"]
    samples = [[c["first"], c["longest"], c["oddest"]] for c in columns]
    return guess_targets([c["header"] for c in columns], samples, fields)


def map_columns(
    job: ImportJob, *, connection: Connection, destination: Destination, mapping: ColumnMapping, by: Any
) -> ImportJob:
    """Keep which column feeds which field and where it goes; any earlier check is void.

    Raise MappingRefused with every fault, Refused("not_mappable_now") when the job has moved on.
    """
    faults = destination_faults(connection, destination) + mapping_faults(connection, destination, mapping)
    if faults:
        raise MappingRefused(faults)
    with transaction.atomic():
        kept = {
            "connection": connection,
            "destination_plain": destination.to_plain(),
            "mapping_plain": mapping.to_plain(),
            "checked_at": None,
        }
        waiting = ImportJob.objects.filter(pk=job.pk, state__in=MAY_BE_MAPPED)
        if not waiting.update(state=JobState.READ, **kept):
            raise Refused("not_mappable_now")
        fields = {str(target.column): target.field for target in mapping.targets}
        record("columns_mapped", by=by, job=job, connection=connection.name, fields=fields, **_told(destination))
    job.refresh_from_db()
    return job


def mapping_faults(
    connection: Connection, destination: Destination, mapping: ColumnMapping
) -> list[tuple[str, dict[str, str]]]:
    fields = mapped_fields(connection, destination.database_id, mapping)
    return mapping.faults(fields, destination.matching, destination.match_field)


def destination_faults(connection: Connection, destination: Destination) -> list[tuple[str, dict[str, str]]]:
    """What is wrong with the choices themselves, against the call they ask for (api reference, sections 2 and 3)."""
    faults: list[tuple[str, dict[str, str]]] = []
    call = CALLS.get(destination.operation)
    if call is None:
        return [("operation_unknown", {"operation": destination.operation})]
    if call.matchings and destination.matching not in call.matchings:
        faults.append(("matching_not_for_call", {"matching": destination.matching}))
    if destination.matching == "custom" and not destination.match_field:
        faults.append(("match_field_missing", {}))
    if call.takes_scenario and destination.scenario_id is None:
        faults.append(("scenario_missing", {}))
    if destination.duplicates not in DUPLICATE_RULES:
        faults.append(("duplicates_unknown", {"rule": destination.duplicates}))
    databases = connection.part("databases")
    if databases and destination.database_id not in {item["id"] for item in databases}:
        faults.append(("database_unknown", {"id": str(destination.database_id)}))
    return faults


def _told(destination: Destination) -> dict[str, Any]:
    """What history keeps of a destination: choices, never values."""
    plain = destination.to_plain()
    return {name: value for name, value in plain.items() if value not in ("", None, (), [])}
