"""One row of the file and what became of it, as a value."""

from dataclasses import dataclass, field

from imports.states import Outcome


@dataclass(slots=True)
class Row:
    """One row of the file and what became of it.

    `faults` are our findings as (column, code, params); `error` and `error_text` are the platform's exact answer;
    `doubles` is the row sent instead of a row set aside; `resolved_as` is a person's word where there is no answer.
    """

    number: int
    index: int
    cells: list[str] = field(default_factory=list)
    outcome: str = Outcome.PENDING
    faults: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    error: int | None = None
    error_text: str = ""
    profile_id: str = ""
    doubles: int | None = None
    resolved_as: str = ""
    batch: int | None = None
    place: int | None = None
