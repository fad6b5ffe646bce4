"""Rows of the file beside what became of them, as a table that stays readable however wide the file is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.figures import mask, quoted
from dashboard.presenting.dictionary import Dictionary
from dashboard.presenting.problems import shown_value
from imports.masking import mask as mask_text
from imports.models import ImportJob
from imports.results import Row
from imports.wording import column_letter, fault_text, outcome_name, what

MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Table:
    """`headers` are (letter, header) of the columns shown, `hidden` how many are left for the row's own page."""

    headers: list[tuple[str, str]]
    hidden: int
    lines: list[dict[str, Any]]


def row_table(job: ImportJob, rows: Iterable[Row], *, masked: bool, query: str = "") -> Table:
    """The rows with the columns that matter most: the matched ones first, in the order of the file."""
    columns = shown_columns(job)
    headers = [(column_letter(column), job.headers[column]) for column in columns]
    dictionary = Dictionary()
    lines = [_line(job, row, columns, dictionary, masked=masked, query=query) for row in rows]
    return Table(headers, len(job.headers) - len(columns), lines)


def shown_columns(job: ImportJob, most: int = MOST_COLUMNS) -> list[int]:
    """Places of at most so many columns."""
    matched = [target.column for target in job.mapping.targets if target.column < len(job.headers)]
    wanted = dict.fromkeys([*matched, *range(len(job.headers))])
    return sorted(list(wanted)[:most])


def all_cells(job: ImportJob, row: Row, *, masked: bool) -> list[dict[str, Any]]:
    """Every cell of a row: letter, header, value, and what our check says about it."""
    faults = {column: (code, params) for column, code, params in row.faults}
    fields = {target.column: target.field for target in job.mapping.targets}
    return [
        {
            "letter": column_letter(place),
            "header": job.headers[place] if place < len(job.headers) else "",
            "value": mask(cell) if masked else cell,
            "field": fields.get(place, ""),
            "told": _told(row, place, masked=masked),
            "fault": what(faults[place][0], {} if masked else faults[place][1]) if place in faults else "",
        }
        for place, cell in enumerate(row.cells)
    ]


def _told(row: Row, column: int, *, masked: bool) -> str:
    """What the file holds in a cell that goes with another value, and why it does; "" for all other cells."""
    if column not in row.corrected:
        return ""
    own, by, merged_from = row.corrected[column]
    if merged_from:
        return _("empty in the file; taken from row %(row)s, which is about the same person") % {"row": merged_from}
    own = quoted(mask(own) if masked else own) if own else _("nothing")
    return _("the file has %(own)s; corrected by %(who)s") % {"own": own, "who": by}


def reason_of(row: Row, *, masked: bool, dictionary: Dictionary | None = None) -> tuple[str, str, str]:
    """(code, why, what that means) of a row's outcome: the platform's words, or ours."""
    if row.error:
        text = mask_text(row.error_text) if masked else row.error_text
        return str(row.error), text, (dictionary or Dictionary()).meaning(row.error, row.error_text).title
    if row.faults:
        return "", " ".join(fault_text(code, {} if masked else params) for _column, code, params in row.faults), ""
    if row.resolved_as:
        return "", what(f"resolved_{row.resolved_as}"), ""
    if row.doubles is not None:
        return "", what(row.aside_code, {"row": row.doubles}), ""
    return "", "", ""


def row_title(row: Row) -> str:
    """The outcome for the row page's heading."""
    return outcome_name(row.outcome)


def _line(
    job: ImportJob, row: Row, columns: Sequence[int], dictionary: Dictionary, *, masked: bool, query: str
) -> dict[str, Any]:
    code, text, advice = reason_of(row, masked=masked, dictionary=dictionary)
    cells = [row.cells[column] if column < len(row.cells) else "" for column in columns]
    url = reverse("job_row", args=[job.uuid, row.number])
    return {
        "number": row.number,
        "url": f"{url}?{query}" if query else url,
        "cells": [shown_value(cell, masked=masked) for cell in cells],
        "outcome": row.outcome,
        "code": code,
        "text": text,
        "advice": advice,
        "profile_id": mask(row.profile_id) if masked else row.profile_id,
        "batch": row.batch,
    }
