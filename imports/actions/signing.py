"""What history tells of people coming and going. It happens in the browser's session; here it is only told."""

from typing import Any

from imports.history import name_of, record


def record_sign_in(person: Any, *, how: str, address: str) -> None:
    """`how`: "password", "password+code", "password+recovery" or "sso", with its code too."""
    record("signed_in", by=person, how=how, address=address)


def record_sign_out(person: Any) -> None:
    record("signed_out", by=person)


def record_session_end(person: Any, *, why: str) -> None:
    """`why`: "idle", "long" or "ended"."""
    record("session_over", by=person, why=why)


def record_failed_sign_in(*, person: Any | None, address: str, tries: int) -> None:
    """A name that is nobody's is not told: people type passwords there."""
    record("sign_in_failed", about=name_of(person), address=address, tries=tries, known=person is not None)


def record_failed_proof(*, person: Any | None, address: str, tries: int) -> None:
    """Somebody who has signed in could not prove it again."""
    record("stepped_up_failed", by=person, address=address, tries=tries)


def record_lockout(*, person: Any | None, address: str, tries: int) -> None:
    record("locked_out", about=name_of(person), address=address, tries=tries, known=person is not None)
