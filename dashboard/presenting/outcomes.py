"""Outcomes as chips to narrow a list of rows by."""

from typing import Any

from dashboard.badges import OUTCOMES, spelled
from imports.results import Totals


def chips_of(sums: Totals) -> list[tuple[str, Any, int]]:
    """(outcome, badge, rows) of the outcomes that have rows."""
    return [(name, OUTCOMES[spelled(name)], count) for name, count in sums.terms().items() if count]
