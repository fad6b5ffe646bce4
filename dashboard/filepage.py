"""What the page of a file shows: what was found, the choices, the first rows, earlier imports of the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.access import may_import, may_see_people
from dashboard.figures import mask
from dashboard.forms.reading import ReadingForm
from dashboard.steps import stepper_of
from imports import actions
from imports.models import Correction, ImportJob
from imports.results import Progress, progress
from imports.states import MAY_BE_MAPPED, MAY_BE_READ_AGAIN, JobState
from imports.wording import column_letter, what, what_to_do

COLUMNS_SHOWN = 40
NOT_FIXABLE = {  # no choice on the page makes a table of these
    "binary_workbook", "broken_workbook", "empty_file", "encrypted_workbook", "json_broken", "json_no_profiles",
    "json_too_deep", "json_too_large", "macro_workbook", "not_a_table", "source_too_large", "storage_failed",
    "unsafe_workbook",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The first rows as they are, or would be, read; or why they cannot be, and what to do."""

    headers: list[tuple[str, str]]
    rows: list[tuple[int, list[str]]]
    notes: list[str]
    more_columns: int = 0
    fault: str = ""
    advice: str = ""


class FilePage:
    """One job's file, with the choices of a person (`given`) or as it was read."""

    def __init__(self, job: ImportJob, user: Any, given: Mapping[str, Any] | None = None) -> None:
        self.job, self.user, self.given = job, user, given
        self.editable = may_import(user) and job.state in MAY_BE_READ_AGAIN
        self.fixable = (job.fault or {}).get("code") not in NOT_FIXABLE
        self.unreadable = job.state == JobState.UNREADABLE
        self.moving = job.state in (JobState.UPLOADED, JobState.READING)

    @cached_property
    def head(self) -> dict[str, Any]:
        return actions.head(self.job) if self.job.read_version else {"rows": [], "sheets": [], "columns": []}

    @cached_property
    def came_back(self) -> actions.Recognised | None:
        """The earlier import whose rows this file brings back, where they carry its keys."""
        return actions.recognise(self.job) if self.editable and self.job.state in MAY_BE_MAPPED else None

    @cached_property
    def corrected(self) -> bool:
        """Whether cells were corrected, which another reading of the file would forget."""
        return self.editable and Correction.objects.standing(self.job).exists()

    @cached_property
    def form(self) -> ReadingForm:
        return ReadingForm(self.given, options=self.job.options, sheets=self.sheets)

    @cached_property
    def sheets(self) -> list[str]:
        """The sheets of a workbook; asked of the file itself when it could not be read."""
        if self.head["sheets"] or not (self.unreadable and self.job.options and self.job.options.format == "workbook"):
            return list(self.head["sheets"])
        try:
            return actions.preview(self.job).sheets
        except actions.Unreadable:
            return []

    @property
    def progress(self) -> Progress:
        return progress(self.job)

    @property
    def stepper(self) -> dict[str, Any]:
        return stepper_of(self.job)

    @cached_property
    def notes(self) -> list[tuple[str, str]]:
        """What reading the whole file came upon: (what it is, what to do)."""
        return [(what(code, params), what_to_do(code, params)) for code, params in self.job.notes]

    @cached_property
    def unnamed(self) -> int:
        return sum(not header.strip() for header in self.job.headers)

    @cached_property
    def earlier(self) -> list[ImportJob]:
        """Imports of the very same bytes that this person may see, newest first; none where it cannot be read."""
        if self.job.source is None or self.unreadable:
            return []
        same = ImportJob.objects.visible_to(self.user).filter(source__sha256=self.job.source.sha256)
        return list(same.exclude(pk=self.job.pk).order_by("-pk")[:3])

    def shown(self) -> Shown:
        """The rows to show: as read, or for other choices as the file looks with them."""
        if self.moving:
            return Shown([], [], [])
        if self.given is None:
            return self._as_read()
        if not self.form.is_valid():
            return Shown(
                [], [], [], fault="; ".join(str(error) for errors in self.form.errors.values() for error in errors)
            )
        try:
            found = actions.preview(self.job, self.form.chosen(self.job.options))
        except actions.Unreadable as fault:
            return _refused(fault.code, fault.params)
        notes = [what(code, params) for code, params in found.notes]
        return self._table(found.headers, found.rows, notes)

    def _as_read(self) -> Shown:
        if self.unreadable:
            fault = self.job.fault or {"code": "read_unsafely", "params": {}}
            return _refused(fault["code"], fault["params"])
        return self._table(self.job.headers, self.head["rows"], [])

    def _table(self, headers: Sequence[str], rows: Sequence[Any], notes: list[str]) -> Shown:
        letters = [(column_letter(place), header) for place, header in enumerate(headers[:COLUMNS_SHOWN])]
        open_ = may_see_people(self.user)
        cut = [(number, [c if open_ else mask(c) for c in cells[:COLUMNS_SHOWN]]) for number, cells in rows]
        return Shown(letters, cut, notes, more_columns=max(0, len(headers) - COLUMNS_SHOWN))


def _refused(code: str, params: Mapping[str, str]) -> Shown:
    return Shown([], [], [], fault=what(code, params), advice=what_to_do(code, params))
