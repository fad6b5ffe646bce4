"""The key of each row: what Altcraft will search a profile by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from imports.mapping import match_key_fields
from imports.validation.text import UNSET


def match_keys(values: Mapping[str, Sequence[Any]], matching: str, match_field: str) -> list[str | None]:
    """Return the normalised key of each row, for finding rows that mean the same profile; None where there is none.

    Of several phones the first counts; email_phone searches by the email where there is one, else by the phone.
    INFERRED: addresses differing by case only are one mailbox. Raises ValueError for an unknown matching.
    """
    rows = len(next(iter(values.values()), ()))
    keys: list[str | None] = [None] * rows
    for name in match_key_fields(matching, match_field):
        for index, value in enumerate(values.get(name, ())):
            if keys[index] is None and value is not None and value != UNSET:
                keys[index] = f"{name}:{_folded(name, value)}"
    return keys


def _folded(name: str, value: Any) -> str:
    if isinstance(value, list):
        value = value[0]
    return str(value).casefold() if name == "email" else str(value)
