"""What a column's cells are worth for the field chosen: how many are right, what is wrong with the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from imports.mapping import ColumnTarget, Kind, TargetField
from imports.reading.evidence import DateEvidence, date_evidence
from imports.validation.columns import clean_column
from imports.validation.functions import asked_field, leveled, mended
from imports.validation.text import TRIMMED

MOST_WORDS: Final = 12
MOST_EXAMPLES: Final = 4
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class ColumnFindings:
    """Counts of cells. `wrong` keep their rows back, `mended` are left out or replaced as chosen; both were refused.

    `kinds` are (code, cells), biggest first; `words` the refused words of a closed set as (word, cells); `examples`
    refused cells as (row, text), row 0 where it is not known; `repeats` cells that hold what another one holds too.
    `dates` are the counts of DateEvidence, `params` those of one problem of each kind. Keep it sealed: it quotes cells.
    """

    filled: int
    wrong: int
    mended: int = 0
    kinds: tuple[tuple[str, int], ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    examples: tuple[tuple[int, str], ...] = ()
    repeats: int = 0
    dates: tuple[tuple[str, int], ...] = ()
    params: tuple[tuple[str, dict[str, str]], ...] = ()

    @property
    def refused(self) -> int:
        """Cells the field cannot take, whatever becomes of them."""
        return self.wrong + self.mended

    @property
    def right(self) -> int:
        return self.filled - self.refused

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ColumnFindings:
        """Take back what `to_plain` gave, also after JSON made lists of its pairs."""
        pairs = {
            name: tuple(tuple(pair) for pair in plain[name])
            for name in ("kinds", "words", "examples", "dates", "params")
        }
        return cls(**{**plain, **pairs})


def find(
    cells: Sequence[str],
    target: ColumnTarget,
    field: TargetField,
    *,
    counts: Sequence[int] | None = None,
    rows: Sequence[int] = (),
) -> ColumnFindings:
    """Judge cells as the check does. `counts` says how often each occurs (once, when None), `rows` their numbers.

    A date column whose order is open is read in the order its own cells show.
    """
    weights = counts if counts is not None else [1] * len(cells)
    asked = asked_field(target, field)
    evidence = _evidence(cells, weights) if asked.kind is Kind.DATE else DateEvidence()
    ready = _ordered(target, asked, evidence)
    values, refused = clean_column(cells, ready, asked)
    stayed, changes = mended(cells, values, refused, ready, asked)
    filled = _weight((index for index, cell in enumerate(cells) if cell.strip(TRIMMED)), weights)
    kinds: Counter[str] = Counter()
    words: Counter[str] = Counter()
    closed = asked.kind in (Kind.ENUM, Kind.BOOLEAN, Kind.SEX)
    for problem in refused:
        kinds[problem.code] += weights[problem.index]
        if closed:
            words[leveled(cells[problem.index])[:SHOWN]] += weights[problem.index]
    return ColumnFindings(
        filled=filled,
        wrong=_weight((problem.index for problem in stayed), weights),
        mended=_weight((change.index for change in changes), weights),
        kinds=tuple(kinds.most_common()),
        words=tuple(words.most_common(MOST_WORDS)),
        examples=tuple(_examples([problem.index for problem in refused], cells, rows)),
        repeats=_repeats(values, weights),
        params=tuple({problem.code: problem.params for problem in reversed(refused)}.items()),
        dates=tuple((name, count) for name, count in asdict(evidence).items() if count),
    )


def decided_order(evidence: DateEvidence) -> str:
    """The order its own dates give a column; "" when none of them can tell, so that those rows ask a person."""
    nothing_tells = evidence.ambiguous and not evidence.mdy
    return "" if nothing_tells else evidence.order()


def _ordered(target: ColumnTarget, field: TargetField, evidence: DateEvidence) -> ColumnTarget:
    is_open = field.kind is Kind.DATE and not target.date_order
    return replace(target, date_order=decided_order(evidence)) if is_open else target


def _evidence(cells: Sequence[str], weights: Sequence[int]) -> DateEvidence:
    if all(weight == 1 for weight in weights):
        return date_evidence(cells)
    total: Counter[str] = Counter()
    for cell, weight in zip(cells, weights, strict=True):
        for name, count in asdict(date_evidence([cell])).items():
            total[name] += count * weight
    return DateEvidence(**total)


def _weight(indexes: Iterable[int], weights: Sequence[int]) -> int:
    return sum(weights[index] for index in indexes)


def _examples(indexes: Sequence[int], cells: Sequence[str], rows: Sequence[int]) -> Iterable[tuple[int, str]]:
    """The first refused cells that differ."""
    seen: dict[str, int] = {}
    for index in indexes:
        seen.setdefault(shown(cells[index]), rows[index] if rows else 0)
        if len(seen) == MOST_EXAMPLES:
            break
    return ((row, text) for text, row in seen.items())


def shown(cell: str) -> str:
    """A cell as an example quotes it."""
    return cell.strip(TRIMMED)[:SHOWN]


def _repeats(values: Sequence[Any], weights: Sequence[int]) -> int:
    """Cells beyond the first that hold the same; of a list its first item counts."""
    firsts = (value[0] if isinstance(value, list) and value else value for value in values)
    held: Counter[str] = Counter()
    for value, weight in zip(firsts, weights, strict=True):
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            held[str(value).casefold()] += weight
    return sum(count - 1 for count in held.values())
