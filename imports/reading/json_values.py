"""One JSON value -> Python with its digits as written, and a profile's values -> the texts of cells."""

import json
import re
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import Any, Final

from imports.reading.table import Note, Unreadable, note

DEEPEST: Final = 200
ESCAPED: Final = re.compile(r"\\(?:u00([01][0-9a-f])|([bf])|.)")
CONTROLS: Final = {"b": "\b", "f": "\f"}
DIVIDERS: Final = re.compile(r"[;\r\n]")
LIST_MARK: Final = ", "
SUBSCRIPTIONS: Final = "subscriptions"
WRAP: Final = "data"
# What a request may hold beside the profiles. Source: profiles/import_batch, update_batch, add_batch,
# workflows/import_and_start_batch, Request parameters.
SETTINGS: Final = frozenset(
    ("token", "db_id", "workflow_id", "matching", "field_name", "field_value", "email", "phone", "profile_id")
    + ("resource_id", "skip_triggers", "skip_invalid_subscriptions", "detect_geo", "content", "attach")
    + ("custom_request",)
)


class Number(str):
    """A JSON number as it is written: 1.10 stays 1.10, and no digit of a long one is lost."""

    __slots__ = ()


class Decoder:
    """Decodes one value at a time; `oddities` tells what was strange about the last one, as (code, params).

    Control characters inside strings are let through: they become a fault of their row, as in any other format.
    """

    def __init__(self) -> None:
        self.oddities: list[Note] = []
        decoder = json.JSONDecoder(
            strict=False,
            parse_int=Number,
            parse_float=Number,
            parse_constant=self._constant,
            object_pairs_hook=self._object,
        )
        self._scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once  # type: ignore[attr-defined]

    def decode(self, text: str, place: int) -> tuple[Any, int]:
        """(value, where it ends). Raises json.JSONDecodeError, RecursionError."""
        if self.oddities:
            self.oddities = []
        try:
            return self._scan(text, place)
        except StopIteration as missing:
            raise json.JSONDecodeError("Expecting value", text, missing.value) from None

    def _constant(self, name: str) -> str:
        self.oddities.append(note("json_not_a_number", name=name))
        return name

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            repeated = next(key for key in keys if keys.count(key) > 1)
            self.oddities.append(note("json_repeated_key", key=repeated[:100]))
        return found


def unwrap(element: dict[str, Any]) -> tuple[dict[str, Any], list[Note]]:
    """The profile of an element, and what is wrong with its wrapping.

    Items are flat, or {"data": {...}} as workflows/import_and_start_batch has them; what stands beside "data" there
    (a request's settings, the value to match by) becomes columns too, but never the token.
    """
    inner = element.get(WRAP)
    if type(inner) is not dict or not SETTINGS.issuperset(key for key in element if key != WRAP):
        return element, []
    outer = {key: value for key, value in element.items() if key not in (WRAP, "token")}
    twice = [key for key in outer if key in inner and outer[key] != inner[key]]
    return inner | {key: outer[key] for key in outer if key not in inner}, [
        note("json_repeated_key", key=key[:100]) for key in twice
    ]


def kind_name(value: Any) -> str:
    """What JSON calls a value that is no object."""
    if value is None:
        return "null"
    names = {list: "array", bool: "boolean", Number: "number"}
    return names.get(type(value), "string")


class CellWriter:
    """Texts for the values of profiles; remembers which columns held what a table has no cells for.

    `nested`: columns with objects, `divided`: columns with lists whose items hold a comma themselves.
    """

    def __init__(self) -> None:
        self.nested: set[int] = set()
        self.divided: set[int] = set()

    def text(self, value: Any, column: int) -> str:
        """A value that is no string or number already. Raises Unreadable("json_too_deep")."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            return self._list_text(value, column)
        self.nested.add(column)
        return compact(value)

    def _list_text(self, items: list[Any], column: int) -> str:
        try:
            joined = LIST_MARK.join(items)
        except TypeError:
            if any(isinstance(item, list | dict) for item in items):
                self.nested.add(column)
                return compact(items)
            return self._list_text(
                [item if isinstance(item, str) else self.text(item, column) for item in items], column
            )
        if "" in items:
            return self._list_text([item for item in items if item], column)
        if joined.count(",") >= len(items) > 0 or DIVIDERS.search(joined):
            self.divided.add(column)
            return compact(items)
        return joined

    def remarks(self, headers: Sequence[str]) -> list[Note]:
        """One note for each such column, twenty at most."""
        nested = [
            note("json_subscriptions")
            if headers[column] == SUBSCRIPTIONS
            else note("json_nested", header=headers[column])
            for column in sorted(self.nested)[:20]
        ]
        return nested + [note("json_divided", header=headers[column]) for column in sorted(self.divided)[:20]]


def compact(value: Any, depth: int = 0) -> str:
    """JSON text without blanks, numbers as they were written. Raises Unreadable("json_too_deep").

    Control characters are left as they are, so that whoever stores the cell replaces and reports them.
    """
    if depth > DEEPEST:
        raise Unreadable("json_too_deep", limit=DEEPEST)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(key)}:{compact(item, depth + 1)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(compact(item, depth + 1) for item in value) + "]"
    if isinstance(value, Number):
        return value
    if isinstance(value, str):
        return _quoted(value)
    return "null" if value is None else "true" if value else "false"


def _quoted(text: str) -> str:
    quoted: str = encode_basestring(text)
    return ESCAPED.sub(_unescaped, quoted) if "\\" in quoted else quoted


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    return CONTROLS[escape[2]] if escape[2] else escape[0]
