"""The person a sign-in is about, by user name or e-mail address."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from imports import actions


def key_of(typed: str | None) -> str:
    """What failed tries are counted under: the person, whichever name was typed; of a name that is nobody's only a
    keyed hash, for people type passwords there."""
    person = actions.person_called(typed or "")
    if person is not None:
        return f"person {person.pk}"
    return f"nobody {salted_hmac('signin', (typed or '').casefold(), settings.SECRET_KEY).hexdigest()[:32]}"


class NameOrAddress(ModelBackend):
    """Django's passwords, for a user name or an e-mail address."""

    def authenticate(self, request: HttpRequest | None, username: Any = None, password: Any = None, **more: Any) -> Any:
        """As Django's; a name that is nobody's takes as long as one that is somebody's."""
        person = actions.person_called(username or "")
        return super().authenticate(request, username=person.username if person else "", password=password or "")
