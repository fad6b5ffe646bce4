"""Email addresses: a strict fast pattern, and the library for what it refuses."""

from __future__ import annotations

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

from imports.validation.text import Refused, without_invisible

# Possessive repeats (++, *+): what they took is never given back, as no sign can belong to the part that follows.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"[a-z0-9]++(?:-[a-z0-9]++)*+"
_RESERVED = r"(?!(?:arpa|invalid|local|localhost|onion|test)$)"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)++{_RESERVED}[a-z]{{2,63}}+"
_PLAIN = re.compile(_ADDRESS).fullmatch
_EACH_PLAIN = re.compile(rf"^({_ADDRESS})$|^.*$", re.MULTILINE).findall  # one find a line, "" for what is not plain
# Within 64 characters no part of an address can be longer than its own limit.
_PLAIN_LENGTH: Final = 64

LONGEST: Final = 500
"""Characters of a cell past which it is no single address, however it is dressed."""

_MAILTO = re.compile(r"mailto:\s*([^?]*).*", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(r"[^<>@]*<\s*([^<>]*)\s*>")
_SEPARATORS = re.compile(r"[\s,;/|]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")


def quick_emails(texts: list[str]) -> list[str | None]:
    """Return what `clean_email` would for each text, or None where the fast pattern cannot tell."""
    # One search of the joined column is twice as fast as a match of each cell.
    found = _EACH_PLAIN("\n".join(texts))
    if len(found) != len(texts):  # a text has a line break
        found = [text if "\n" not in text and _PLAIN(text) else "" for text in texts]
    if "" not in found and max(map(len, found), default=0) <= _PLAIN_LENGTH:
        return found
    pairs = zip(found, texts, strict=True)
    return [plain if plain and len(plain) <= _PLAIN_LENGTH else _quick(text) for plain, text in pairs]


def _quick(text: str) -> str | None:
    """The same for an address with capital letters."""
    lowered = text.lower()
    if len(text) > _PLAIN_LENGTH or not text.isascii() or "\n" in text or not _PLAIN(lowered):
        return None
    local, domain = text.split("@")
    # The library lower-cases the role names of RFC 2142 (info, sales ...), which are the same mailbox in any case.
    return lowered if local.lower() in CASE_INSENSITIVE_MAILBOX_NAMES else f"{local}@{domain.lower()}"


def clean_email(text: str) -> str:
    """Return one address, its domain in lower case and in readable form. No network is asked.

    Raises Refused with "email_several" (count), "email_letters" (letters) or "email_invalid" (why: "no_at" | "at" |
    "space" | "comma" | "local" | "domain"). INFERRED: the local part keeps its case, an international domain is sent
    in its own script, as a person would write it; no Altcraft page says how addresses are compared.
    """
    address = _bare(without_invisible(text))
    _refuse_count(address)
    _refuse_look_alikes(address)
    try:
        normal = validate_email(address, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        # The library's own words quote the address.
        raise Refused("email_invalid", why=_faulty_side(address)) from None
    # No top-level domain has one letter: such an address has lost its end.
    if len(normal.rpartition(".")[2]) < 2:
        raise Refused("email_invalid", why="domain")
    return normal


def _bare(text: str) -> str:
    """Take off what mail programs and pages add: "mailto:", a name with angle brackets, a trailing separator."""
    text = text.strip().rstrip(",;").rstrip()
    if len(text) > LONGEST:
        return text
    if mailto := _MAILTO.fullmatch(text):
        text = mailto[1]
    if named := _NAMED.fullmatch(text):
        text = named[1]
    return text.strip()


def _refuse_count(address: str) -> None:
    ats = address.count("@")
    parts = [part for part in _SEPARATORS.split(address) if "@" in part]
    if ats > 1 and len(parts) > 1:
        raise Refused("email_several", count=str(len(parts)))
    if ats != 1:
        raise Refused("email_invalid", why="at" if ats else "no_at")
    if any(character.isspace() for character in address):
        raise Refused("email_invalid", why="space")
    if "," in address:
        raise Refused("email_invalid", why="comma")
    if len(address) > LONGEST:
        raise Refused("email_invalid", why="local")


def _refuse_look_alikes(address: str) -> None:
    """Refuse Cyrillic letters among Latin ones: nearly always а, е, о, с typed in the wrong layout."""
    local, _, domain = address.partition("@")
    for piece in [address] if domain.isascii() else [local, *domain.split(".")]:
        if _LATIN.search(piece) and (letters := _CYRILLIC.findall(piece)):
            raise Refused("email_letters", letters=", ".join(dict.fromkeys(letters)))


def _faulty_side(address: str) -> str:
    try:
        validate_email("a@" + address.partition("@")[2], check_deliverability=False)
    except EmailNotValidError:
        return "domain"
    return "local"
