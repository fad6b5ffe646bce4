"""What a page's address asks for: which rows, from where on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from dashboard.badges import spelled
from dashboard.figures import number
from imports.results import Row, RowFilter
from imports.states import Outcome

LARGEST = 2_000_000_000
BY_SPELLING = {spelled(outcome): outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of rows: which ones, and after (or before) which spreadsheet row."""

    outcome: str = ""
    code: str = ""
    after: int = 0
    before: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, outcomes: tuple[str, ...] = tuple(Outcome)) -> "Asked":
        """What cannot be understood is taken for not asked."""
        outcome = BY_SPELLING.get(spelled(query.get("outcome", "")), "")
        known = outcome if outcome in outcomes else ""
        code = query.get("code", "")[:400] if known else ""
        return cls(known, code, whole(query.get("after")), whole(query.get("before")))

    def pager(self, rows: Sequence[Row], more: bool) -> dict[str, str]:
        """What components/pager.html takes; `more` says whether there are further rows the way that was asked."""
        if not rows:
            return {"newer_url": f"?{self.query}#rows" if self.after or self.before else ""}
        first, last = rows[0].number, rows[-1].number
        span = _("Rows %(first)s–%(last)s") % {"first": number(first), "last": number(last)}
        back = more if self.before else self.after > 0
        on = more or self.before > 0
        return {
            "summary": span,
            "newer_url": self._url(before=first) if back else "",
            "older_url": self._url(after=last) if on else "",
        }

    def _url(self, **place: int) -> str:
        return f"?{self.query}{'&' if self.query else ''}{urlencode(place)}#rows"

    @property
    def rows(self) -> RowFilter:
        if self.outcome == Outcome.REJECTED:
            code, _colon, text = self.code.partition(":")
            return RowFilter(self.outcome, code, text)
        code, _at, column = self.code.partition("@")
        return RowFilter(self.outcome, code, column=int(column) if column.isdecimal() else -1)

    @property
    def query(self) -> str:
        """The same choice for an address, without the place."""
        chosen = {"outcome": self.outcome, "code": self.code}
        return urlencode({name: value for name, value in chosen.items() if value})


def older_pager(query: QueryDict, found: Any, *, before: int, size: int) -> tuple[list[Any], dict[str, str]]:
    """One page of a list that runs from new to old by id, and what components/pager.html takes.

    "Newer" leads back to the newest page: that costs no counting, and the browser's Back has the one between.
    """
    page = list((found.filter(pk__lt=before) if before else found)[: size + 1])
    asked = query.copy()
    asked.pop("before", None)
    newest = asked.urlencode()
    if len(page) > size:
        asked["before"] = str(page[size - 1].pk)
    older = f"?{asked.urlencode()}" if len(page) > size else ""
    return page[:size], {"newer_url": f"?{newest}" if before else "", "older_url": older}


def whole(text: str | None) -> int:
    """A number from an address; 0 for anything that is none."""
    return min(int(text), LARGEST) if text and text.isdecimal() and len(text) < 20 else 0
