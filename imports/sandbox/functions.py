"""Functional updates of fields: {"action": ..., "value": ..., "submatch": ...} in place of a value.

Source: "Database fields functional update". Where it is silent (what `submatch` means in an array of objects),
the nearest reading is taken: the property by which objects are compared.
"""

from typing import Any

from .errors import Refused
from .fields import KINDS, Check

ACTIONS = frozenset({"set", "unset", "incr", "add", "delete", "upsert"})
UNSET = object()


def is_function(value: Any) -> bool:
    """Whether a field's value is a function call; an object field may well hold a property called "action"."""
    return type(value) is dict and value.get("action") in ACTIONS


def apply_function(kind: str, check: Check, current: Any, function: dict[str, Any]) -> Any:
    """The field's new value, or UNSET. Raises Refused."""
    action, value = function["action"], function.get("value")
    if action == "set":
        return check(value)
    if action == "unset":
        if kind == "email":
            raise Refused("action")
        return UNSET
    if action not in KINDS[kind].actions:
        raise Refused("action")
    if action == "incr":
        return (current or 0) + check(value)
    if action == "upsert":
        return _upserted(current, value, function.get("submatch"))
    return _changed_list(kind, check, current or [], function)


def _upserted(current: Any, value: Any, path: Any) -> dict[str, Any]:
    if type(path) is not str or not path:
        raise Refused("object")
    changed: dict[str, Any] = dict(current or {})
    place = changed
    *parents, last = path.split(".")
    for name in parents:
        inner = place.get(name, {})
        if type(inner) is not dict:
            raise Refused("object")
        place[name] = inner = dict(inner)
        place = inner
    place[last] = value
    return changed


def _changed_list(kind: str, check: Check, current: list[Any], function: dict[str, Any]) -> list[Any]:
    value = function.get("value")
    if function["action"] == "add":
        added = check(value)
        return current + (added if kind == "objects" else [tag for tag in dict.fromkeys(added) if tag not in current])
    if type(value) is not list:
        raise Refused(kind)
    by = function.get("submatch")
    if kind == "objects" and type(by) is str:
        return [item for item in current if item.get(by) not in value]
    return [item for item in current if item not in value]
