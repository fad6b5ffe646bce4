"""Codes in words: what is wrong, and what to do. The only place where the domain speaks to people.

Pure modules report codes with params; pages, downloads and commands look the sentences up here, in the reader's
language. English is the source; a code that is missing here is shown as it is, and a test forbids that.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from imports.states import Outcome

from .actions import ACTIONS
from .answers import ANSWERS
from .approvals import APPROVALS
from .choices import CHOICES
from .decisions import DECISIONS
from .destroying import DESTROYING
from .files import FILES
from .looking import LOOKING
from .parts import PARTS
from .people import PEOPLE
from .probes import PROBES
from .rows import ROWS
from .shapes import SHAPES

OUTCOMES = {
    Outcome.ACCEPTED: N_("accepted"),
    Outcome.REJECTED: N_("rejected by Altcraft"),
    Outcome.INVALID: N_("did not pass the check"),
    Outcome.SET_ASIDE: N_("set aside"),
    Outcome.NOT_SENT: N_("not sent"),
    Outcome.UNKNOWN: N_("unknown: no result of this row came back"),
    Outcome.PENDING: N_("waiting"),
}
CATALOGUE: Mapping[str, tuple[str, str]] = {
    **FILES,
    **ROWS,
    **ACTIONS,
    **ANSWERS,
    **APPROVALS,
    **CHOICES,
    **DECISIONS,
    **DESTROYING,
    **LOOKING,
    **PEOPLE,
    **PROBES,
    **SHAPES,
}


class _Params(dict[str, Any]):
    """Params of a code; words and codes among them are said in the reader's language, one that is missing shows as an
    ellipsis and never breaks the page."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if key == "reason" and value in CATALOGUE:
            return what(value).rstrip(".")
        words = PARTS.get(key, {})
        return _(words[value]) if value in words else value

    def __missing__(self, key: str) -> str:
        return "…"


def what(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What is wrong, in a short sentence."""
    text = _entry(code, params)[0]
    return _(text) % _Params(params or {}) if text else code


def what_to_do(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What the reader can do about it; "" when there is nothing to do."""
    text = _entry(code, params)[1]
    return _(text) % _Params(params or {}) if text else ""


def _entry(code: str, params: Mapping[str, Any] | None) -> tuple[str, str]:
    """The sentences of a code, or of its special case when params tell why (email_invalid.no_at)."""
    special = f"{code}.{(params or {}).get('why', '')}"
    return CATALOGUE.get(special) or CATALOGUE.get(code) or (code, "")


def fault_text(code: str, params: Mapping[str, Any], *, short: bool = False) -> str:
    """Both sentences together."""
    parts = [what(code, params)] if short else [what(code, params), what_to_do(code, params)]
    return " ".join(part for part in parts if part)


def platform_advice(code: int | str, text: str = "", *, short: bool = False) -> str:
    """What an answer of the platform means and what to do (not with `short`), as far as the documents say, else "".

    Its text tells more than its code: the codes of single profiles are listed nowhere.
    """
    known = (f"platform_text_{'_'.join(text.casefold().split())}", f"platform_{code}")
    return next((fault_text(one, {}, short=short) for one in known if one in CATALOGUE), "")


def unlisted_advice() -> str:
    """What to say about an answer the documents do not explain."""
    return fault_text("platform_unlisted", {})


def outcome_name(outcome: str) -> str:
    return _(OUTCOMES[Outcome(outcome)])


def row_reason(row: Any) -> tuple[str, str]:
    """(code, reason) of a row for downloads and lists: the platform's own words, or ours."""
    if row.error:
        return str(row.error), row.error_text
    if row.faults:
        return row.faults[0][1], "; ".join(fault_text(code, params) for _column, code, params in row.faults)
    if row.erased:
        return "row_erased", what("row_erased")
    if row.resolved_as:
        return "", what(f"resolved_{row.resolved_as}")
    if row.doubles is not None:
        return ("duplicate_key" if row.doubles else "sent_before"), what(row.aside_code, {"row": row.doubles})
    return ("", "") if row.outcome == Outcome.ACCEPTED else ("", outcome_name(row.outcome))


def column_letter(place: int) -> str:
    """The spreadsheet's letter of a 0-based column: A, B, ..., Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
