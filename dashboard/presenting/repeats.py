"""Rows that share a key side by side, with the cells in which they differ; and earlier imports of the same people."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dashboard.presenting.problems import shown_value
from dashboard.presenting.rowtable import shown_columns
from imports import actions
from imports.models import ImportJob
from imports.results import Row
from imports.states import Outcome
from imports.wording import column_letter, what


def headers(job: ImportJob) -> list[tuple[str, str]]:
    """(letter, header) of the columns shown."""
    return [(column_letter(column), job.headers[column]) for column in _columns(job)]


def shown_groups(job: ImportJob, groups: Iterable[tuple[int, list[Row]]], *, masked: bool) -> list[dict[str, Any]]:
    """Each group with its rows; `more` are rows of it that are not shown."""
    columns = _columns(job)
    return [
        {"count": count, "more": count - len(rows), "lines": _lines(rows, columns, masked=masked)}
        for count, rows in groups
    ]


def earlier_imports(job: ImportJob) -> list[dict[str, Any]]:
    """Earlier imports that reached people of this one, those with most of them first; `same_file` of the same bytes."""
    ours = ImportJob.objects.select_related("source").filter(team=job.team_id)
    found = ours.in_bulk([pk for pk, _count in job.overlaps])
    sha256 = job.source.sha256 if job.source else ""
    return [
        {"job": found[pk], "count": count, "same_file": _is_same(found[pk], sha256)}
        for pk, count in job.overlaps
        if pk in found
    ]


def _is_same(other: ImportJob, sha256: str) -> bool:
    return bool(sha256) and other.source is not None and other.source.sha256 == sha256


def _columns(job: ImportJob) -> list[int]:
    own = set(actions.own_columns(job))
    return [column for column in shown_columns(job) if column in own]


def _lines(rows: Sequence[Row], columns: Sequence[int], *, masked: bool) -> list[dict[str, Any]]:
    texts = [[row.cells[column] for column in columns] for row in rows]
    differing = [len({text.strip() for text in column}) > 1 for column in zip(*texts, strict=True)]
    return [
        {
            "number": row.number,
            "outcome": row.outcome,
            "why": what(row.aside_code, {"row": row.doubles}) if row.outcome == Outcome.SET_ASIDE else "",
            "cells": [
                {"text": shown_value(text, masked=masked), "differs": differs, "told": _told(row, column)}
                for text, differs, column in zip(cells, differing, columns, strict=True)
            ],
        }
        for row, cells in zip(rows, texts, strict=True)
    ]


def _told(row: Row, column: int) -> str:
    _own, by, merged_from = row.corrected.get(column, ("", "", 0))
    if merged_from:
        return _("taken from row %(row)s") % {"row": merged_from}
    return _("corrected by %(who)s") % {"who": by} if by else ""
