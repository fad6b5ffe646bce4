"""Lines, IP addresses and JSON values."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any, Final

import orjson

from imports.validation.text import Refused, without_invisible

SHEET_ERRORS: Final = frozenset(
    ("#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
    + ("#Н/Д", "#ИМЯ?", "#ССЫЛКА!", "#ЗНАЧ!", "#ДЕЛ/0!", "#ПУСТО!", "#ЧИСЛО!")
)
"""What a spreadsheet shows where a formula failed; nobody wants to be greeted by it."""

_SHORTENED: Final = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}")
"""How a spreadsheet writes a number it has no room for. A code of that shape has lost the digits that told it apart."""

FUNCTIONS: Final = ("set", "unset", "incr", "add", "delete", "upsert")
"""Values of "action" that turn an object into an order. Source: "Database fields functional update"."""


def clean_line(text: str, *, nested: bool = False) -> str:
    """Return any text as it is. Raises Refused with "cell_error" for a formula's error word, "number_scientific" for a
    number the spreadsheet has shortened, and in a column of JSON that holds objects (`nested`) with "object_in_text"
    for such an object: as a text nobody could read it."""
    if text in SHEET_ERRORS:
        raise Refused("cell_error")
    if is_shortened(text):
        raise Refused("number_scientific")
    if nested and text[0] in "{[" and isinstance(_json(text), dict | list):
        raise Refused("object_in_text")
    return text


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has shortened this number: 4.60712E+12 (4,60712E+12 in other countries)."""
    return _SHORTENED.fullmatch(text) is not None


def clean_ip(text: str) -> str:
    """Return an IPv4 or IPv6 address in its usual spelling. Raises Refused with "ip_invalid".

    An IPv4 address in IPv6 clothes (::ffff:192.0.2.1) is sent as the IPv4 one it is.
    INFERRED: IPv6 is allowed, as quick import says; the platform's own file import takes IPv4 only.
    """
    try:
        address = ipaddress.ip_address(without_invisible(text))
    except ValueError:
        raise Refused("ip_invalid") from None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.scope_id:
        raise Refused("ip_invalid")
    return str(address.ipv4_mapped or address)


def clean_object(text: str) -> dict[str, Any]:
    """Return a JSON object. Raises Refused with "object_invalid", or "object_action" when it would act as a function.

    A functional update must not slip in through a cell: "incr" or "add" sent twice counts twice.
    """
    value = _json(text)
    if not isinstance(value, dict):
        raise Refused("object_invalid")
    if value.get("action") in FUNCTIONS:
        raise Refused("object_action")
    return value


def clean_objects(text: str) -> list[dict[str, Any]]:
    """Return a JSON array of objects. Raises Refused with "objects_invalid"."""
    value = _json(text)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused("objects_invalid")
    return value


def json_texts(text: str) -> list[str] | None:
    """The texts of a JSON list of texts; None for anything else. So a file of JSON keeps items with commas apart."""
    if not text.startswith("["):
        return None
    value = _json(text)
    return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else None


def _json(text: str) -> Any:
    """Read JSON that can be written again unchanged; None for anything else.

    Very deep nesting can be read but not written, and an integer beyond 64 bits would come back rounded.
    """
    try:
        value = orjson.loads(text)
        orjson.dumps({"data": {"field": [value]}})
        return value if json.loads(text) == value else None
    except (ValueError, TypeError, RecursionError):
        return None
