"""The outcomes of single profiles inside an answer.

Source: profiles/import_batch, Response parameters (result.error, result.error_text, result.profile_id; the order of
`result` repeats the order of `data`); workflows/import_and_start_batch, Response example (profile_id alone).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from imports.altcraft.envelope import Unreadable, code, member

Row = tuple[int, str, str]

_USUAL_KEYS: Final = frozenset({"error", "error_text", "profile_id"})


def read_rows(result: Any, expected: int, clean: Callable[[str], str]) -> tuple[Row, ...]:
    """(error, error_text, profile_id) for each of `expected` profiles. Raises Unreadable; nothing is ever shifted."""
    if result is None:
        raise Unreadable("result_missing")
    if not isinstance(result, list):
        raise Unreadable("result_not_a_list")
    if len(result) != expected:
        raise Unreadable("counts_differ")
    return tuple(_row(item, clean) for item in result)


def single_row(answer: Mapping[str, Any], clean: Callable[[str], str]) -> tuple[Row, ...]:
    """The one outcome that stands in the answer itself. Source: profiles/import, Response parameters."""
    return (_row(answer, clean),)


def shows_acceptance(result: Any) -> bool:
    """True when any profile in a result, however broken the rest, seems to have been taken."""
    return isinstance(result, list) and any(isinstance(item, dict) and _seems_taken(item) for item in result)


def _row(item: Any, clean: Callable[[str], str]) -> Row:
    if not isinstance(item, dict):
        raise Unreadable("row_unreadable")
    error, text, profile_id = _members(item)
    profile_id = _identifier(profile_id)
    if error is None and profile_id:
        error = 0  # the scenario call names the profile and leaves the code out
    number = code(error)
    if number is None or not isinstance(text, str | None):
        raise Unreadable("row_unreadable")
    return number, clean(text or ""), clean(profile_id)


def _members(item: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    if item.keys() <= _USUAL_KEYS:  # the fast way, taken for nearly every row
        return item.get("error"), item.get("error_text"), item.get("profile_id")
    return member(item, "error"), member(item, "error_text"), member(item, "profile_id")


def _identifier(value: Any) -> str:
    """An opaque id as text; missing, null and empty are alike. Raises Unreadable for what is no id."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable("row_unreadable")
    return str(value)


def _seems_taken(item: Mapping[str, Any]) -> bool:
    folded = {str(key).casefold(): value for key, value in item.items()}
    number = code(folded.get("error"))
    return number == 0 or ("error" not in folded and bool(folded.get("profile_id")))
