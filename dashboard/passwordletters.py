"""The letter with the link to a new password."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from imports import actions

log = logging.getLogger(__name__)


def send_link(person: Any) -> None:
    """In the person's language. A mail server that fails is told in the log, not to whoever asked."""
    who, token = urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
    language = actions.preferences_of(person).language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        told = {"link": settings.PUBLIC_URL + reverse("password_new", args=[who, token]), "name": person.get_username()}
        subject = render_to_string("mail/new_password_subject.txt").strip()
        letter = EmailMessage(subject, render_to_string("mail/new_password.txt", told), to=[person.email])
    try:
        letter.send()
    except Exception as fault:  # noqa: BLE001 - whatever ails the mail server
        log.warning("a letter with a link to a new password was not taken: %s", type(fault).__name__)
