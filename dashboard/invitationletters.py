"""The letter with an invitation."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from imports.models import Invitation

log = logging.getLogger(__name__)


def mails_are_sent() -> bool:
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_invitation(invitation: Invitation, link: str) -> bool:
    """In the language of the page it is sent from; whether the mail server took it."""
    told = {"invitation": invitation, "link": link}
    subject = render_to_string("mail/invitation_subject.txt", told).strip()
    letter = EmailMessage(subject, render_to_string("mail/invitation.txt", told), to=[invitation.email])
    try:
        return bool(letter.send())
    except Exception as fault:  # noqa: BLE001 - whatever ails the mail server, the link can be handed over
        log.warning("a letter with an invitation was not taken: %s", type(fault).__name__)
        return False
