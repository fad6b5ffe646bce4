"""Passwords: a new one ends every other session, because sessions hang on the old one."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from imports.history import name_of, record
from imports.models import HistoryEvent

PAUSE = timedelta(minutes=5)  # between two letters to one person


def change_password(user: Any, password: str, *, how: str) -> None:
    """`how`: "page" by somebody who is signed in, "mail" by a link. The password has been validated."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        record("password_changed", by=user, how=how)


def ask_for_new_password(user: Any, *, address: str) -> bool:
    """Whether a letter may go now; that it does is told in history."""
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        asked = HistoryEvent.objects.filter(verb="password_reset_asked", at__gt=timezone.now() - PAUSE)
        if any(event.details.get("person") == user.pk for event in asked):
            return False
        record("password_reset_asked", about=name_of(user), person=user.pk, address=address)
    return True
