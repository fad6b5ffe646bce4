"""Trying an account: which calls work with its token, told by name and reason."""

import uuid
from typing import Any

from imports.actions.connections import LOOK_SECONDS, client_for, refresh_catalogue
from imports.altcraft import AnswerClass, BatchRequest, CallFailed, Client
from imports.history import record
from imports.mapping import SubscriptionRule
from imports.masking import mask
from imports.models import Connection
from imports.profiles import build_profile

SPELLINGS = {"email_data": True, "email": False}
TEST_NAME = "TEST Import dashboard"  # whoever finds the profile knows what it is
PARTS = ("databases", "resources", "scenarios", "segments")


def test_connection(connection: Connection, *, by: Any) -> list[tuple[str, str]]:
    """Ask for every list the screens need: (part, "" when it works, else a reason code). Nothing is changed there."""
    failed = dict(refresh_catalogue(connection, *PARTS))
    databases = connection.part("databases") or []
    parts = [*PARTS]
    if databases:
        fields = f"fields/{databases[0]['id']}"
        failed |= dict(refresh_catalogue(connection, fields))
        parts.append(fields)
    results = [(part.partition("/")[0], failed.get(part, "")) for part in parts]
    record("connection_tested", by=by, about=connection.name, failed=[part for part, reason in results if reason])
    return results


def probe_email_spelling(
    connection: Connection, *, database_id: int, resource_id: int, by: Any
) -> list[tuple[str, str, dict[str, str]]]:
    """Try both spellings of an e-mail subscription in a batch: (spelling, code, params) for each.

    Only when a person asks: one marked test profile for each spelling, with an address nobody has (example.com) and
    triggers skipped, is left on the platform; asking again updates the same two. The setting itself is not changed.
    """
    client = client_for(connection, deadline=LOOK_SECONDS)
    found = [
        (spelling, *_try_spelling(client, spelling, database_id=database_id, resource_id=resource_id))
        for spelling in SPELLINGS
    ]
    told = {spelling: code for spelling, code, _ in found}
    record("connection_probed", by=by, about=connection.name, database=database_id, resource=resource_id, found=told)
    return found


def _try_spelling(client: Client, spelling: str, *, database_id: int, resource_id: int) -> tuple[str, dict[str, str]]:
    address = f"import-dashboard-test-{spelling.replace('_', '-')}@example.com"
    text = build_profile(
        {"email": address, "_fname": TEST_NAME},
        subscriptions=[SubscriptionRule("email", resource_id)],
        nested_email=SPELLINGS[spelling],
        wrapped=False,
    )
    request = BatchRequest("import", database_id, "email_profile")
    answer = client.send(request, [text], request_id=str(uuid.uuid4()), before_wire=lambda: True, fresh=False)
    if answer.kind is not AnswerClass.ANSWERED or not answer.rows:
        return "probe_refused", {"error": str(answer.error or answer.reason), "text": mask(answer.error_text)}
    error, said, _ = answer.rows[0]
    if error:
        return "probe_refused", {"error": str(error), "text": mask(said)}
    return _seen(client, address, database_id, resource_id), {}


def _seen(client: Client, address: str, database_id: int, resource_id: int) -> str:
    """Whether the test profile has the subscription now. Source: profiles/get."""
    try:
        asked = {"db_id": database_id, "matching": "email_profile", "email": address}
        profile = client.read("profiles/get/", asked).get("data")
    except CallFailed:
        return "probe_unseen"
    kept = profile.get("subscriptions") if isinstance(profile, dict) else None
    wanted = {"resource_id": resource_id, "channel": "email"}
    subscribed = any(isinstance(one, dict) and wanted.items() <= one.items() for one in kept or ())
    return "probe_works" if subscribed else "probe_not_seen"
