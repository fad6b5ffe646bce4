"""How long somebody stays signed in, and ending it from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from imports.history import name_of, record
from imports.models import Person, Policy


@dataclass(frozen=True, slots=True)
class SessionRules:
    """What holds for the sessions of one person."""

    idle_minutes: int
    session_hours: int
    sessions_from: datetime | None


def session_rules_of(user: Any) -> SessionRules:
    """Asked with every request, so in one statement."""
    policy = Policy.objects.all()[:1]
    asked = (
        get_user_model()
        ._default_manager.filter(pk=user.pk)
        .values_list(
            Subquery(policy.values("idle_minutes")),
            Subquery(policy.values("session_hours")),
            "person__sessions_from",
        )
    )
    idle, hours, since = next(iter(asked), (None, None, None))  # none: the user went away meanwhile
    default = Policy()
    return SessionRules(idle or default.idle_minutes, hours or default.session_hours, since)


def end_sessions(user: Any, *, by: Any) -> datetime:
    """Whoever is signed in as this user is so no more, from the next request on; returns the moment.

    A session begun at or before it is over. Called when a person is switched off, too, in the same transaction."""
    with transaction.atomic():
        now = timezone.now()
        Person.objects.update_or_create(user_id=user.pk, defaults={"sessions_from": now})
        record("sessions_ended", by=by, about=name_of(user), person=user.pk)
    return now
