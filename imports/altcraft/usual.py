"""An answer to a batch as nearly all are written, read straight into columns.

Ten thousand profiles are not worth ten thousand dictionaries that are taken apart at once. Whatever is not written
just so is left to the readers that look closer, and they would say the same of what is read here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET, Struct, UnsetType

from imports.altcraft.envelope import TextCleaner, says_the_same
from imports.altcraft.rows import Rows, clean_columns


class _Profile(Struct, gc=False):
    """Source: profiles/import_batch and workflows/import_and_start_batch, Response example: names and their order."""

    error: int | UnsetType = UNSET
    error_text: str | None | UnsetType = UNSET
    profile_id: str | None | UnsetType = UNSET


class _Envelope(Struct, gc=False):
    error: int
    error_text: str
    result: list[_Profile]


@dataclass(frozen=True, slots=True)
class Success:
    """An answer with error 0: what it says of the whole request, and of each profile."""

    text: str = field(repr=False)
    rows: Rows


_decode = msgspec.json.Decoder(_Envelope).decode
_encode = msgspec.json.Encoder().encode


def read_success(body: bytes, expected: int, clean: TextCleaner) -> Success | None:
    """The success that `body` tells of `expected` profiles; None where somebody must look closer.

    As in `read_object` it must be the same when it is written again: then no member was dropped or is there twice.
    """
    try:
        read = _decode(body)
        if read.error or len(read.result) != expected or not says_the_same(_encode(read), body):
            return None
    except (ValueError, RecursionError):  # not JSON, or other members and kinds of value
        return None
    if not all(profile.profile_id for profile in read.result if profile.error is UNSET):
        return None  # only who is named was taken without a code
    errors = [profile.error or 0 for profile in read.result]
    texts = [profile.error_text or "" for profile in read.result]
    ids = [profile.profile_id or "" for profile in read.result]
    rows = clean_columns(errors, texts, ids, clean)
    return None if rows is None else Success(clean(read.error_text), rows)
