"""Matching columns to fields, and saying where the rows go."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from imports.actions.attachments import drop_attachments, keep_attachments
from imports.actions.connections import mapped_fields, refuse_switched_off
from imports.actions.destinations import destination_faults
from imports.actions.errors import Refused
from imports.actions.permits import void_approval
from imports.actions.reaching import refuse_foreign
from imports.actions.tables import head
from imports.destination import Destination
from imports.history import name_of, record
from imports.mapping import ColumnMapping, ColumnTarget, Guess, TargetField, guess_targets
from imports.models import Connection, ImportJob
from imports.reading import added_columns
from imports.states import MAY_BE_MAPPED, JobState
from imports.validation import Refused as RefusedCell
from imports.validation import clean_cell


class MappingRefused(Refused):
    """The mapping cannot be used; `faults` lists every reason as (code, params)."""

    def __init__(self, faults: Sequence[tuple[str, dict[str, str]]]) -> None:
        super().__init__(faults[0][0], **faults[0][1])
        self.faults = list(faults)


def suggest_mapping(job: ImportJob, fields: Sequence[TargetField]) -> list[Guess]:
    """A guess for every column of the file, from its header and its telling values.

    None for the columns that a file of results added to its source: they tell of an import and are no people's.
    """
    columns = head(job)["columns"]
    headers = [c["header"] for c in columns]
    samples = [[c["first"], c["longest"], c["oddest"]] for c in columns]
    for place in added_columns(headers):
        headers[place], samples[place] = "", []
    return guess_targets(headers, samples, fields)


def map_columns(
    job: ImportJob, *, connection: Connection, destination: Destination, mapping: ColumnMapping, by: Any
) -> ImportJob:
    """Keep which column feeds which field and where it goes; any earlier check is void.

    Raise MappingRefused with every fault, Refused("not_mappable_now") when the job has moved on.
    """
    width = len(job.headers) or None
    kept = judged_choices(connection, destination, mapping, team_id=job.team_id, width=width, by=by)
    before, destination = job.destination, keep_attachments(job, destination, by=by)
    kept |= {"destination_plain": destination.to_plain()}
    with transaction.atomic():
        waiting = ImportJob.objects.filter(pk=job.pk, state__in=MAY_BE_MAPPED)
        kept |= {"draft_version": F("draft_version") + 1, "draft_at": None, "draft_by_name": name_of(by)}
        if not waiting.update(state=JobState.READ, checked_at=None, **kept):
            raise Refused("not_mappable_now")
        record_mapped(job, connection, destination, mapping, by=by)
        void_approval(job, by=by, why="edited")
    job.refresh_from_db()
    drop_attachments(job, before)
    return job


def judged_choices(
    connection: Connection,
    destination: Destination,
    mapping: ColumnMapping,
    *,
    team_id: int,
    width: int | None,
    by: Any,
) -> dict[str, Any]:
    """What a job of this team keeps of these choices. Raise MappingRefused with every fault, Refused for what this
    person, or this team, may not choose."""
    _refuse_query(destination, by)
    refuse_foreign(connection, team_id)
    refuse_switched_off(connection)
    faults = destination_faults(connection, destination)
    faults += mapping_faults(connection, destination, mapping, width=width)
    if faults:
        raise MappingRefused(faults)
    return {
        "connection": connection,
        "destination_plain": destination.to_plain(),
        "mapping_plain": mapping.to_plain(),
    }


def record_mapped(
    job: ImportJob, connection: Connection, destination: Destination, mapping: ColumnMapping, *, by: Any
) -> None:
    """Write into history who chose which columns and which destination."""
    fields = {str(target.column): target.field for target in mapping.targets}
    record("columns_mapped", by=by, job=job, connection=connection.name, fields=fields, **_told(destination, mapping))


def mapping_faults(
    connection: Connection, destination: Destination, mapping: ColumnMapping, *, width: int | None = None
) -> list[tuple[str, dict[str, str]]]:
    """Everything that forbids this mapping for this destination; `width` is the number of columns where it is known."""
    fields = mapped_fields(connection, destination.database_id, mapping)
    rules = destination.subscriptions
    faults = mapping.faults(fields, *destination.key_rule, rules)
    faults += [fault for target in mapping.targets for fault in _faults_of_substitute(target, fields)]
    mapped = {target.field for target in mapping.targets}
    for rule in rules:
        told = {"channel": rule.channel, "resource": str(rule.resource_id)}
        if not rule.contact and rule.own_field and rule.own_field not in mapped:
            faults.append(("subscription_without_contact", told | {"field": rule.own_field}))
        if width is not None and any(column >= width for column in rule.columns()):
            faults.append(("subscription_column_unknown", told))
    return faults if mapping.targets or rules else [*faults, ("nothing_mapped", {})]


def _faults_of_substitute(
    target: ColumnTarget, fields: Mapping[str, TargetField]
) -> Iterator[tuple[str, dict[str, str]]]:
    for text in target.substitutes.values() if target.field in fields else ():
        try:
            clean_cell(text, target, fields[target.field])
        except RefusedCell:
            yield "substitute_wrong", {"header": target.header}
            return


def _refuse_query(destination: Destination, by: Any) -> None:
    """A database query reaches anybody's profile: a person must be an admin, a script is one."""
    if not destination.custom_request or by is None or by.is_superuser:
        return
    if not by.groups.filter(name="admin").exists():
        raise Refused("custom_request_admins_only")


def _told(destination: Destination, mapping: ColumnMapping) -> dict[str, Any]:
    """What history keeps: choices, never values. A wrong cell's substitute is told as "set", words by their number."""
    actions = {str(target.column): target.action for target in mapping.targets if target.action}
    changed = [target for target in mapping.targets if target.on_bad != "refuse"]
    on_bad = {str(target.column): target.on_bad.partition(":")[0] for target in changed}
    words = {str(target.column): len(target.values) for target in mapping.targets if target.values}
    choices = (("actions", actions), ("on_bad", on_bad), ("words", words))
    return destination.told() | {name: told for name, told in choices if told}
