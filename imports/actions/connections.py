"""Accounts of the platform: adding one, asking it what it has, trying its token."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.actions.permits import account_changed
from imports.actions.plandigest import account_of
from imports.actions.reaching import team_for
from imports.altcraft import CallFailed, NotAllowed, catalogue
from imports.altcraft.client import Client
from imports.destination import Destination
from imports.history import name_of, record
from imports.mapping import SYSTEM_FIELDS, ColumnMapping, Kind, TargetField
from imports.models import Connection, ImportJob, Team, reach_of
from imports.states import JobState
from imports.validation import Subscribing
from imports.wording import CATALOGUE

MOST_PER_SECOND = 1000
MOST_FIRST = 1_000  # rows that go alone: they are to be looked at
MOST_BEFORE_BRAKE = 1_000_000
BYTES = range(1_000, 100_000_001)  # Source: workflows/import_and_start_batch (10 MB by default, 100 MB for files)
SECONDS = range(5, 601)
LOOK_SECONDS = 15.0  # a page waits for it
LIMITS = (
    "profiles_per_request",
    "bytes_per_request",
    "parallel",
    "requests_per_second",
    "deadline_seconds",
    "approval",
    "canary_rows",
    "brake_percent",
    "brake_after",
    "bearer",
    "nested_email",
    "nested_email_single",
)
APPROVAL = re.compile(r"never|unsafe|always|above:[1-9][0-9]{0,8}", re.ASCII)
SETTINGS = ("name", "base_url", "team", "sealed_token", "token_set_at", "blocked_until")
TOLD = frozenset({"name", "base_url", "team", *LIMITS})  # of a change; the token's has a word of its own
GOING_ON = (JobState.SENDING, JobState.PAUSED, JobState.HELD, JobState.NEEDS_DECISION)
KINDS = {kind.value: kind for kind in Kind}
REFUSALS = ("refused", "token_refused", "tariff_limit", "access_refused")  # worded for batches; lists say it shorter


def client_for(connection: Connection, *, deadline: float | None = None) -> Client:
    """A client of this account. Raise Refused when the deployment does not allow its host."""
    try:
        return Client(
            connection.base_url,
            connection.token,
            bearer=connection.bearer,
            deadline=deadline or float(connection.deadline_seconds),
            allowed_hosts=settings.ALTCRAFT_ALLOWED_HOSTS,
        )
    except NotAllowed as fault:
        raise Refused(fault.code, **{"address": connection.base_url, **fault.params}) from fault


def add_connection(
    *, name: str, base_url: str, token: str, by: Any, team: Team | None = None, **limits: Any
) -> Connection:
    """Keep an account, of a team or (None) of every team. Raise Refused when the host is not allowed, the token is
    empty, the name is taken or the team is not this person's."""
    connection = Connection(name=name.strip(), base_url=base_url.strip().rstrip("/"), team=_team(team, by))
    _set_limits(connection, limits)
    if not token.strip():
        raise Refused("token_missing")
    _set_token(connection, token)
    client_for(connection)
    if Connection.objects.filter(name=connection.name).exists():
        raise Refused("connection_name_taken", name=connection.name)
    with transaction.atomic():
        connection.save()
        record(
            "connection_added",
            by=by,
            about=connection.name,
            address=connection.base_url,
            **_whose(connection),
            **limits,
        )
    return connection


def change_connection(connection: Connection, *, by: Any, token: str = "", **values: Any) -> Connection:
    """Change an account's name, address, limits or team; an empty token keeps the old one. Raise Refused as add does,
    and "connection_used_elsewhere" when imports of other teams are on their way through it."""
    if "team" in values:
        connection.team = _team(values.pop("team"), by)
        _refuse_used_elsewhere(connection)
    for field in ("name", "base_url"):
        if values.get(field):
            setattr(connection, field, values.pop(field).strip().rstrip("/"))
    _set_limits(connection, values)
    if token.strip():
        _set_token(connection, token)
    client_for(connection)
    if Connection.objects.filter(name=connection.name).exclude(pk=connection.pk).exists():
        raise Refused("connection_name_taken", name=connection.name)
    with transaction.atomic():
        was = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
        connection.blocked_until = None
        connection.save(update_fields=[*SETTINGS, *LIMITS])
        fields = [name for name in (*SETTINGS, *LIMITS) if getattr(was, name) != getattr(connection, name)]
        changed = {**values, "token_replaced": bool(token.strip()), "fields": sorted(set(fields) & TOLD)}
        record(
            "connection_changed",
            by=by,
            about=connection.name,
            address=connection.base_url,
            **_whose(connection),
            **changed,
        )
        account_changed(connection, by=by, another=account_of(was) != account_of(connection))
    return connection


