"""What people show of themselves: the password everybody has in tests, and the codes of an app on a phone."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

PASSWORD = "try the dashboard, all of it"  # everybody's
PROOF = {"proof": PASSWORD}  # of dashboard.stepup


def with_factor(person: Any) -> str:
    """Give the person a second factor; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code of now, or of some half minutes later; one later is still taken."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))
