"""What was refused to somebody who is signed in leaves a line in history, and never floods it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from imports.history import record
from imports.models import HistoryEvent

MOST_AN_HOUR = 10  # lines for each person and page; the last of them says that further ones are only counted


def record_refusal(*, by: Any, route: str, status: int, times: int = 0) -> bool:
    """Write that this person was refused a page, by its route and never by its address.

    `times` is how often within the hour, where somebody counted. False when the hour has its lines.
    """
    since = timezone.now() - timedelta(hours=1)
    mine = HistoryEvent.objects.filter(actor_id=by.pk, verb="access_refused", at__gt=since, details__route=route)
    if (there := mine.count()) >= MOST_AN_HOUR:
        return False
    record("access_refused", by=by, route=route, status=status, times=max(times, there + 1))
    return True
