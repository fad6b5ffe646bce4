"""The connection test: which calls work with an account's token. Nothing is changed on the platform."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions.connections import LOOK_SECONDS, client_for, look_at, reason_of
from imports.altcraft import CALLS, Answer, AnswerClass, CallFailed, Client, catalogue
from imports.history import name_of, record
from imports.masking import mask
from imports.models import Attempt, Connection

LISTS = ("databases", "resources", "scenarios", "segments")
WORKS, REFUSED, UNREACHABLE, UNREADABLE, UNTRIED = "works", "refused", "unreachable", "unreadable", "untried"
TELLING = ("answered", "refused_all")  # kinds of attempts that show whether a call may be used
NOBODY = "import-dashboard-test-nobody@example.com"


@dataclass(frozen=True, slots=True)
class TriedCall:
    """One call and what was seen of it: `state` is one of the five above, `code` and `params` say why in words.

    `at` is when an import used the call, for calls the test itself does not make.
    """

    part: str
    state: str
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


def test_connection(connection: Connection, *, by: Any) -> list[TriedCall]:
    """Make every call that only reads, and tell of the others what imports have shown. Raise Refused.

    The first call nobody answers ends the test: the others would only be waited for.
    """
    client = client_for(connection, deadline=LOOK_SECONDS)
    tried: list[TriedCall] = []
    for one in _reading(connection, client):
        tried.append(one)
        if one.state == UNREACHABLE:
            break
    told = [[one.part, one.state, one.code, one.params] for one in tried]
    failed = [one.part for one in tried if one.state != WORKS]
    with transaction.atomic():
        keep_finding(connection, "calls", by=by, tried=told)
        record("connection_tested", by=by, about=connection.name, failed=failed)
    return [*tried, *calls_used(connection)]


def keep_finding(connection: Connection, name: str, *, by: Any, **told: Any) -> None:
    """Keep what was seen of the platform, with when and by whom; call it inside a transaction."""
    locked = Connection.objects.select_for_update().get(pk=connection.pk)
    locked.findings[name] = {"at": timezone.now().isoformat(), "by": name_of(by), **told}
    locked.save(update_fields=["findings"])
    connection.findings = locked.findings


def fault_of(part: str, fault: CallFailed) -> TriedCall:
    """How a call failed, in the three ways a person acts on differently."""
    answer = fault.answer
    told = {"error": str(answer.error or answer.http_status or ""), "text": mask(answer.error_text)}
    if answer.kind in (AnswerClass.NOT_SENT, AnswerClass.NO_ANSWER):
        return TriedCall(part, UNREACHABLE, answer.reason, told)
    if answer.kind is AnswerClass.UNREADABLE or answer.reason in ("address_wrong", "redirected"):
        return TriedCall(part, UNREADABLE, answer.reason, told)
    return TriedCall(part, REFUSED, reason_of(fault), told)


def _reading(connection: Connection, client: Client) -> Iterator[TriedCall]:
    for part in LISTS:
        yield _listed(connection, client, part, part)
        if part == "databases" and (databases := connection.part("databases")):
            yield _listed(connection, client, "fields", f"fields/{databases[0]['id']}")
            yield _looked_up(client, databases[0]["id"])
        if part == "resources" and (resources := connection.part("resources")):
            yield from _resource(connection, client, resources[0]["id"])


def _listed(connection: Connection, client: Client, name: str, part: str) -> TriedCall:
    failed = look_at(connection, client, part)
    return fault_of(name, failed[part]) if failed else TriedCall(name, WORKS)


def _resource(connection: Connection, client: Client, number: int) -> Iterator[TriedCall]:
    try:
        found = catalogue.fetch_resource(client, number)
    except CallFailed as fault:
        yield fault_of("resource", fault)
        return
    yield TriedCall("resource", WORKS)
    if found.channels:
        yield _listed(connection, client, "resource_fields", f"resource_fields/{number}/{found.channels[0]}")


def _looked_up(client: Client, database_id: int) -> TriedCall:
    """Ask for a profile nobody has: any answer about that profile shows that the call may be used."""
    try:
        client.read("profiles/get/", {"db_id": database_id, "matching": "email_profile", "email": NOBODY})
    except CallFailed as fault:
        if _is_about_the_profile(fault.answer):
            told = {"error": str(fault.answer.error), "text": mask(fault.answer.error_text)}
            return TriedCall("profile", WORKS, "lookup_answered", told)
        return fault_of("profile", fault)
    return TriedCall("profile", WORKS)


def _is_about_the_profile(answer: Answer) -> bool:
    return answer.kind is AnswerClass.REFUSED_REQUEST and answer.error not in (None, 400)


def calls_used(connection: Connection) -> list[TriedCall]:
    """The calls that write: never made by a test, but imports of this account may have shown whether they work."""
    ended = Attempt.objects.filter(batch__job__connection=connection, kind__in=TELLING).exclude(ended_at=None)
    last = {
        operation: ended.filter(batch__job__destination_plain__operation=operation).order_by("-ended_at").first()
        for operation in CALLS
    }
    return [_used(operation, attempt) for operation, attempt in last.items()]


def _used(operation: str, attempt: Attempt | None) -> TriedCall:
    if attempt is None:
        return TriedCall(operation, UNTRIED)
    if attempt.kind == "answered":
        return TriedCall(operation, WORKS, at=attempt.ended_at)
    told = {"error": str(attempt.error or attempt.http_status or "")}
    return TriedCall(operation, REFUSED, attempt.reason, told, attempt.ended_at)
