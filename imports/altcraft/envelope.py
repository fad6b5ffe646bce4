"""Reading the JSON of an answer strictly: anything with two possible meanings is refused.

Source: API interaction (response envelope); S0, S1, S2, Response parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

LARGEST_CODE: Final = 2**31
LONGEST_TEXT: Final = 1_000  # characters kept of one text of the platform
_DIGITS: Final = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class Unreadable(Exception):
    """Why an answer cannot be used, as a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises Unreadable. A byte order mark is let pass, as RFC 8259 allows."""
    if not body or body.isspace():
        raise Unreadable("empty_answer")
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


def text_cleaner(hide: Callable[[str], str]) -> Callable[[str], str]:
    """A function that makes a text of the platform fit to be kept: no secret, no NUL, no half characters, not endless.

    It remembers what it has seen: ten thousand profiles usually share a handful of texts.
    """
    seen: dict[str, str] = {}

    def clean(text: str) -> str:
        if text not in seen:
            whole = text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
            seen[text] = hide(whole)[:LONGEST_TEXT]
        return seen[text]

    return clean
