"""An empty table to fill in: the fields of one database as headers, an invented example row, how each is written."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.fieldnames import KINDS, title_of
from imports.mapping import Kind, TargetField

LEFT_OUT = frozenset(
    {"profile_id", "_regdate", "_regip", "_regcity", "_regcountry", "_regurl", "_os", "_browser", "_ip"}
)
"""System fields a person hardly ever types; a column of them can still be matched."""
SPOKEN_KINDS = frozenset(Kind) - {Kind.OBJECT, Kind.OBJECTS, Kind.SUBSCRIPTIONS}
EXAMPLES = {
    "email": "kamila@example.com",
    "phones": "+79000000001",
    "_fname": gettext_lazy("Kamila"),
    "_lname": gettext_lazy("Vetrova"),
    "_city": gettext_lazy("Kazan"),
    "_region": gettext_lazy("Tatarstan"),
    "_country": gettext_lazy("Russia"),
    "_postal_code": "420000",
    "_tz": "Europe/Moscow",
    "_vendor": gettext_lazy("Exhibition"),
}
BY_KIND = {
    Kind.LINE: gettext_lazy("text"),
    Kind.INTEGER: "10",
    Kind.FLOAT: "10.5",
    Kind.DATE: "1990-12-31",
    Kind.BOOLEAN: gettext_lazy("yes"),
    Kind.IP: "192.0.2.1",
    Kind.TAGS: gettext_lazy("first, second"),
    Kind.SEX: gettext_lazy("female"),
}
NOTES = {
    Kind.EMAIL: gettext_lazy("One address."),
    Kind.PHONES: gettext_lazy("With + and the country code; several separated by a semicolon."),
    Kind.DATE: gettext_lazy("Year-month-day, with a time after it if there is one."),
    Kind.BOOLEAN: gettext_lazy("yes or no."),
    Kind.TAGS: gettext_lazy("Separated by commas."),
    Kind.FLOAT: gettext_lazy("With a point or a comma."),
}


def columns_of(fields: Sequence[TargetField]) -> list[TargetField]:
    """The fields a person may want to fill in by hand, in the order of a profile."""
    return [field for field in fields if field.name not in LEFT_OUT and field.kind in SPOKEN_KINDS]


def example_of(field: TargetField) -> str:
    """An invented value that passes the check."""
    if field.options:
        return field.options[0]
    return str(EXAMPLES.get(field.name) or BY_KIND.get(field.kind, ""))


def note_of(field: TargetField) -> str:
    """How a value is written, in the reader's language."""
    if field.options:
        return _("One of: %(values)s.") % {"values": "; ".join(field.options)}
    return str(NOTES.get(field.kind, ""))


def as_text(fields: Sequence[TargetField]) -> bytes:
    """UTF-8 with a byte order mark and semicolons, as spreadsheet programs open it by a double click."""
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows([list(map(title_of, fields)), list(map(example_of, fields))])
    return target.getvalue().encode("utf-8-sig")


def as_workbook(fields: Sequence[TargetField]) -> bytes:
    """The table on the first sheet, every cell kept as text; what the fields are on the second."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
        table, told = book.add_worksheet(_("People")), book.add_worksheet(_("Fields"))
        table.set_column(0, max(len(fields) - 1, 0), 22, text)
        table.freeze_panes(1, 0)
        told.set_column(0, 3, 28, text)
        for place, heading in enumerate((_("Column"), _("Field of the profile"), _("Kind"), _("How it is written"))):
            told.write_string(0, place, heading, bold)
        for place, field in enumerate(fields):
            table.write_string(0, place, title_of(field), bold)
            table.write_string(1, place, example_of(field), text)
            for column, cell in enumerate((title_of(field), field.name, str(KINDS[field.kind]), note_of(field))):
                told.write_string(place + 1, column, cell, text)
    return target.getvalue()
