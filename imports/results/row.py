"""One row of the file and what became of it, as a value."""

from dataclasses import dataclass, field

from imports.states import Outcome


@dataclass(slots=True)
class Row:
    """One row of the file and what became of it.

    `faults` are our findings as (column, code, params); `error` and `error_text` are the platform's exact answer;
    `doubles` is the row sent instead of a row set aside, 0 where its person went in an earlier import, and `aside_code`
    says why; `resolved_as` is a person's word where there is no answer. `corrected` has, by column, what the file holds
    there, who corrected it and (of rows that were merged) the row the value was taken from, else 0. Of an `erased` row
    only number and outcome are left.
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
    aside_code: str = ""
    resolved_as: str = ""
    batch: int | None = None
    place: int | None = None
    corrected: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    erased: bool = False
