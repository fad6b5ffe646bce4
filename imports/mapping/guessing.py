"""Guesses which field a column is meant for, from its header and its first values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """The field a column (0-based) seems to feed; certainty "exact" | "likely" | "check" | "none", `why` a code."""

    column: int
    field: str | None
    certainty: str
    why: str
