"""Groups of alike problems, biggest first: what is wrong, where, with a few real examples, and what to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.figures import mask, quoted
from imports.models import ImportJob, RowSlice
from imports.results import Reason, Row, problem_rows
from imports.states import Outcome
from imports.wording import column_letter, platform_advice, unlisted_advice, what, what_to_do

EXAMPLES = 3
MOST_GROUPS = 20
MOST_OPENED = 30  # slices opened to find examples; what is rarer than that has its rows one click away
LONGEST_VALUE = 60


@dataclass(slots=True)
class Group:
    """One kind of problem as components/problem.html takes it; `rows` are (number, url) pairs."""

    count: int
    title: str
    text: str
    url: str
    code: str = ""
    values: list[str] = field(default_factory=list)
    rows: list[tuple[int, str]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.rows))

    @property
    def actions(self) -> list[dict[str, str]]:
        return [{"text": _("Show the rows"), "url": self.url}]


@dataclass(frozen=True, slots=True)
class _Example:
    number: int
    value: str
    params: dict[str, str]


def found_groups(job: ImportJob, reasons: Iterable[Reason], *, page: str, masked: bool) -> list[Group]:
    """What our check found; `page` is the name of the page that lists the rows, `masked` hides values."""
    ours = [reason for reason in reasons if reason.outcome == Outcome.INVALID][:MOST_GROUPS]
    examples = _examples(job, ours)
    return [_found(job, reason, examples[_key(reason)], page, masked) for reason in ours]


def answered_groups(job: ImportJob, reasons: Iterable[Reason]) -> list[Group]:
    """What Altcraft refused, by its code and text."""
    theirs = [reason for reason in reasons if reason.outcome == Outcome.REJECTED][:MOST_GROUPS]
    return [_answered(job, reason) for reason in theirs]


def column_name(job: ImportJob, column: int) -> str:
    """ "C “Phone”" of a 0-based column; "" for the whole row."""
    if column < 0:
        return ""
    header = job.headers[column] if column < len(job.headers) else ""
    return f"{column_letter(column)} {quoted(header)}" if header else column_letter(column)


def rows_url(job: ImportJob, page: str, reason: Reason) -> str:
    """The page's rows of this kind."""
    asked = {"outcome": reason.outcome, "code": reason_value(reason)}
    return f"{reverse(page, args=[job.uuid])}?{urlencode(asked)}#rows"


def kinds(job: ImportJob, reasons: Iterable[Reason], outcome: str) -> list[tuple[str, str, int]]:
    """(value, words, rows) of each kind of problem with this outcome, for a list to choose from."""
    return [(reason_value(one), _kind_name(job, one), one.count) for one in reasons if one.outcome == outcome]


def _kind_name(job: ImportJob, reason: Reason) -> str:
    if reason.outcome == Outcome.REJECTED:
        return f"{reason.code} {reason.text}".strip()
    column = column_name(job, reason.column)
    return f"{column}: {what(reason.code)}" if column else what(reason.code)


def reason_value(reason: Reason) -> str:
    """A kind of problem in one word of an address: "1011:Incorrect phone", "date_invalid@3"."""
    if reason.outcome == Outcome.REJECTED:
        return f"{reason.code}:{reason.text}"
    return f"{reason.code}@{reason.column}" if reason.column >= 0 else reason.code


def shown_value(value: str, *, masked: bool) -> str:
    """A cell as it is shown among others: cut, and masked for those who may not see people."""
    text = mask(value) if masked else value
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _found(job: ImportJob, reason: Reason, examples: Sequence[_Example], page: str, masked: bool) -> Group:
    params = {} if masked else _common([example.params for example in examples])
    where = _("Column %(column)s.") % {"column": column_name(job, reason.column)} if reason.column >= 0 else ""
    values = dict.fromkeys(shown_value(example.value, masked=masked) for example in examples if example.value)
    return Group(
        count=reason.count,
        title=what(reason.code, params),
        text=" ".join(filter(None, [where, what_to_do(reason.code, params)])),
        url=rows_url(job, page, reason),
        values=list(values),
        rows=[(example.number, reverse("job_row", args=[job.uuid, example.number])) for example in examples],
    )


def answer_advice(job: ImportJob, code: int | str, text: str) -> str:
    """What an answer means: by the documents, by what was seen of this account; else that nobody says."""
    if told := platform_advice(code, text):
        return told
    seen = (job.connection.findings.get("not_found") or {}).get("seen") or () if job.connection else ()
    same = any(one[1] == "probe_not_found" and one[2].get("error") == str(code) for one in seen)
    return what("platform_probed") if same else unlisted_advice()


def _answered(job: ImportJob, reason: Reason) -> Group:
    advice = answer_advice(job, reason.code, reason.text)
    return Group(
        count=reason.count,
        title=reason.text or _("Altcraft gave no reason"),
        text=advice,
        url=rows_url(job, "job_results", reason),
        code=f"{reason.code} {reason.text}".strip(),
    )


def _common(params: Sequence[dict[str, str]]) -> dict[str, str]:
    """What all examples share: only that is true of the group."""
    if not params:
        return {}
    return {name: value for name, value in params[0].items() if all(other.get(name) == value for other in params)}


def _key(reason: Reason) -> tuple[str, int]:
    return reason.code, reason.column


def _examples(job: ImportJob, reasons: Sequence[Reason]) -> dict[tuple[str, int], list[_Example]]:
    """The first rows of each kind; opens only slices whose summary names a kind that still lacks examples."""
    found: dict[tuple[str, int], list[_Example]] = {_key(reason): [] for reason in reasons}
    opened = 0
    for row_slice in RowSlice.objects.current(job).light().filter(invalid__gt=0):
        here = {(code, column) for _outcome, code, column, _count in row_slice.summary}
        lacking = {kind for kind in here & found.keys() if len(found[kind]) < EXAMPLES}
        if lacking:
            _take_examples(problem_rows(job, row_slice), lacking, found)
            opened += 1
        if opened >= MOST_OPENED or all(len(examples) >= EXAMPLES for examples in found.values()):
            break
    return found


def _take_examples(
    rows: Iterable[Row], lacking: set[tuple[str, int]], found: dict[tuple[str, int], list[_Example]]
) -> None:
    """Read on only until every kind that lacks examples here has them."""
    for kind, example in _faults(rows):
        if kind in lacking:
            found[kind].append(example)
            if len(found[kind]) >= EXAMPLES:
                lacking.discard(kind)
        if not lacking:
            return


def _faults(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, int], _Example]]:
    for row in rows:
        for column, code, params in row.faults:
            value = row.cells[column] if 0 <= column < len(row.cells) else ""
            yield (code, column), _Example(row.number, value, params)


def fault_lines(job: ImportJob, rows: Iterable[Row], *, masked: bool) -> list[dict[str, Any]]:
    """One line per problem of each row: number, column, value, what is wrong, what to do."""
    return [
        {
            "number": row.number,
            "first": place == 0,
            "column": column_name(job, column),
            "value": shown_value(row.cells[column], masked=masked) if 0 <= column < len(row.cells) else "",
            "what": what(code, {} if masked else params),
            "to_do": what_to_do(code, {} if masked else params),
        }
        for row in rows
        for place, (column, code, params) in enumerate(row.faults or _aside(row))
    ]


def _aside(row: Row) -> list[tuple[int, str, dict[str, str]]]:
    return [(-1, "duplicate_key", {"row": str(row.doubles)})] if row.doubles is not None else []
