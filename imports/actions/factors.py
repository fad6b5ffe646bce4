"""The second factor: codes of an app that change every half minute, and recovery codes for the day the phone is lost.

Both come from secrets that are sealed with FIELD_KEYS; each code opens once.
"""

from collections.abc import Collection
from hmac import compare_digest
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user_model
from django.db import transaction

from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.vault import open_text

LAST = "last_counter"
APP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
TELLING = {APP: "code", RECOVERY: "recovery"}


def has_second_factor(user: Any) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=APP).exists()


def those_with_second_factor(pks: Collection[int]) -> set[int]:
    """Which of these users have one."""
    found = Authenticator.objects.filter(user_id__in=pks, type=APP)
    return set(found.values_list("user_id", flat=True))


def use_code(user: Any, typed: str) -> str:
    """Take a code: "code" for one of the app, "recovery" for a recovery code, "" for a wrong or used one."""
    code = "".join(typed.split()).replace("-", "")
    if not code.isascii() or not code.isdigit():
        return ""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=(APP, RECOVERY))
        for one in sorted(kept, key=lambda one: one.type != APP):
            if _takes(one, code):
                one.record_usage()
                return TELLING[Authenticator.Type(one.type)]
    return ""


def turn_on_second_factor(user: Any, secret: str, code: str) -> list[str]:
    """Keep the app's secret once a code shows that the app has it; returns the recovery codes.

    Raise Refused("code_wrong"), or Refused("factor_on_already")."""
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)  # two windows at once
        if has_second_factor(user):
            raise Refused("factor_on_already")
        made = TOTP.activate(user, secret).instance
        if not _takes(made, "".join(code.split())):
            raise Refused("code_wrong")
        Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
        codes = RecoveryCodes.activate(user).get_unused_codes()
        record("second_factor_on", by=user)
    return codes


def new_recovery_codes(user: Any) -> list[str]:
    """Ten fresh ones; those of before open nothing any more. Raise Refused("factor_off")."""
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        if not has_second_factor(user):
            raise Refused("factor_off")
        Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
        codes = RecoveryCodes.activate(user).get_unused_codes()
        record("recovery_codes_made", by=user)
    return codes


def recovery_codes_left(user: Any) -> int:
    kept = Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


def turn_off_second_factor(user: Any) -> None:
    """By the person. Raise Refused("factor_off")."""
    with transaction.atomic():
        if not _remove(user):
            raise Refused("factor_off")
        record("second_factor_off", by=user)


def reset_second_factor(user: Any, *, by: Any) -> None:
    """By an admin, for somebody whose phone is gone: it is set up anew at the next sign-in, if it has to be.

    Raise Refused("factor_off")."""
    with transaction.atomic():
        if not _remove(user):
            raise Refused("factor_off")
        record("second_factor_reset", by=by, about=name_of(user), person=user.pk)


def _remove(user: Any) -> bool:
    on = has_second_factor(user)
    Authenticator.objects.filter(user_id=user.pk).delete()
    return on


def _takes(kept: Authenticator, code: str) -> bool:
    """Whether it is good, and good for the first time. The caller holds the row."""
    if kept.type == RECOVERY:
        return bool(kept.wrap().validate_code(code))
    secret, last = open_text(kept.data["secret"]), kept.data.get(LAST, -1)
    for counter in yield_hotp_counters_from_time():
        if counter > last and compare_digest(format_hotp_value(hotp_value(secret, counter)), code):
            kept.data[LAST] = counter
            kept.save(update_fields=["data"])
            return True
    return False
