"""How long somebody stays signed in, where they are, and ending it from outside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from imports.history import name_of, record
from imports.models import Person, Policy, SignedIn


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
        SignedIn.objects.filter(user_id=user.pk).delete()
        record("sessions_ended", by=by, about=name_of(user), person=user.pk)
    return now


def note_session(user: Any, key: str, *, began: datetime, seen: datetime, address: str | None, browser: str) -> None:
    """Keep that somebody is at work in a session, so that they can see it and end it."""
    told = {"user": user, "began_at": began, "seen_at": seen, "address": address or None, "browser": browser[:60]}
    SignedIn.objects.update_or_create(session_key=key, defaults=told)


def sessions_of(user: Any) -> QuerySet[SignedIn]:
    """The sessions of a person that are not over, the one seen last first."""
    rules, now = session_rules_of(user), timezone.now()
    lasting = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    alive = Q(began_at__gt=now - timedelta(hours=rules.session_hours))
    alive &= Q(seen_at__gt=now - timedelta(minutes=rules.idle_minutes))
    if rules.sessions_from is not None:
        alive &= Q(began_at__gt=rules.sessions_from)
    return SignedIn.objects.filter(alive, Exists(lasting), user=user)


def end_session(signed_in: SignedIn, *, by: Any) -> None:
    """This one is over, from its next request on. Twice is once."""
    with transaction.atomic():
        Session.objects.filter(session_key=signed_in.session_key).delete()
        if SignedIn.objects.filter(pk=signed_in.pk).delete()[0]:
            record("session_ended", by=by, about=name_of(signed_in.user), person=signed_in.user_id)


def clear_sessions() -> int:
    """Sessions that are over go, whosever they were; how many."""
    gone, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    SignedIn.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
    return gone
