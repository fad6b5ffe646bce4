"""How events of the history hang together, and the SQL by which the database chains and guards them.

An event's digest is the SHA-256 of its fields; a link's hash is the SHA-256 of the link before, its own number, its
event's number and that digest. Who changes, removes, inserts or reorders anything breaks every later link, and who
rewrites those too is given away by the heads kept outside the database (imports/actions/heads.py).
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Final

EVENTS: Final = "imports_historyevent"
LINKS: Final = "imports_historylink"
START: Final = "0" * 64  # what the first link hangs on
_canonical: Final = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode
_LOCK: Final = 5_318_008  # any number that nothing else locks by


def digest_of(
    at: datetime, verb: str, actor: int | None, actor_name: str, job: int | None, about: str, details: dict[str, Any]
) -> str:
    """64 hexadecimal digits of an event's fields, the same for what was written and for what is read back."""
    told = [at.astimezone(UTC).isoformat(timespec="microseconds"), verb, actor, actor_name, job, about, details]
    return hashlib.sha256(_canonical(told).encode()).hexdigest()


def hash_of(before: str, number: int, event: int, digest: str) -> str:
    """64 hexadecimal digits of a link; the triggers below compute the same."""
    return hashlib.sha256(f"{before} {number} {event} {digest}".encode()).hexdigest()


def guards(vendor: str) -> list[str]:
    """The statements that make the database chain new events and refuse any change of old ones."""
    return _POSTGRESQL if vendor == "postgresql" else _SQLITE


def unguards(vendor: str) -> list[str]:
    """The statements that take them away again: for migrations backwards, and for tests that start afresh."""
    if vendor != "postgresql":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in trigger_names(vendor)]
    tables = {name: LINKS if "links" in name else EVENTS for name in trigger_names(vendor)}
    dropped = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()]
    return [*dropped, "DROP FUNCTION IF EXISTS history_chain()", "DROP FUNCTION IF EXISTS history_refuse()"]


def trigger_names(vendor: str) -> set[str]:
    """What must be found in the database, or nothing is guarded."""
    second = "emptied" if vendor == "postgresql" else "removed"
    ends = (f"{what}_{done}" for what in ("events", "links") for done in ("changed", second))
    return {"history_chained", *(f"history_{end}" for end in ends)}


# At the end of the transaction (deferred), so that nobody who waits for the chain holds up a lock others wait for.
_POSTGRESQL: Final = [
    f"""CREATE FUNCTION history_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last_number bigint; last_hash text;
    BEGIN
        PERFORM pg_advisory_xact_lock({_LOCK});
        SELECT number, hash INTO last_number, last_hash FROM {LINKS} ORDER BY number DESC LIMIT 1;
        last_number := coalesce(last_number, 0) + 1;
        INSERT INTO {LINKS} (number, event_id, hash) VALUES (last_number, NEW.id, encode(sha256(convert_to(
            coalesce(last_hash, '{START}') || ' ' || last_number || ' ' || NEW.id || ' ' || NEW.digest,
            'UTF8')), 'hex'));
        RETURN NULL;
    END $$""",  # noqa: S608 - both names are our own
    """CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'The history is written once and never changed.'; END $$""",
    f"""CREATE CONSTRAINT TRIGGER history_chained AFTER INSERT ON {EVENTS} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION history_chain()""",
    *(
        statement
        for table, name in ((EVENTS, "events"), (LINKS, "links"))
        for statement in (
            f"""CREATE TRIGGER history_{name}_changed BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION history_refuse()""",
            f"""CREATE TRIGGER history_{name}_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()""",
        )
    ),
]

# One writer at a time is SQLite's own rule; SHA256 is a function Django gives every connection.
_SQLITE: Final = [
    f"""CREATE TRIGGER history_chained AFTER INSERT ON {EVENTS} BEGIN
        INSERT INTO {LINKS} (number, event_id, hash)
        SELECT last.number + 1, NEW.id,
            SHA256(last.hash || ' ' || (last.number + 1) || ' ' || NEW.id || ' ' || NEW.digest)
        FROM (SELECT number, hash FROM {LINKS} UNION ALL SELECT 0, '{START}' ORDER BY number DESC LIMIT 1) AS last;
    END""",  # noqa: S608 - both names are our own
    *(
        f"""CREATE TRIGGER history_{name}_{done} BEFORE {what} ON {table} BEGIN
            SELECT RAISE(ABORT, 'The history is written once and never changed.'); END"""
        for table, name in ((EVENTS, "events"), (LINKS, "links"))
        for what, done in (("UPDATE", "changed"), ("DELETE", "removed"))
    ),
]