def switch_off(connection: Connection, *, by: Any) -> int:
    """Let nothing more be sent by this account, from the next mark "on the wire" on; imports wait, none is lost.

    Returns how many imports wait now. Raise Refused("connection_off_already").
    """
    with transaction.atomic():
        mine = Connection.objects.filter(pk=connection.pk, disabled_at=None)
        if not mine.update(disabled_at=timezone.now(), disabled_by_name=name_of(by)):
            raise Refused("connection_off_already", name=connection.name)
        waiting = ImportJob.objects.filter(connection=connection, state__in=GOING_ON).count()
        record("connection_switched_off", by=by, about=connection.name, imports=waiting, **_whose(connection))
    connection.refresh_from_db()
    return waiting


def switch_on(connection: Connection, *, by: Any) -> list[ImportJob]:
    """Let the account be used again. Returns the imports that go on now. Raise Refused("connection_on_already")."""
    with transaction.atomic():
        mine = Connection.objects.filter(pk=connection.pk).exclude(disabled_at=None)
        if not mine.update(disabled_at=None, disabled_by_name=""):
            raise Refused("connection_on_already", name=connection.name)
        jobs = list(ImportJob.objects.filter(connection=connection, state=JobState.SENDING))
        record("connection_switched_on", by=by, about=connection.name, imports=len(jobs), **_whose(connection))
    connection.refresh_from_db()
    return jobs


def refuse_switched_off(connection: Connection | None) -> None:
    """Raise Refused("connection_off") for an account that is switched off now, whatever was read of it before."""
    off = Connection.objects.filter(pk=connection.pk).exclude(disabled_at=None).first() if connection else None
    if off is not None:
        raise Refused("connection_off", name=off.name, who=off.disabled_by_name or "–")


def refuse_first_rows(rows: int) -> None:
    """Raise Refused("canary_out_of_range") for more rows than anybody looks at, or less than none."""
    if not 0 <= rows <= MOST_FIRST:
        raise Refused("canary_out_of_range", most=MOST_FIRST)


def waits_for_account(job: ImportJob) -> bool:
    """Whether the job is to be sent and its account is switched off, so that a person has to act first."""
    off = ImportJob.objects.filter(pk=job.pk, state=JobState.SENDING).exclude(connection__disabled_at=None)
    return off.exclude(connection=None).exists()


def refresh_catalogue(connection: Connection, *parts: str, by: Any = None) -> list[tuple[str, str]]:
    """Ask the platform for the named parts ("databases", "resources", "scenarios", "segments", "fields/5",
    "resource_fields/28/push").

    Keeps what came, with the time; returns (part, reason) for what failed, whose old copy stays. Whose wish it was is
    told in history; what pages fetch by themselves is not.
    """
    failed = look_at(connection, client_for(connection, deadline=LOOK_SECONDS), *parts, by=by)
    return [(part, reason_of(fault)) for part, fault in failed.items()]


def look_at(connection: Connection, client: Client, *parts: str, by: Any = None) -> dict[str, CallFailed]:
    """Fetch these parts of the catalogue and keep what came; what failed, by part."""
    fresh: dict[str, Any] = {}
    failed: dict[str, CallFailed] = {}
    for part in parts:
        try:
            fresh[part] = [item.to_plain() for item in _ask(client, part)]
        except CallFailed as fault:
            failed[part] = fault
    with transaction.atomic():
        if fresh:
            connection.catalogue, connection.catalogue_at = {**connection.catalogue, **fresh}, timezone.now()
            connection.save(update_fields=["catalogue", "catalogue_at"])
        if by is not None:
            told: dict[str, Any] = {"parts": len(fresh), "failed": len(failed)}
            record("catalogue_refreshed", by=by, about=connection.name, **told, **_whose(connection))
    return failed


def target_fields(connection: Connection, database_id: int) -> list[TargetField]:
    """Every field one can map to: the documented system fields, then this database's own as last fetched."""
    known = {field.name: field for field in SYSTEM_FIELDS}
    for plain in connection.part(f"fields/{database_id}") or ():
        if plain["name"] not in known and not plain.get("system"):
            known[plain["name"]] = _target_field(plain)
    return list(known.values())


def mapped_fields(connection: Connection, database_id: int, mapping: ColumnMapping) -> dict[str, TargetField]:
    """The fields a mapping may use, by name. While the database's own list could not be fetched, a name entered by
    hand is taken for a field of lines; the platform has the last word on it."""
    fields = {field.name: field for field in target_fields(connection, database_id)}
    if not connection.part(f"fields/{database_id}"):
        for target in mapping.targets:
            fields.setdefault(target.field, TargetField(name=target.field, kind=Kind.LINE, title=target.field))
    return fields


