"""Command line options that say which column feeds which field, as the mapping the actions take."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.management.base import REFUSED
from imports.management.destination import column_named, named
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob

MOST_LEFT_OUT = 20  # columns named one by one
FORMS = {
    "action": ("--action", "COLUMN=ACTION"),
    "statuses": ("--statuses", "COLUMN=leave_out or COLUMN=send"),
    "dates": ("--dates", "COLUMN=dmy, COLUMN=mdy or COLUMN=ymd"),
    "on_empty": ("--on-empty", "COLUMN=keep or COLUMN=clear"),
    "on_bad": ("--on-bad", "COLUMN=empty or COLUMN=set:VALUE"),
}
KEPT_AS = {"statuses": "statuses", "dates": "date_order", "on_empty": "empty", "on_bad": "on_bad"}


def add_column_arguments(parser: CommandParser) -> None:
    parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="may be repeated")
    parser.add_argument("--auto-map", action="store_true", help="guess the columns that --map leaves open")
    parser.add_argument(
        "--action",
        action="append",
        default=[],
        metavar="COLUMN=ACTION[:PROPERTY]",
        help="incr, add, delete or upsert in place of setting the field",
    )
    parser.add_argument(
        "--statuses",
        action="append",
        default=[],
        metavar="COLUMN=leave_out|send",
        help="what a status or priority in a column of JSON subscriptions does; such rows are refused otherwise",
    )
    parser.add_argument(
        "--on-bad", action="append", default=[], metavar="COLUMN=empty|set:VALUE", help="what a wrong cell does"
    )
    parser.add_argument(
        "--dates",
        action="append",
        default=[],
        metavar="COLUMN=dmy|mdy|ymd",
        help="the order of dates like 01/02/2024",
    )
    parser.add_argument(
        "--on-empty", action="append", default=[], metavar="COLUMN=keep|clear", help="what an empty cell does"
    )


def refuse_unreadable_columns(options: dict[str, Any]) -> None:
    """Raise CommandError for an option that names no column and choice, whatever columns the file has."""
    for text in options["map"]:
        _fed(text)
    for name in FORMS:
        _choices(options, name)


def mapping_from(
    job: ImportJob, connection: Connection, database_id: int, options: dict[str, Any], kept: Mapping[int, ColumnTarget]
) -> ColumnMapping:
    """The columns `kept` of a preset, and over them what the options say."""
    chosen = dict(kept)
    for text in options["map"]:
        header, field = _fed(text)
        column = column_named(job, header)
        chosen[column] = ColumnTarget(column, header, field)
    if options["auto_map"]:
        taken = {target.field for target in chosen.values()}
        for guess in actions.suggest_mapping(job, actions.target_fields(connection, database_id)):
            if guess.field and guess.column not in chosen and guess.field not in taken:
                chosen[guess.column] = ColumnTarget(guess.column, job.headers[guess.column], guess.field)
    _refine(job, chosen, options)
    return ColumnMapping(tuple(chosen[column] for column in sorted(chosen)))


def left_out(job: ImportJob, mapping: ColumnMapping) -> list[str]:
    """The columns no field was found for, as --map names them: a guess that was not made must not pass unseen."""
    taken = {target.column for target in mapping.targets}
    left = [column for column in range(len(job.headers)) if column not in taken]
    named = [job.headers[column] or f"#{column + 1}" for column in left]
    return named if len(named) <= MOST_LEFT_OUT else [*named[:MOST_LEFT_OUT], f"and {len(named) - MOST_LEFT_OUT} more"]


def _fed(text: str) -> tuple[str, str]:
    """COLUMN=FIELD as a pair; the last "=" parts them, since a header may hold others."""
    header, found, field = text.rpartition("=")
    if not found or not field:
        raise CommandError(f"--map {text}: write COLUMN=FIELD.", returncode=REFUSED)
    return header, field


def _choices(options: dict[str, Any], name: str) -> list[tuple[str, str]]:
    option, form = FORMS[name]
    return [named(text, option, form) for text in options[name]]


def _refine(job: ImportJob, chosen: dict[int, ColumnTarget], options: dict[str, Any]) -> None:
    """Put on the columns the choices that name them."""
    for header, choice in _choices(options, "action"):
        action, _, submatch = choice.partition(":")
        _change(job, chosen, header, action=action, submatch=submatch)
    for name, attribute in KEPT_AS.items():
        for header, choice in _choices(options, name):
            _change(job, chosen, header, **{attribute: choice})


def _change(job: ImportJob, chosen: dict[int, ColumnTarget], header: str, **changes: str) -> None:
    column = column_named(job, header)
    if column not in chosen:
        raise CommandError(f"The column {header!r} is not imported; name its field with --map.", returncode=REFUSED)
    chosen[column] = replace(chosen[column], **changes)  # type: ignore[arg-type]
