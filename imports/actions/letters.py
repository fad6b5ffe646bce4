"""Letters about imports that ended or need somebody: each is handed to the mail server once, or never.

A letter holds counts and a link, nothing of a person and not the file's name, which may be somebody's. Whoever claims
one (one UPDATE) sends it; when the server could not be reached nothing has gone, and it is tried again; whatever
happens after that, it is not.
"""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from imports.actions.notices import ASKED
from imports.models import Notice, Preferences, reach_of
from imports.results import totals

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50
MOST_TRIES = 6
WAIT = timedelta(minutes=2)  # doubled with each try: two hours in all
LOST_AFTER = timedelta(hours=1)  # a worker that had a letter in its hands is gone


def letters_due() -> QuerySet[Notice]:
    """Letters that are wanted and may go now."""
    return Notice.objects.filter(mail=Notice.DUE).filter(Q(mail_at=None) | Q(mail_at__lte=timezone.now()))


def send_letters() -> int:
    """Send what is due, each once; returns how many the mail server took. Raises nothing that ails the mail server."""
    lost = Notice.objects.filter(mail=Notice.SENDING, mail_at__lt=timezone.now() - LOST_AFTER)
    lost.update(mail=Notice.FAILED)
    return sum(_send(pk) for pk in list(letters_due().order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]))


def _send(pk: int) -> bool:
    claimed = {"mail": Notice.SENDING, "mail_tries": F("mail_tries") + 1, "mail_at": timezone.now()}
    if not Notice.objects.filter(pk=pk, mail=Notice.DUE).update(**claimed):
        return False
    notice = Notice.objects.select_related("user", "job__connection").get(pk=pk)
    if not notice.user.email or not reach_of(notice.user).covers(notice.job.team_id):  # gone, or of another team now
        return _end(notice, Notice.FAILED)
    try:
        server = get_connection()
        server.open()
    except Exception as fault:  # noqa: BLE001 - whatever ails the mail server, imports do not suffer
        log.warning("the mail server was not reached: %s", type(fault).__name__)
        return _again(notice)
    try:
        taken = _letter(notice, server).send()
    except Exception as fault:  # noqa: BLE001 - as above; it may have gone, so it is not sent again
        log.warning("a letter was not taken, or nobody knows: %s", type(fault).__name__)
        return _end(notice, Notice.FAILED)
    finally:
        server.close()
    return _end(notice, Notice.SENT if taken else Notice.FAILED)


def _end(notice: Notice, mail: str) -> bool:
    Notice.objects.filter(pk=notice.pk).update(mail=mail)
    return mail == Notice.SENT


def _again(notice: Notice) -> bool:
    if notice.mail_tries >= MOST_TRIES:
        return _end(notice, Notice.FAILED)
    later = timezone.now() + WAIT * 2 ** (notice.mail_tries - 1)
    Notice.objects.filter(pk=notice.pk).update(mail=Notice.DUE, mail_at=later)
    return False


def _letter(notice: Notice, server: Any) -> EmailMessage:
    """In the person's language and time."""
    wishes = Preferences.objects.filter(user_id=notice.user_id).first() or Preferences()
    zone = wishes.time_zone or settings.TIME_ZONE
    with translation.override(wishes.language or settings.LANGUAGE_CODE), timezone.override(zone):
        page = "job_approval" if notice.code == ASKED else "job"
        link = settings.PUBLIC_URL + reverse(page, args=[notice.job.uuid])
        told = {"notice": notice, "job": notice.job, "sums": totals(notice.job), "link": link}
        subject = render_to_string("mail/subject.txt", told).strip()
        return EmailMessage(
            subject, render_to_string("mail/notice.txt", told), to=[notice.user.email], connection=server
        )
