"""What is kept: the record, its witnesses, keys; and what is to go."""

import hashlib
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from imports.actions.heads import last_head
from imports.actions.retention import due_soon, overdue
from imports.models import HistoryEvent, HistoryLink, LastingSecret, Team
from imports.storage.looking import storage_trouble
from imports.vault import Sealed, open_text

from .lines import BAD, LOOK, UNKNOWN, WELL, Line

VERIFIED_WITHIN: Final = timedelta(days=2)  # the scheduler does so daily
HEAD_WITHIN: Final = timedelta(minutes=15)  # kept every five minutes while something happens


def verified() -> Line:
    """What came out when the chain of the history was recomputed last."""
    last = HistoryEvent.objects.last_verified()
    if last is None:
        return Line(UNKNOWN, "verified_never")
    params = {"at": last.at, "events": last.details.get("events", 0), "number": last.details.get("number", 0)}
    if last.details.get("broken"):
        return Line(BAD, "verified_broken", params)
    return Line(LOOK if timezone.now() - last.at > VERIFIED_WITHIN else WELL, "verified", params)


def head() -> Line:
    """Whether the newest link has been kept outside lately."""
    if storage_trouble():
        return Line(UNKNOWN, "head_not_asked")
    newest, last = HistoryLink.objects.head(), last_head()
    if newest is None:
        return Line(WELL, "head_nothing")
    if last is None:
        return Line(LOOK, "head_never")
    params = {"at": last.at, "number": last.number, "behind": max(0, newest.number - last.number)}
    waits = HistoryLink.objects.filter(number=last.number + 1).values_list("event__at", flat=True).first()
    late = waits is not None and timezone.now() - waits > HEAD_WITHIN
    return Line(LOOK if late else WELL, "head", params)


def purges() -> Line:
    """Imports whose rows and files go within a week, and those that stay too long because somebody has to decide."""
    teams = list(Team.objects.all())
    soon, late = sum(due_soon(team).count() for team in teams), sum(overdue(team).count() for team in teams)
    return Line(LOOK if late else WELL, "purge_late" if late else "purge", {"soon": soon, "late": late})


def keys() -> Line:
    """How many keys there are, by name and never by value, and whether they open what they must."""
    names = [hashlib.sha256(str(key).encode()).hexdigest()[:8] for key in settings.FIELD_KEYS]
    params = {"count": len(names), "names": ", ".join(names)}
    sealed = LastingSecret.objects.values_list("sealed", flat=True)
    try:
        for one in sealed:
            open_text(one)
    except Sealed:
        return Line(BAD, "keys_do_not_open", params)
    return Line(LOOK if len(names) > 1 else WELL, "keys_two" if len(names) > 1 else "keys", params)
