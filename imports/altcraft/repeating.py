"""Whether sending the same request twice ends like sending it once."""

from __future__ import annotations

from collections.abc import Collection

from imports.altcraft.calls import AnyRequest
from imports.altcraft.endpoints import CALLS, SINGLE_CALLS

_REPEATABLE_FUNCTIONS = frozenset({"set", "unset", "delete", "upsert"})
_COUNTED_FUNCTIONS = {"incr": "function_incr", "add": "function_add"}


def unsafe_reasons(
    request: AnyRequest,
    *,
    functions: Collection[str] = (),
    explicit_status: bool = False,
    keys_unique: bool = True,
    keys_filled: bool = True,
    options: Collection[str] = (),
) -> list[str]:
    """Codes of why sending this twice would not end like sending it once; [] means it may be repeated by a machine.

    `functions`: actions used in field values (database fields functional update); `options`: further parameters asked
    for by name; `keys_unique`, `keys_filled`: every row has its own, non-empty matching key.
    """
    known = {**SINGLE_CALLS, **CALLS}.get(request.operation)
    if known is None:
        return ["operation_unknown"]
    seen = {
        "scenario": known.takes_scenario,
        "triggers_on": request.skip_triggers is not True,
        "add_only": not known.matchings,
        "matching_by_subscription": request.operation == "import" and request.matching.endswith("_sub"),
        "matching_not_unique": not keys_unique,
        "matching_empty": not keys_filled,
        "explicit_status": explicit_status,
        **{code: name in functions for name, code in _COUNTED_FUNCTIONS.items()},
        "function_unknown": not set(functions) <= _REPEATABLE_FUNCTIONS | _COUNTED_FUNCTIONS.keys(),
        "option_unknown": not set(options) <= request.call.options,
    }
    return [code for code, is_so in seen.items() if is_so]
