"""What the database itself refuses about approvals, whatever our code does: triggers, put in place after each migrate.

Not in a migration: SQLite rebuilds a table that is altered, and a rebuilt one has lost its triggers.
"""

from typing import Any, Final

JOBS: Final = "imports_importjob"
APPROVALS: Final = "imports_approval"
TABLES: Final = {"job_approved": JOBS, "job_sent": JOBS, "approval_kept": APPROVALS}
_SAID: Final = ("job_id", "digest", "author_id", "asker_id", "rows", "unsafe", "asked_at")  # never changes
_SENT: Final = "NEW.state = 'sending' AND OLD.state IN ('checked', 'approved') AND NEW.needs_approval"
_GIVEN: Final = f"""SELECT 1 FROM {APPROVALS} WHERE job_id = NEW.id AND state = 'approved'
    AND closer_id IS NOT NULL AND digest = NEW"""  # noqa: S608 - names of our own
_WHEN: Final = {
    "job_approved": "NEW.approved_digest <> '' AND NEW.approved_digest <> OLD.approved_digest",
    "job_sent": _SENT,
    "approval_kept": "(" + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _SAID) + ")"
    " OR (NEW.state = 'approved' AND OLD.state NOT IN ('open', 'approved'))",
}
_UNLESS: Final = {"job_approved": f"{_GIVEN}.approved_digest", "job_sent": f"{_GIVEN}.plan_digest"}
_OF: Final = {"job_approved": "approved_digest", "job_sent": "state"}
_WORDS: Final = "Nobody has approved this, or what an approval says was to be changed."


def guard_approvals(using: Any) -> None:
    """Put in place what is missing; nothing is locked when nothing is."""
    if not ({JOBS, APPROVALS} <= set(using.introspection.table_names())):
        return
    with using.cursor() as cursor:
        for name in sorted(TABLES.keys() - present(cursor, using.vendor)):
            for statement in statements(name, using.vendor):
                cursor.execute(statement)


def unguard_approvals(using: Any) -> None:
    """Before SQLite alters a table: while it is rebuilt, the triggers of another one would name what is not there."""
    if using.vendor == "sqlite":
        with using.cursor() as cursor:
            for name in TABLES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def present(cursor: Any, vendor: str) -> set[str]:
    """The triggers of ours that are there."""
    tables = "to_regclass(%s), to_regclass(%s)"
    postgresql = f"SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ({tables})"  # noqa: S608
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)"
    cursor.execute(postgresql if vendor == "postgresql" else sqlite, [JOBS, APPROVALS])
    return {name for (name,) in cursor.fetchall()}


def statements(name: str, vendor: str) -> list[str]:
    """The SQL of one trigger."""
    return _postgresql(name) if vendor == "postgresql" else _sqlite(name)


def _sqlite(name: str) -> list[str]:
    when = _WHEN[name].replace("IS DISTINCT FROM", "IS NOT")
    if name in _UNLESS:
        when = f"({when}) AND NOT EXISTS ({_UNLESS[name]})"
    of = f" OF {_OF[name]}" if name in _OF else ""
    return [
        f"CREATE TRIGGER {name} BEFORE UPDATE{of} ON {TABLES[name]} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    ]


def _postgresql(name: str) -> list[str]:
    refuse = f"RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"IF NOT EXISTS ({_UNLESS[name]}) THEN {refuse}; END IF; RETURN NEW;" if name in _UNLESS else f"{refuse};"
    of = f" OF {_OF[name]}" if name in _OF else ""
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE{of} ON {TABLES[name]} FOR EACH ROW WHEN ({_WHEN[name]}) "
        f"EXECUTE FUNCTION {name}()",
    ]
