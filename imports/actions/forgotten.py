"""Letters with a link to a new password. Whether an address is anybody's finds a worker out and no page, so that how
long a page takes tells nothing.

Each is handed to the mail server once, or never: when the server was not reached nothing has gone, and it is tried
again, for as long as somebody may still wait for it.
"""

import logging
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from imports.actions.passwords import ask_for_new_password
from imports.actions.people import person_called
from imports.actions.preferences import preferences_of
from imports.models import ForgottenPassword
from imports.vault import Sealed, open_text, seal_text

log = logging.getLogger(__name__)

GOOD_FOR: Final = timedelta(hours=1)  # nobody waits longer, and the link would be over
WAIT: Final = timedelta(minutes=2)
MOST_AT_ONCE: Final = 50


def ask_for_link(address: str, *, client: str, language: str) -> ForgottenPassword:
    """Somebody has lost the password; the same is written whoever it is. The answer goes by mail, to a known address
    only."""
    asked = {"client": client[:45], "language": language[:10], "asked_at": timezone.now()}
    return ForgottenPassword.objects.create(sealed_address=seal_text(address), **asked)


def links_are_due() -> bool:
    """Whether somebody waits for such a letter."""
    return ForgottenPassword.objects.due(timezone.now()).exists()


def send_links() -> int:
    """Answer whoever waits, each once; how many letters the mail server took."""
    ForgottenPassword.objects.filter(asked_at__lt=timezone.now() - GOOD_FOR).delete()
    waiting = ForgottenPassword.objects.due(timezone.now()).values_list("pk", flat=True)
    return sum(_answer(pk) for pk in list(waiting[:MOST_AT_ONCE]))


def _answer(pk: int) -> bool:
    """Claimed by one UPDATE: two workers write no two letters. A worker that dies here costs a wait."""
    now = timezone.now()
    if not ForgottenPassword.objects.due(now).filter(pk=pk).update(next_try_at=now + WAIT):
        return False
    asked = ForgottenPassword.objects.get(pk=pk)
    if (person := _person(asked)) is None:
        return _close(asked)
    server = get_connection()
    try:
        server.open()
    except Exception as fault:  # noqa: BLE001 - whatever ails the mail server
        log.warning("the mail server was not reached: %s", type(fault).__name__)
        return False
    try:
        return _sent(asked, person, server)
    finally:
        server.close()


def _sent(asked: ForgottenPassword, person: Any, server: Any) -> bool:
    with transaction.atomic():  # taken off the list first: it may go, and goes no second time
        _close(asked)
        may_go = ask_for_new_password(person, address=asked.client)
    if not may_go:
        return False
    try:
        return bool(_letter(asked, person, server).send())
    except Exception as fault:  # noqa: BLE001 - as above
        log.warning("a letter with a link to a new password was not taken: %s", type(fault).__name__)
        return False


def _close(asked: ForgottenPassword) -> bool:
    ForgottenPassword.objects.filter(pk=asked.pk).delete()
    return False


def _person(asked: ForgottenPassword) -> Any | None:
    """Whom to write to; None for an address that is nobody's, or of somebody who signs in otherwise or not at all."""
    try:
        person = person_called(open_text(asked.sealed_address))
    except Sealed:
        return None
    known = person is not None and person.is_active and person.email and person.has_usable_password()
    return person if known else None


def _letter(asked: ForgottenPassword, person: Any, server: Any) -> EmailMessage:
    """In the person's language, else in that of the page it was asked on."""
    who, token = urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
    language = preferences_of(person).language or asked.language or settings.LANGUAGE_CODE
    with translation.override(language):
        told = {"link": settings.PUBLIC_URL + reverse("password_new", args=[who, token]), "name": person.get_username()}
        subject = render_to_string("mail/new_password_subject.txt").strip()
        body = render_to_string("mail/new_password.txt", told)
    return EmailMessage(subject, body, to=[person.email], connection=server)
