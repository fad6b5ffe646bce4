"""Links for support: whoever has one reads one import's result, masked, for a week or until it is taken back."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.models import ImportJob, SharedLink
from imports.states import SENT_OR_SENDING

LIFETIME = timedelta(days=7)
MOST_OPEN = 10  # of one import at a time
TOLD_AGAIN = timedelta(hours=1)  # a visit of many pages is one line of history
LONGEST_TOKEN = 100


def make_link(job: ImportJob, *, by: Any) -> tuple[SharedLink, str]:
    """A new link and its token, which is told here and never again. Raise Refused("links_off" | "link_too_early" |
    "links_too_many")."""
    if not settings.SHARED_LINKS:
        raise Refused("links_off")
    if job.state not in SENT_OR_SENDING:
        raise Refused("link_too_early")
    token, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if SharedLink.objects.open_at(now).filter(job=job).count() >= MOST_OPEN:
            raise Refused("links_too_many", most=MOST_OPEN)
        maker = {"made_by_id": getattr(by, "pk", None), "made_by_name": name_of(by)}
        times = {"made_at": now, "expires_at": now + LIFETIME}
        link = SharedLink.objects.create(job=job, token_sha256=digest(token), **maker, **times)
        record("link_made", by=by, job=job, link=link.pk)
    return link, token


def open_link(token: str) -> SharedLink | None:
    """The link this token opens now, noted as opened; None for any other text, an old link and one taken back."""
    now = timezone.now()
    if not settings.SHARED_LINKS or len(token) > LONGEST_TOKEN:
        return None
    known = SharedLink.objects.open_at(now).filter(token_sha256=digest(token))
    link = known.select_related("job__connection", "job__source").first()
    if link is None:
        return None
    with transaction.atomic():
        SharedLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, opened_at=now)
        if link.opened_at is None or link.opened_at < now - TOLD_AGAIN:
            record("link_opened", job=link.job, link=link.pk)
    return link


def revoke_link(link: SharedLink, *, by: Any) -> None:
    """Nobody can open it any more. Twice is once."""
    with transaction.atomic():
        ended = {"revoked_at": timezone.now(), "revoked_by_name": name_of(by)}
        if SharedLink.objects.filter(pk=link.pk, revoked_at=None).update(**ended):
            record("link_revoked", by=by, job=link.job, link=link.pk)


def digest(token: str) -> str:
    """What is kept of a token. It is random and long: no salt and no slow hash would add anything."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
