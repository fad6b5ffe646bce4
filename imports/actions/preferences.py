"""What a person chose for themselves. It concerns nobody else and no import, so history does not tell it."""

import zoneinfo
from typing import Any

from django.conf import settings

from imports.actions.errors import Refused
from imports.models import MailWish, Preferences


def preferences_of(user: Any) -> Preferences:
    """The person's choices; what was never chosen is as the deployment and the browser have it. Writes nothing."""
    return Preferences.objects.filter(user_id=user.pk).first() or Preferences(user_id=user.pk)


def choose_preferences(user: Any, **chosen: Any) -> Preferences:
    """Keep some of `language`, `time_zone`, `mail` and `mail_approvals`; "" for a language or zone lets the browser,
    or the deployment, decide. Raise Refused("preference_unknown")."""
    known: dict[str, set[Any]] = {"language": {"", *dict(settings.LANGUAGES)}, "mail": set(MailWish.values)}
    known["mail_approvals"] = {True, False}
    for name, value in chosen.items():
        if value not in known.get(name, {"", *zoneinfo.available_timezones()}):
            raise Refused("preference_unknown", value=value)
    return Preferences.objects.update_or_create(user_id=user.pk, defaults=chosen)[0]
