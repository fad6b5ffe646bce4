"""Watching the SQL of a test for a change of state that does not name the old one."""

import re
from collections.abc import Callable
from typing import Any

_CHANGE = re.compile(
    r'UPDATE "imports_(importjob|batch|attempt)" SET (?P<set>.*?)(?: WHERE (?P<where>.*))?$', re.DOTALL
)


class StateGuard:
    """An execute wrapper; `unguarded` are the statements that would overwrite whatever state there is."""

    def __init__(self) -> None:
        self.unguarded: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _CHANGE.match(sql)
        if found and '"state" = ' in found["set"] and '"state"' not in (found["where"] or ""):
            self.unguarded.append(sql[:300])
        return execute(sql, params, many, context)
