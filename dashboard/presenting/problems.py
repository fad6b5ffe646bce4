"""Groups of alike problems, biggest first: what is wrong, where, with a few real examples, and what to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.figures import mask, quoted
from dashboard.presenting.dictionary import UNEXPLAINED, Dictionary
from imports.models import ImportJob, RowSlice
from imports.results import VARIOUS, Reason, Row, problem_rows
from imports.states import Outcome
from imports.wording import column_letter, what, what_to_do

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
    explain_url: str = ""  # where an admin may say what this answer means, when nobody does
    again: dict[str, str] = field(default_factory=dict)  # what to post to have these rows sent once more
    again_url: str = ""

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.rows))

    @property
    def actions(self) -> list[dict[str, Any]]:
        again = {"text": _("Send them once more"), "url": self.again_url, "post": True, "fields": self.again}
        explain = [{"text": _("Explain it"), "url": self.explain_url}] if self.explain_url else []
        return [{"text": _("Show the rows"), "url": self.url}, *([again] if self.again else []), *explain]


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


def answered_groups(
    job: ImportJob, reasons: Iterable[Reason], *, may_explain: bool = False, may_act: bool = False
) -> list[Group]:
    """What Altcraft refused, by its code and text: what that means, which column it may be, what to do."""
    theirs = [reason for reason in reasons if reason.outcome == Outcome.REJECTED][:MOST_GROUPS]
    dictionary = Dictionary()
    return [_answered(job, reason, dictionary, may_explain=may_explain, may_act=may_act) for reason in theirs]


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
        return f"{reason.code} {_said(reason)}".strip()
    column = column_name(job, reason.column)
    return f"{column}: {what(reason.code)}" if column else what(reason.code)


def _said(reason: Reason) -> str:
    """The platform's words; of those that are too many to be named, that they are many."""
    return _("In many different words, which each row shows") if reason.text == VARIOUS else reason.text


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
    """What an answer means: by this house's notes, by the documents, by what was seen of this account; else that nobody
    says."""
    return Dictionary().meaning(code, text, job=job).sentence


def _answered(job: ImportJob, reason: Reason, dictionary: Dictionary, *, may_explain: bool, may_act: bool) -> Group:
    meaning = dictionary.meaning(reason.code, reason.text, job=job)
    asked = urlencode({"code": reason.code, "text": reason.text})
    explains = may_explain and meaning.source == UNEXPLAINED
    return Group(
        count=reason.count,
        title=_said(reason) or meaning.title or _("Altcraft gave no reason"),
        text=" ".join(filter(None, [meaning.sentence, _perhaps_column(job, reason.text)])),
        url=rows_url(job, "job_results", reason),
        code=f"{reason.code} {reason.text}".strip(),
        again={"outcome": reason.outcome, "code": reason_value(reason)} if may_act else {},
        again_url=reverse("job_follow", args=[job.uuid]),
        explain_url=f"{reverse('answer_note_new')}?{asked}" if explains else "",
    )


SPOKEN_OF = {"phone": {"phones", "phone"}, "email": {"email"}, "e-mail": {"email"}}  # a word of an answer, its fields


def _perhaps_column(job: ImportJob, text: str) -> str:
    """Answers name no column. Where one alone feeds the field that the words speak of, it is said to be likely."""
    fields = set().union(*(fields for word, fields in SPOKEN_OF.items() if word in text.casefold()))
    columns = [target.column for target in job.mapping.targets if target.field in fields]
    return _("Most likely column %(column)s.") % {"column": column_name(job, columns[0])} if len(columns) == 1 else ""


def _common(params: Sequence[dict[str, str]]) -> dict[str, str]:
    """What all examples share: only that is true of the group."""
    if not params:
        return {}
    return {name: value for name, value in params[0].items() if all(other.get(name) == value for other in params)}


def _key(reason: Reason) -> tuple[str, int]:
    return reason.code, reason.column


def _examples(job: ImportJob, reasons: Sequence[Reason]) -> dict[tuple[str, int], list[_Example]]:
    """The first rows of each kind; opens only slices whose summaries promise kinds that still lack examples."""
    found: dict[tuple[str, int], list[_Example]] = {_key(reason): [] for reason in reasons}
    if job.purged_at is not None:
        return found
    lacking = set(found)

    def is_wanted(row: Row) -> bool:
        return any((code, column) in lacking for column, code, _ in row.faults)

    for kind, example in _faults(problem_rows(job, _slices_with(job, found), is_wanted)):
        if kind in lacking:
            found[kind].append(example)
            if len(found[kind]) >= EXAMPLES:
                lacking.discard(kind)
        if not lacking:
            break
    return found


def _slices_with(job: ImportJob, kinds: Iterable[tuple[str, int]]) -> list[int]:
    """The ids of the first slices that hold examples of all kinds together, as their summaries tell."""
    left, chosen = dict.fromkeys(kinds, EXAMPLES), []
    slices = RowSlice.objects.current(job).filter(invalid__gt=0).values_list("pk", "summary")
    for pk, summary in slices.iterator(chunk_size=20) if left else ():
        here = {(code, column): count for _outcome, code, column, count in summary if (code, column) in left}
        if here:
            chosen.append(pk)
            left = {kind: lacks - here.get(kind, 0) for kind, lacks in left.items() if lacks > here.get(kind, 0)}
        if not left or len(chosen) >= MOST_OPENED:
            break
    return chosen


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
    return [(-1, row.aside_code, {"row": str(row.doubles)})] if row.doubles is not None else []
