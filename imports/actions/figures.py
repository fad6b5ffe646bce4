"""How many cells of each column are right for the field chosen, and what is wrong with the others; kept sealed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

import orjson

from imports.actions.preparing import nested_headers
from imports.actions.sampling import Sample, sample, table_state
from imports.actions.tables import head
from imports.mapping import ColumnMapping, ColumnTarget, TargetField
from imports.models import ImportJob
from imports.validation import ColumnFindings, find, shown

RULES = 3  # raise it when cells are judged otherwise: what was kept is then forgotten
MOST_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Findings of a column and how many rows they speak of: all of them, or a sample."""

    found: ColumnFindings
    rows: int
    whole: bool


def column_figures(
    job: ImportJob, mapping: ColumnMapping, fields: Mapping[str, TargetField], *, region: str
) -> dict[int, Figures]:
    """By column what its cells are worth for its field; a column is judged anew only when its choices have changed.

    `region` is the country of phones without a code where the column has none of its own.
    """
    nested, judge = nested_headers(job), _Judge(job)
    targets = [replace(t, region=t.region or region, nested=t.header in nested) for t in mapping.targets]
    found = {target.column: judge.figures(target, fields[target.field]) for target in targets if target.field in fields}
    judge.keep()
    return found


class _Judge:
    """Judges columns, opening what it needs when it needs it."""

    def __init__(self, job: ImportJob) -> None:
        state = table_state(job)
        self._job, self._name = job, f"figures/{state}"
        self._as_read = state == str(job.read_version)
        self._kept: dict[str, list[object]] = self._load()
        self._known = len(self._kept)
        self._columns = head(job)["columns"]

    def figures(self, target: ColumnTarget, field: TargetField) -> Figures:
        key = _key(target, field)
        if key not in self._kept:
            made = self._made(target, field)
            self._kept[key] = [made.found.to_plain(), made.rows, made.whole]
        plain, rows, whole = self._kept[key]
        return Figures(ColumnFindings.from_plain(plain), int(rows), bool(whole))  # type: ignore[arg-type, call-overload]

    def keep(self) -> None:
        """What was judged anew is kept; when it cannot be, it is judged again the next time."""
        if len(self._kept) > self._known:
            latest = dict(list(self._kept.items())[-MOST_KEPT:])
            with suppress(OSError):
                self._job.vault.put(self._name, orjson.dumps(latest))

    def _load(self) -> dict[str, list[object]]:
        try:
            kept: dict[str, list[object]] = orjson.loads(self._job.vault.get(self._name))
        except FileNotFoundError:
            return {}
        return kept

    def _made(self, target: ColumnTarget, field: TargetField) -> Figures:
        known = self._as_read and target.column < len(self._columns)  # corrected cells are not among those counted
        values = self._columns[target.column].get("values") if known else None
        if values is not None and self._job.rows > len(values):
            cells, counts = [text for text, _ in values], [count for _, count in values]
            return Figures(self._placed(find(cells, target, field, counts=counts), target), self._job.rows, True)
        cells, rows = self._rows_looked_at.column(target.column), self._rows_looked_at.rows
        return Figures(find(cells, target, field, rows=rows), len(rows), self._rows_looked_at.whole)

    def _placed(self, found: ColumnFindings, target: ColumnTarget) -> ColumnFindings:
        """The same with a row for each example, as far as the sample has one."""
        if not found.examples:
            return found
        cells, rows = self._rows_looked_at.column(target.column), self._rows_looked_at.rows
        places = {shown(cell): row for cell, row in zip(reversed(cells), reversed(rows), strict=True)}
        return replace(found, examples=tuple((places.get(text, 0), text) for _row, text in found.examples))

    @cached_property
    def _rows_looked_at(self) -> Sample:
        return sample(self._job)


def _key(target: ColumnTarget, field: TargetField) -> str:
    return blake2b(repr((RULES, target, field)).encode(), digest_size=16).hexdigest()
