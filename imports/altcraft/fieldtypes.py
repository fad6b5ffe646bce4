"""Names of field types, as the platform's pages spell them, in one neutral spelling.

Source: Types of database fields (Integer, Float, Line ...), Database fields functional update (int, string, phone,
arr_object ...), resources/fields_get (unicode, bool, version).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_SPELLINGS: Final[Mapping[str, str]] = {
    "integer": "int integer int32 int64 long bigint",
    "float": "float double decimal number numeric",
    "line": "line string str unicode text varchar version",
    "date": "date datetime time timestamp",
    "boolean": "bool boolean checkbox",
    "enum": "enum enumeration list select dictionary",
    "ip": "ip ipaddress ipv4 ipv6",
    "tags": "tags tag array arraystring stringarray arrstring",
    "object": "object obj json document",
    "objects": "objects arrobject arrayobject arrayofobjects objectarray arrayobjects",
    "email": "email",
    "phones": "phone phones phonelist",
}
NEUTRAL_TYPES: Final = (*_SPELLINGS, "unknown")
_NEUTRAL: Final = {spelling: neutral for neutral, all_of in _SPELLINGS.items() for spelling in all_of.split()}
_OPTION_NAMES: Final = ("title", "name", "value", "text", "label", "id")


def neutral_type(told: Any, name: str = "") -> str:
    """One of NEUTRAL_TYPES. The two contact fields are what they are, whatever type the platform calls them."""
    if name in ("email", "phones"):
        return name
    letters = "".join(filter(str.isalnum, told.casefold())) if isinstance(told, str) else ""
    return _NEUTRAL.get(letters, "unknown")


def option_texts(listed: Any) -> tuple[str, ...]:
    """The texts of an enum's options: a list of texts or of objects, or {id: text}. () for a named dictionary."""
    if isinstance(listed, dict):
        listed = list(listed.values())
    if not isinstance(listed, list):
        return ()
    return tuple(dict.fromkeys(text for item in listed for text in _option(item)))


def _option(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        folded = {key.casefold(): value for key, value in item.items()}
        item = next((folded[name] for name in _OPTION_NAMES if folded.get(name) not in (None, "")), None)
    if isinstance(item, str | int | float) and not isinstance(item, bool) and item != "":
        yield str(item)
