"""Reading the JSON of an answer strictly: anything with two possible meanings is refused.

Source: API interaction (response envelope); S0, S1, S2, Response parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

LARGEST_CODE: Final = 2**31
LONGEST_TEXT: Final = 1_000  # characters kept of one text of the platform
_DIGITS: Final = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_WHITE: Final = b" \t\r\n"


class Unreadable(Exception):
    """Why an answer cannot be used, as a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises Unreadable. A byte order mark is let pass, as RFC 8259 allows."""
    if not body or body.isspace():
        raise Unreadable("empty_answer")
    if (plain := _plain_object(body)) is not None:
        return plain
    try:
        read = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Unreadable("bad_utf8") from None
    except RecursionError:
        raise Unreadable("too_deep") from None
    except ValueError:
        raise Unreadable("not_json") from None
    if not isinstance(read, dict):
        raise Unreadable("not_an_object")
    return read


def _plain_object(body: bytes) -> dict[str, Any] | None:
    """What `read_object` would return for the usual answer, ten times as fast; None where it must look closer.

    Written again the object must be the same but for white space. Then nothing was dropped on reading: a name that
    stands twice, half of a character, a digit of a number would be missing or differ.
    """
    try:
        read = orjson.loads(body)
        same = says_the_same(orjson.dumps(read), body)
    except (ValueError, TypeError):  # no JSON, or nested deeper than can be written
        return None
    return read if same and isinstance(read, dict) else None


def says_the_same(again: bytes, body: bytes) -> bool:
    """Whether what was read and written again is the body itself, but for white space."""
    return again == body or again.translate(None, _WHITE) == body.translate(None, _WHITE)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Unreadable("duplicate_keys")
    return read


def _refuse_constant(name: str) -> Any:
    raise Unreadable("not_a_number")


def member(container: Mapping[str, Any], name: str) -> Any:
    """The value under `name` in any letter case, None when absent. Raises Unreadable when two spellings stand there.

    Source: databases/list and segments/list print Groups, Id, Name; resources/list prints groups, id, name.
    """
    found = [key for key in container if key == name or key.casefold() == name]
    if len(found) > 1:
        raise Unreadable("duplicate_keys")
    return container[found[0]] if found else None


def code(value: Any) -> int | None:
    """An error code: a whole number, or its digits as text; None for anything else (true is not 1)."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -LARGEST_CODE <= value < LARGEST_CODE else None


class TextCleaner:
    """Makes a text of the platform fit to be kept: no secret, no NUL, no half characters, not endless.

    It remembers what it has seen: ten thousand profiles usually share a handful of texts.
    """

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self._seen: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text not in self._seen:
            whole = text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
            self._seen[text] = self._hide(whole)[:LONGEST_TEXT]
        return self._seen[text]

    def leaves(self, texts: Sequence[str]) -> bool:
        """Whether none of these texts would be changed: one look at all of them. False also where it cannot tell."""
        joined = "\n".join(texts)
        plain = joined.isascii() and "\x00" not in joined and max(map(len, texts), default=0) <= LONGEST_TEXT
        return plain and self._hide(joined) == joined
