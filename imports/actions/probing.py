"""Trying an account: which calls work with its token, told by name and reason."""

from typing import Any

from imports.actions.connections import refresh_catalogue
from imports.history import record
from imports.models import Connection

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
