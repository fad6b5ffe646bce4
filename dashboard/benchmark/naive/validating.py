"""One row's cells to a profile, with the libraries everybody reaches for."""

from datetime import datetime
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from dashboard.benchmark import chosen

_check_email = EmailValidator()
SEX = {"ж": "female", "женский": "female", "м": "male", "мужской": "male"}
CONSENT = {"да": True, "нет": False}


class Bad(Exception):
    """Why a row is not sent."""


def profile_of(cells: dict[str, str]) -> dict[str, Any]:
    """The profile to send. Raises Bad."""
    try:
        _check_email(cells["email"])
        profile: dict[str, Any] = {
            "email": cells["email"],
            "_fname": cells["first_name"],
            "_lname": cells["last_name"],
            "_bdate": datetime.strptime(cells["birth_date"], "%d.%m.%Y").strftime("%Y-%m-%d"),  # noqa: DTZ007 - a day
            "_city": cells["city"],
            "_sex": SEX[cells["sex"]],
            "card_number": cells["card_number"],
            "level": cells["level"],
            "points": int(cells["points"]),
            "last_purchase": datetime.strptime(cells["last_purchase"], "%Y-%m-%d").strftime("%Y-%m-%d"),  # noqa: DTZ007
            "spent": float(cells["spent"].replace(",", ".")),
            "source": cells["source"],
            "consent": CONSENT[cells["consent"]],
            "notes": cells["notes"],
            "subscriptions": [{"channel": "email", "resource_id": 1, "email_data": {"email": cells["email"]}}],
        }
        return {**profile, **_phones(cells["phone"])}
    except (ValidationError, ValueError, KeyError) as fault:
        raise Bad(str(fault)) from None
    except phonenumbers.NumberParseException as fault:
        raise Bad(str(fault)) from None


def _phones(text: str) -> dict[str, list[str]]:
    if not text:
        return {}
    number = phonenumbers.parse(text, chosen.REGION)
    if not phonenumbers.is_possible_number(number):
        raise ValueError("phone")
    return {"phones": [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)]}
