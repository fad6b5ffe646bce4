"""Contacts of a row beside those it is known by: second phones, addresses of its subscriptions. By them, too, "was this
person written to?" can be answered."""

from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from imports.destination import Destination
from imports.mapping import SubscriptionRule, column_of, match_channels, match_key_fields
from imports.models import ImportJob, RowSlice
from imports.validation import Cleaned
from imports.validation.given import contact_of

CHANNELS = ("email", "sms", "push")
Pairs = list[tuple[int, int]]  # (place among the good rows, hash)


def further_contacts(
    destination: Destination, cleaned: Cleaned, good: Sequence[int], keys: Sequence[str | None], known: set[str]
) -> Pairs:
    """What else is sent for the good rows; `keys` are theirs, by index, and `known` the fields whose (first) contacts
    are kept anyhow. An ordinary file, with an address and a phone in a row, has none."""
    found: dict[int, set[str]] = {}
    for index, text in _texts(destination, cleaned, known, keys):
        found.setdefault(index, set()).add(text)
    if not found:
        return []
    return sorted(
        (place, hash_of(text))
        for place, index in enumerate(good)
        if index in found
        for text in found[index] - _said(cleaned, index, keys[index], known)
    )


def hash_of(text: str) -> int:
    """A phone is the number it is, +E.164 having at most 15 digits; of anything else 64 bits of a hash."""
    if text.startswith("+") and text[1:].isdecimal():
        return int(text)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def keep_further(job: ImportJob, row_slice: RowSlice, pairs: Pairs) -> None:
    """16 bytes for each contact; no object where there is none."""
    if pairs:
        plain = array("Q", [number for pair in pairs for number in pair])
        job.vault.put(row_slice.further_name(job.check_version), plain.tobytes())


def further_of(job: ImportJob, row_slice: RowSlice) -> Pairs:
    """What was kept of a slice."""
    plain = array("Q")
    try:
        plain.frombytes(job.vault.get(row_slice.further_name(job.check_version)))
    except FileNotFoundError:
        return []
    return list(zip(plain[::2], plain[1::2], strict=True))


def forget_further(job: ImportJob, row_slice: RowSlice, places: set[int]) -> None:
    """Take out what was kept of these places."""
    pairs = further_of(job, row_slice)
    left = [pair for pair in pairs if pair[0] not in places]
    if len(left) < len(pairs):
        job.vault.delete(row_slice.further_name(job.check_version))
        keep_further(job, row_slice, left)


def _texts(
    destination: Destination, cleaned: Cleaned, known: set[str], keys: Sequence[str | None]
) -> Iterator[tuple[int, str]]:
    """(index, contact as it is hashed) of all that may be new; columns that cannot hold anything are left out."""
    alone = _key_column(destination)
    if "email" in cleaned.values and "email" not in known and alone != "email":
        emails = cleaned.values["email"]
        yield from ((index, text.casefold()) for index, text in enumerate(emails) if isinstance(text, str))
    first = 0 if "phones" not in known and alone != "phones" else 1
    for index, phones in enumerate(cleaned.values.get("phones", ())):
        if phones.__class__ is list and len(phones) > first:
            yield from ((index, phone) for phone in phones)
    for rule, taken in zip(destination.subscriptions, cleaned.subscribed, strict=True):
        if _is_of_its_own(rule):
            yield from ((index, _form(text)) for index, text in enumerate(taken.contacts) if isinstance(text, str))
    for index, given in enumerate(cleaned.values.get("subscriptions", ())):
        for one in given if isinstance(given, list) else ():
            yield from ((index, _form(text)) for name in CHANNELS if isinstance(text := contact_of(one, name), str))


def _said(cleaned: Cleaned, index: int, key: str | None, known: set[str]) -> set[str]:
    """The contacts of a row that are kept already: its key, and of the known fields the (first) contact."""
    name, _, text = (key or "").partition(":")
    said = {text} if name in ("email", "phones", "subscription_id") else set()
    for field in known:
        value: Any = cleaned.values[field][index]
        value = value[0] if isinstance(value, list) and value else value
        said |= {_form(value)} if isinstance(value, str) else set()
    return said


def _key_column(destination: Destination) -> str:
    """The field that alone every row's key is made of; "" when there is none."""
    mode, name = destination.duplicate_rule
    if not mode or match_channels(mode):
        return ""
    fields = match_key_fields(mode, name)
    return fields[0] if len(fields) == 1 else ""


def _is_of_its_own(rule: SubscriptionRule) -> bool:
    """Whether a rule's contact comes from another column than the row's address or phone."""
    return rule.channel in CHANNELS and column_of(rule.contact) is not None


def _form(text: str) -> str:
    return text.casefold() if "@" in text else text
