"""The types a profile field may have, and what each accepts.

Source: "Types of fields in the database" (system fields, custom fields), "Common errors when importing".
A check takes the JSON value and returns what is stored, or raises Refused. They run for every field of every
profile, hence `type(x) is` in place of isinstance and compiled patterns held in module names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any

from .errors import Refused

Check = Callable[[Any], Any]

# plain addresses first: the pattern that knows every alphabet takes three times as long
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
).fullmatch
_EMAIL = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
).fullmatch
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}").fullmatch
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
).fullmatch
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}").fullmatch
_SEXES = ("male", "female", 0, 1, 2)  # the words of the user guide, the numbers of the older pages
STATUSES = ("subscribed", "unsubscribed", "complained", "hardbounced", "unconfirmed", "suspended", "invalid")


def email(value: Any) -> str:
    if type(value) is not str or len(value) > 254 or not (_PLAIN_EMAIL(value) or _EMAIL(value)):
        raise Refused("email")
    return value


def phone(value: Any) -> str:
    if type(value) is not str or not _PHONE(value):
        raise Refused("phone")
    return value


def phones(value: Any) -> list[str]:
    if type(value) is not list:
        raise Refused("phones")
    for number in value:
        if type(number) is not str or not _PHONE(number):
            raise Refused("phone")
    return value


def phones_or_one(value: Any) -> list[str]:
    """Source: workflows/import_and_start_batch, whose examples send `phones` as one string."""
    return phones([value] if type(value) is str else value)


def line(value: Any) -> str:
    if type(value) is not str:
        raise Refused("line")
    return value


def line_or_number(value: Any) -> str | int:
    if type(value) is not str and type(value) is not int:
        raise Refused("line")
    return value


def integer(value: Any) -> int:
    if type(value) is not int:
        raise Refused("integer")
    return value


def number(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        raise Refused("float")
    return value


def moment(value: Any) -> str:
    """A bare date or RFC 3339, seconds optional ("2001-12-31T00:00+03:00"); a time without a zone is refused."""
    if type(value) is not str:
        raise Refused("date")
    is_bare = len(value) == 10 and value[4] == value[7] == "-"  # no other form of fromisoformat has both there
    if not is_bare and not _MOMENT(value):
        raise Refused("date")
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        raise Refused("date") from None
    return value


def boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise Refused("boolean")
    return value


def ip(value: Any) -> str:
    """IPv4 or IPv6: quick import allows both, the page on file import errors speaks of IPv4 only."""
    if type(value) is not str:
        raise Refused("ip")
    if not _IPV4(value):
        try:
            ip_address(value)
        except ValueError:
            raise Refused("ip") from None
    return value


def tags(value: Any) -> list[str]:
    if type(value) is not list or any(type(tag) is not str for tag in value):
        raise Refused("tags")
    return value


def tags_or_combination(value: Any) -> list[str]:
    """Source: profiles/import_batch, field_value: a combination of tags is written as a string, "tag-1, tag-2"."""
    return tags([tag.strip() for tag in value.split(",")] if type(value) is str else value)


def sex(value: Any) -> str | int:
    if (type(value) is not str and type(value) is not int) or value not in _SEXES:
        raise Refused("enum")
    return value


def global_status(value: Any) -> str | int:
    if value not in STATUSES and (type(value) is not int or not -1 <= value < len(STATUSES)):
        raise Refused("status")
    return str(value) if type(value) is str else int(value)


def plain_object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Refused("object")
    return value


def plain_objects(value: Any) -> list[dict[str, Any]]:
    if type(value) is not list or any(type(item) is not dict for item in value):
        raise Refused("objects")
    return value


def one_of(options: tuple[str, ...]) -> Check:
    """An option by its text, or by its ordinal; the page's example ("Option 1" or 1) makes the first one 1."""
    known = frozenset(options)

    def enum(value: Any) -> str:
        if type(value) is str and value in known:
            return value
        if type(value) is int and 1 <= value <= len(options):
            return options[value - 1]
        raise Refused("enum")

    return enum


@dataclass(frozen=True, slots=True)
class Kind:
    """`api_type` is the word fields_get answers; `actions` the functional updates allowed besides set and unset."""

    api_type: str
    check: Check
    actions: frozenset[str] = frozenset()


KINDS: dict[str, Kind] = {
    "email": Kind("string", email),
    "phones": Kind("phone", phones),
    "line": Kind("string", line),
    "postal_code": Kind("string", line_or_number),
    "integer": Kind("int", integer, frozenset({"incr"})),
    "float": Kind("float", number, frozenset({"incr"})),
    "date": Kind("date", moment),
    "boolean": Kind("bool", boolean),
    "enum": Kind("enum", line),  # replaced by one_of(options) in Field.check
    "sex": Kind("enum", sex),
    "status": Kind("int", global_status),
    "ip": Kind("ip", ip),
    "tags": Kind("tags", tags, frozenset({"add", "delete"})),
    "object": Kind("object", plain_object, frozenset({"upsert"})),
    "objects": Kind("arr_object", plain_objects, frozenset({"add", "delete"})),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a database."""

    name: str
    kind: str
    title: str
    options: tuple[str, ...] = ()
    category: str = "custom"

    def check(self) -> Check:
        return one_of(self.options) if self.kind == "enum" else KINDS[self.kind].check

    def described(self) -> dict[str, Any]:
        """As databases/fields_get answers; the shape is inferred from resources/fields_get."""
        shown: dict[str, Any] = {"category": self.category, "title": self.title, "name": self.name}
        shown |= {"required": False, "type": KINDS[self.kind].api_type}
        if self.name == "_tz":
            shown["dictionary"] = "tz"
        return shown | ({"options": list(self.options)} if self.options else {})
