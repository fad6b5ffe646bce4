"""Sealing everything with the newest of FIELD_KEYS, so that an older one can be taken away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models, transaction

from imports.history import record
from imports.models import Connection, Destruction, ImportJob, LastingSecret, PersonSearch
from imports.vault import field_cipher

AT_A_TIME = 500


@dataclass(slots=True)
class Rotated:
    """How many tokens, keys of imports, lasting secrets and second factors were sealed anew, how many were new already,
    and what no key opens."""

    tokens: int = 0
    jobs: int = 0
    secrets: int = 0
    factors: int = 0
    already: int = 0
    unopened: list[str] = field(default_factory=list)


def rotate_keys(*, by: Any = None) -> Rotated:
    """Seal tokens, lasting secrets, second factors and keys of imports with the first of FIELD_KEYS. Safe to run twice,
    and at work.

    Files are not touched: an import's own key stays the same, only what it is sealed with changes. Processes that hold
    the old sealing in memory go on with it until the old key is taken out of their environment.
    """
    found = Rotated()
    found.tokens = _rotate(Connection.objects.all(), "sealed_token", lambda one: f"connection “{one.name}”", found)
    found.jobs = _rotate(ImportJob.objects.all(), "sealed_key", lambda one: f"import {one.pk}", found)
    found.secrets = _rotate(LastingSecret.objects.all(), "sealed", lambda one: f"secret “{one.purpose}”", found)
    found.secrets += _rotate(Destruction.objects.all(), "sealed_person", lambda one: f"act {one.pk}", found)
    found.secrets += _rotate(PersonSearch.objects.all(), "sealed_person", str, found)
    found.factors = _rotate_factors(found)
    told: dict[str, Any] = {
        "tokens": found.tokens,
        "jobs": found.jobs,
        "secrets": found.secrets,
        "factors": found.factors,
        "already": found.already,
    }
    record("keys_rotated", by=by, **told, unopened=len(found.unopened))
    return found


def _rotate(everything: models.QuerySet[Any], name: str, told: Callable[[Any], str], found: Rotated) -> int:
    """In pieces, each in its own transaction, so that nobody waits for a long one."""
    done, last = 0, 0
    while some := list(everything.filter(pk__gt=last).exclude(**{name: ""}).order_by("pk")[:AT_A_TIME]):
        with transaction.atomic():
            done += sum(_sealed_anew(everything, one, name, told, found) for one in some)
        last = some[-1].pk
    return done


def _sealed_anew(
    everything: models.QuerySet[Any], one: Any, name: str, told: Callable[[Any], str], found: Rotated
) -> bool:
    sealed: str = getattr(one, name)
    try:
        if _is_newest(sealed):
            found.already += 1
            return False
        anew = field_cipher().rotate(sealed.encode()).decode()
    except InvalidToken:
        found.unopened.append(told(one))
        return False
    # The old text in the WHERE: a token somebody replaces just now is not put back.
    return everything.filter(pk=one.pk, **{name: sealed}).update(**{name: anew}) == 1


def _rotate_factors(found: Rotated) -> int:
    """The secret of an app, and the seed of recovery codes; they lie in the midst of what allauth keeps."""
    done = 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():  # a code that is used just now waits, so that it stays used
            one = Authenticator.objects.select_for_update().filter(pk=pk).first()
            done += one is not None and _factor_sealed_anew(one, found)
    return done


def _factor_sealed_anew(one: Authenticator, found: Rotated) -> bool:
    name = next((name for name in ("secret", "seed") if name in one.data), "")
    if not name or _is_newest(one.data[name]):
        found.already += bool(name)
        return False
    try:
        one.data[name] = field_cipher().rotate(one.data[name].encode()).decode()
    except InvalidToken:
        found.unopened.append(f"second factor of user {one.user_id}")
        return False
    one.save(update_fields=["data"])
    return True


def _is_newest(sealed: str) -> bool:
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True
