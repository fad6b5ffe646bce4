"""Presets: choices kept under a name, put on the next file like the last one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from imports.actions.connections import target_fields
from imports.actions.errors import Refused
from imports.actions.figures import Figures
from imports.actions.permits import void_approval
from imports.destination import Destination
from imports.history import name_of, record
from imports.mapping import ColumnMapping, Fit, fit, fitted_mapping, fitted_rules
from imports.models import Connection, ImportJob, Preset
from imports.results import asks_before_sending
from imports.states import MAY_BE_MAPPED, JobState
from imports.validation import DateEvidence

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Fitted:
    """A preset's choices on a job's columns, and how its file differs from the preset's."""

    mapping: ColumnMapping
    destination: Destination
    fit: Fit


def save_preset(
    job: ImportJob,
    *,
    name: str,
    shared: bool,
    connection: Connection,
    destination: Destination,
    mapping: ColumnMapping,
    by: Any,
) -> Preset:
    """Keep these choices under a name; the job is one of the preset's from now on. Raise Refused."""
    name = _checked_name(name)
    if not mapping.targets:
        raise Refused("preset_needs_choices")
    made = Preset(name=name, owner=by, owner_name=name_of(by), shared=shared, connection=connection)
    made.team_id = job.team_id
    _take(made, job, destination, mapping)
    with transaction.atomic():
        _store(made)
        ImportJob.objects.filter(pk=job.pk).update(preset=made)
        record(
            "preset_saved",
            by=by,
            job=job,
            about=made.name,
            preset=made.name,
            shared=shared,
            columns=len(mapping.targets),
        )
    job.preset = made
    return made


def update_preset(
    preset: Preset, job: ImportJob, *, connection: Connection, destination: Destination, mapping: ColumnMapping, by: Any
) -> Preset:
    """Let the preset be as this job's columns are now. Raise Refused for somebody else's."""
    _refuse_stranger(preset, by)
    if not mapping.targets:
        raise Refused("preset_needs_choices")
    preset.connection = connection
    _take(preset, job, destination, mapping)
    with transaction.atomic():
        preset.save()
        record("preset_updated", by=by, job=job, about=preset.name, preset=preset.name, columns=len(mapping.targets))
    return preset


def change_preset(preset: Preset, *, name: str, shared: bool, stop_when_odd: bool, by: Any) -> Preset:
    """Rename it, let others use it or not, set its rule. Raise Refused."""
    _refuse_stranger(preset, by)
    before, preset.name = preset.name, _checked_name(name)
    preset.shared, preset.stop_when_odd = shared, stop_when_odd
    with transaction.atomic():
        _store(preset)
        told: dict[str, Any] = {"before": before} if before != preset.name else {}
        told |= {"preset": preset.name, "shared": shared, "stop_when_odd": stop_when_odd}
        record("preset_changed", by=by, about=preset.name, **told)
    return preset


def delete_preset(preset: Preset, *, by: Any) -> None:
    """Imports made with it stay as they are. Raise Refused for somebody else's."""
    _refuse_stranger(preset, by)
    with transaction.atomic():
        record("preset_deleted", by=by, about=preset.name, preset=preset.name)
        preset.delete()


def apply_preset(job: ImportJob, preset: Preset | None, *, by: Any) -> ImportJob:
    """Begin the columns anew from the preset, or with None from what is guessed; any earlier check is void.

    Raise Refused("not_mappable_now") when the job has moved on, Refused("preset_of_another_team").
    """
    _refuse_foreign(job, preset)
    changes: dict[str, Any] = {"preset": preset, "mapping_plain": [], "destination_plain": None, "draft_at": None}
    if preset:
        changes["connection"] = preset.connection
    with transaction.atomic():
        waiting = ImportJob.objects.filter(pk=job.pk, state__in=MAY_BE_MAPPED)
        draft = F("draft_version") + 1
        if not waiting.update(state=JobState.READ, checked_at=None, draft_version=draft, **changes):
            raise Refused("not_mappable_now")
        record("preset_applied" if preset else "preset_put_away", by=by, job=job, preset=preset.name if preset else "")
        void_approval(job, by=by, why="edited")
    job.refresh_from_db()
    return job


