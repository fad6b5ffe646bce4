"""One cell by the rules of its field: the plain reference the fast columns must equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imports.mapping import ColumnTarget, Kind, TargetField
from imports.validation.choices import clean_boolean, clean_enum, clean_sex, clean_tags
from imports.validation.dates import clean_date
from imports.validation.emails import clean_email
from imports.validation.given import clean_given
from imports.validation.numbers import clean_float, clean_integer
from imports.validation.phones import clean_phones
from imports.validation.plain import clean_ip, clean_line, clean_object, clean_objects
from imports.validation.text import UNSET, trim

Cleaner = Callable[[str, ColumnTarget, TargetField], Any]

_CLEANERS: dict[Kind, Cleaner] = {
    Kind.EMAIL: lambda text, target, field: clean_email(text),
    Kind.PHONES: lambda text, target, field: clean_phones(text, target.region),
    Kind.LINE: lambda text, target, field: clean_line(text, nested=target.nested),
    Kind.INTEGER: lambda text, target, field: clean_integer(text, target.decimal),
    Kind.FLOAT: lambda text, target, field: clean_float(text, target.decimal),
    Kind.DATE: lambda text, target, field: clean_date(text, target.date_order),
    Kind.BOOLEAN: lambda text, target, field: clean_boolean(text),
    Kind.ENUM: lambda text, target, field: clean_enum(text, field.options),
    Kind.IP: lambda text, target, field: clean_ip(text),
    Kind.TAGS: lambda text, target, field: clean_tags(text),
    Kind.SEX: lambda text, target, field: clean_sex(text),
    Kind.OBJECT: lambda text, target, field: clean_object(text),
    Kind.OBJECTS: lambda text, target, field: clean_objects(text),
    Kind.SUBSCRIPTIONS: lambda text, target, field: clean_given(text, target.region, target.statuses),
}


def clean_cell(cell: str, target: ColumnTarget, field: TargetField) -> Any:
    """Return the value to send, None to leave the field out, UNSET to clear it. Raises Refused.

    A date_order of "" takes only dates that cannot be read in two ways.
    """
    text = trim(cell)
    value = _CLEANERS[field.kind](text, target, field) if text else None
    return empty_value(target, field) if value is None else value


def empty_value(target: ColumnTarget, field: TargetField) -> Any:
    """What an empty cell sends. Source: "Database fields functional update" (unset: all fields except email)."""
    return UNSET if target.empty == "clear" and field.name not in ("email", "subscriptions") else None
