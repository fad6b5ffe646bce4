"""The outcomes of single profiles inside an answer.

Source: profiles/import_batch, Response parameters (result.error, result.error_text, result.profile_id; the order of
`result` repeats the order of `data`); workflows/import_and_start_batch, Response example (profile_id alone).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, overload

from imports.altcraft.envelope import LARGEST_CODE, TextCleaner, Unreadable, code, member

Row = tuple[int, str, str]

_USUAL_KEYS: Final = frozenset({"error", "error_text", "profile_id"})
_TEXT_OR_NONE: Final = {str, type(None)}


class Rows(Sequence[Row]):
    """(error, error_text, profile_id) of each profile. They are kept in columns, as they are packed; a row is made for
    who asks for it."""

    __slots__ = ("errors", "ids", "texts")

    def __init__(self, errors: Sequence[int], texts: Sequence[str], ids: Sequence[str]) -> None:
        self.errors, self.texts, self.ids = errors, texts, ids

    def __len__(self) -> int:
        return len(self.errors)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> Row | Rows:
        if isinstance(place, slice):
            return Rows(self.errors[place], self.texts[place], self.ids[place])
        return self.errors[place], self.texts[place], self.ids[place]

    def __iter__(self) -> Iterator[Row]:
        return zip(self.errors, self.texts, self.ids, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def read_rows(result: Any, expected: int, clean: TextCleaner) -> Sequence[Row]:
    """(error, error_text, profile_id) for each of `expected` profiles. Raises Unreadable; nothing is ever shifted."""
    if result is None:
        raise Unreadable("result_missing")
    if not isinstance(result, list):
        raise Unreadable("result_not_a_list")
    if len(result) != expected:
        raise Unreadable("counts_differ")
    return _usual_rows(result, clean) or tuple(_row(item, clean) for item in result)


def _usual_rows(result: list[Any], clean: TextCleaner) -> Rows | None:
    """What `_row` would return for each item, in columns; None when any of them is not written as nearly all are."""
    if set(map(type, result)) != {dict} or not set().union(*result) <= _USUAL_KEYS:
        return None
    errors, texts, ids = ([item.get(name) for item in result] for name in ("error", "error_text", "profile_id"))
    if set(map(type, errors)) != {int} or not {*map(type, texts), *map(type, ids)} <= _TEXT_OR_NONE:
        return None
    return clean_columns(errors, [text or "" for text in texts], [profile_id or "" for profile_id in ids], clean)


def clean_columns(errors: Sequence[int], texts: Sequence[str], ids: Sequence[str], clean: TextCleaner) -> Rows | None:
    """What `_row` would return for each; None when a code is out of range or an id may not be kept as it is."""
    if not all(-LARGEST_CODE <= error < LARGEST_CODE for error in set(errors)) or not clean.leaves(ids):
        return None
    kept = {text: clean(text) for text in set(texts)}
    return Rows(errors, [kept[text] for text in texts], ids)


def single_row(answer: Mapping[str, Any], clean: TextCleaner) -> Sequence[Row]:
    """The one outcome that stands in the answer itself. Source: profiles/import, Response parameters."""
    return (_row(answer, clean),)


def shows_acceptance(result: Any) -> bool:
    """True when any profile in a result, however broken the rest, seems to have been taken."""
    return isinstance(result, list) and any(isinstance(item, dict) and _seems_taken(item) for item in result)


def _row(item: Any, clean: TextCleaner) -> Row:
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