def choose_preset(job: ImportJob, preset: Preset, *, by: Any) -> None:
    """Let a file nobody has mapped yet begin with the preset; asked for where it is uploaded. Raise
    Refused("preset_of_another_team")."""
    _refuse_foreign(job, preset)
    with transaction.atomic():
        waiting = ImportJob.objects.filter(pk=job.pk, mapping_plain=[], started_at=None)
        if waiting.update(preset=preset, connection=preset.connection):
            record("preset_applied", by=by, job=job, preset=preset.name)


def fitted(job: ImportJob) -> Fitted | None:
    """The choices of the job's preset on the columns of its file; None without a preset."""
    preset = job.preset
    if preset is None or not job.read_version:
        return None
    fields = target_fields(preset.connection, preset.destination.database_id)
    used = {target.column for target in preset.mapping.targets}
    used |= {column for rule in preset.destination.subscriptions for column in rule.columns()}
    found = fit(preset.headers, job.headers, sorted(used), fields)
    rules = fitted_rules(preset.destination.subscriptions, found)
    destination = replace(preset.destination, subscriptions=rules)
    return Fitted(fitted_mapping(preset.mapping, found, job.headers), destination, found)


def other_orders(job: ImportJob, found: Fitted, figures: Mapping[int, Figures]) -> list[tuple[int, str, str]]:
    """(column, order in the preset's file, order here) of dates in another order; here it is "" where two are mixed."""
    orders = job.preset.date_orders if job.preset else {}
    changed = []
    for old, now in found.fit.places.items():
        before, seen = orders.get(str(old), ""), figures.get(now)
        evidence = DateEvidence(**dict(seen.found.dates)) if seen else DateEvidence()
        mixed = bool((evidence.dmy or evidence.dotted) and evidence.mdy)
        nothing_told = evidence == DateEvidence() or (evidence.ambiguous and not mixed)
        order = "" if mixed else evidence.order()
        if before and not nothing_told and order != before:
            changed.append((now, before, order))
    return changed


def count_use(job: ImportJob) -> None:
    """A file of the preset is being sent."""
    if job.preset_id:
        Preset.objects.filter(pk=job.preset_id).update(imports=F("imports") + 1, last_used_at=timezone.now())


def refuse_odd_shape(job: ImportJob, *, seen: bool) -> None:
    """Raise Refused("shape_asks") when the preset's rule wants somebody to look first and nobody has."""
    if not seen and asks_before_sending(job):
        raise Refused("shape_asks")


def may_change(preset: Preset, user: Any) -> bool:
    """A preset is changed by who owns it; one whose owner is gone by anybody, and any by an admin or a script."""
    if user is None or preset.owner_id in (None, user.pk) or user.is_superuser:
        return True
    return bool(user.groups.filter(name="admin").exists())


def _checked_name(name: str) -> str:
    if not (name := " ".join(name.split())[:LONGEST_NAME]):
        raise Refused("preset_name_missing")
    return name


def _store(preset: Preset) -> None:
    try:
        with transaction.atomic():
            preset.save()
    except IntegrityError:
        raise Refused("preset_name_taken", name=preset.name) from None


def _take(preset: Preset, job: ImportJob, destination: Destination, mapping: ColumnMapping) -> None:
    """Everything but what must be asked for anew each time: files for messages stay with their job."""
    preset.destination_plain = replace(destination, attach=()).to_plain()
    preset.mapping_plain = mapping.to_plain()
    preset.headers = job.headers
    preset.date_orders = dict(_orders(job, mapping))


def _orders(job: ImportJob, mapping: ColumnMapping) -> Any:
    for target in mapping.targets:
        if order := target.date_order or (job.date_orders or {}).get(str(target.column), ""):
            yield str(target.column), order


def _refuse_foreign(job: ImportJob, preset: Preset | None) -> None:
    """Of who sees several teams, too: a preset's account and columns are its team's."""
    if preset is not None and preset.team_id != job.team_id:
        raise Refused("preset_of_another_team", name=preset.name)


def _refuse_stranger(preset: Preset, by: Any) -> None:
    if not may_change(preset, by):
        raise Refused("preset_not_yours", owner=preset.owner_name)
