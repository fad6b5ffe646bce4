"""The one place that writes history; called by actions inside their transaction."""

from contextvars import ContextVar
from typing import Any

from imports.models import HistoryEvent, ImportJob

COMMAND: ContextVar[str] = ContextVar("command", default="")  # the manage.py command that acts, if one does


def record(verb: str, *, by: Any = None, job: ImportJob | None = None, about: str = "", **details: Any) -> HistoryEvent:
    """Write who did what. `by` is a user, or None for the machine; details are ids, counts and codes only.

    What a command does at a terminal nobody signed in for: by nobody, and the command's name says how.
    """
    if by is None and COMMAND.get():
        details.setdefault("command", COMMAND.get())
    return HistoryEvent.objects.create(
        verb=verb,
        actor_id=getattr(by, "pk", None),
        actor_name=name_of(by),
        job_id=job.pk if job else None,
        object_text=(about or (job.title if job else ""))[:300],
        details=details,
    )


def name_of(by: Any) -> str:
    """The name to keep for good: the full name, else the login, "" for the machine."""
    return (by.get_full_name() or by.get_username())[:150] if by is not None else ""