def subscription_fields(connection: Connection, resource_id: int, channel: str) -> dict[str, TargetField] | None:
    """The fields a subscription to this resource may have, by name; None while they were never fetched.

    Source: resources/fields_get.
    """
    plain = connection.part(f"resource_fields/{resource_id}/{channel}")
    return None if plain is None else {item["name"]: _target_field(item) for item in plain}


def subscribing(connection: Connection, destination: Destination) -> Subscribing:
    """The subscription rules of a destination with the types of their fields, as far as those are known."""
    rules = destination.subscriptions
    named = {(rule.resource_id, rule.channel) for rule in rules if rule.custom_fields}
    known = {key: fields for key in named if (fields := subscription_fields(connection, *key))}
    return Subscribing(rules, known, destination.phone_region, _channels(connection, destination.database_id))


def _channels(connection: Connection, database_id: int) -> dict[int, Sequence[str]] | None:
    """By number the channels of each resource of this database, as far as told; None while no list was fetched."""
    resources = connection.part("resources")
    bound = [one for one in resources or () if not one.get("database_ids") or database_id in one["database_ids"]]
    return {one["id"]: one.get("channels") or () for one in bound} if resources else None


def _target_field(plain: dict[str, Any]) -> TargetField:
    kind = KINDS.get(plain["type"], Kind.LINE)
    return TargetField(plain["name"], kind, plain["title"] or plain["name"], options=tuple(plain["options"]))


def _ask(client: Client, part: str) -> list[Any]:
    kind, _, number = part.partition("/")
    if kind == "fields":
        return catalogue.fetch_fields(client, int(number))
    if kind == "resource_fields":
        resource, _, channel = number.partition("/")
        return catalogue.fetch_resource_fields(client, int(resource), channel)
    if kind == "resources":
        return [_resource(client, entry) for entry in catalogue.fetch_resources(client)]
    asked: dict[str, Callable[[Client], list[Any]]] = {
        "databases": catalogue.fetch_databases,
        "scenarios": catalogue.fetch_scenarios,
        "segments": catalogue.fetch_segments,
    }
    return asked[kind](client)


def _resource(client: Client, entry: catalogue.CatalogueEntry) -> catalogue.CatalogueResource:
    """A resource with its channels and databases; without them when the platform does not tell (resources/get)."""
    try:
        return catalogue.fetch_resource(client, entry.id)
    except CallFailed:
        return catalogue.CatalogueResource(entry.id, entry.name)


def reason_of(fault: CallFailed) -> str:
    """Why a call failed; the platform's own code where it refused and we know what it means."""
    code = f"platform_{fault.answer.error or fault.answer.http_status}"
    return code if fault.reason in REFUSALS and code in CATALOGUE else fault.reason


def _team(team: Team | None, by: Any) -> Team | None:
    """Whose an account is; only those who see every team let it serve every team."""
    if team is None and (by is None or reach_of(by).every):
        return None
    return team_for(by, team)


def _whose(connection: Connection) -> dict[str, Any]:
    """For history: the team, whose people may read it."""
    return {"team": connection.team_id} if connection.team_id else {}


def _refuse_used_elsewhere(connection: Connection) -> None:
    mine = ImportJob.objects.filter(connection=connection).unfinished()
    if connection.team_id and (others := mine.exclude(team=connection.team_id).count()):
        raise Refused("connection_used_elsewhere", count=others)


def _set_token(connection: Connection, token: str) -> None:
    connection.token = token.strip()
    connection.token_set_at = timezone.now()


def _set_limits(connection: Connection, limits: dict[str, Any]) -> None:
    for name, value in limits.items():
        if name not in LIMITS:
            raise Refused("unknown_setting", name=name)
        setattr(connection, name, value)
    if not 1 <= connection.profiles_per_request <= 10_000:
        raise Refused("profiles_per_request_out_of_range")
    if connection.bytes_per_request not in BYTES:
        raise Refused("bytes_per_request_out_of_range")
    if connection.deadline_seconds not in SECONDS:
        raise Refused("deadline_out_of_range")
    if not APPROVAL.fullmatch(connection.approval):
        raise Refused("approval_unknown", text=connection.approval)
    if not 1 <= connection.parallel <= 64:
        raise Refused("parallel_out_of_range")
    if not 0 <= connection.requests_per_second <= MOST_PER_SECOND:
        raise Refused("requests_per_second_out_of_range")
    refuse_first_rows(connection.canary_rows)
    if not 0 <= connection.brake_percent <= 99 or not 1 <= connection.brake_after <= MOST_BEFORE_BRAKE:
        raise Refused("brake_out_of_range")
