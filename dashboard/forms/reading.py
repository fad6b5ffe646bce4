"""How a file is read: the choices a person can correct."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports import actions

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1251": gettext_lazy("Windows-1251 (Cyrillic)"),
    "koi8-r": gettext_lazy("KOI8-R (Cyrillic)"),
    "koi8-u": gettext_lazy("KOI8-U (Cyrillic)"),
    "cp866": gettext_lazy("DOS 866 (Cyrillic)"),
    "mac-cyrillic": gettext_lazy("Mac Cyrillic"),
    "iso8859-5": gettext_lazy("ISO 8859-5 (Cyrillic)"),
    "cp1252": gettext_lazy("Windows-1252 (Western Europe)"),
    "cp1250": gettext_lazy("Windows-1250 (Central Europe)"),
    "cp1254": gettext_lazy("Windows-1254 (Turkish)"),
    "iso8859-1": gettext_lazy("ISO 8859-1 (Western Europe)"),
}
DELIMITERS = {
    ",": gettext_lazy("Comma ,"),
    ";": gettext_lazy("Semicolon ;"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar |"),
}
ROWS_OFFERED = 20
Choices = list[tuple[str, Any]]


class ReadingForm(forms.Form):
    """Encoding and delimiter of a text, the sheet of a workbook, the row of the header; only what the file has."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Cells are divided by"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.ChoiceField(label=gettext_lazy("Header"), required=False)
    hide_optional = True

    def __init__(self, given: Mapping[str, Any] | None, *, options: Any, sheets: Sequence[str]) -> None:
        plain = options.to_plain() if options else {}
        super().__init__(given, initial=plain)
        offered = {
            "encoding": _with(plain.get("encoding"), actions.offered_encodings(plain.get("format", "")), ENCODINGS),
            "delimiter": _with(plain.get("delimiter"), actions.offered_delimiters(), DELIMITERS),
            "sheet": _with(plain.get("sheet"), sheets, {}),
            "header_row": _header_rows(plain.get("header_row", -1)),
        }
        for name in _left_out(plain.get("format", ""), sheets):
            del self.fields[name]
        for name, field in self.fields.items():
            field.choices = offered[name]  # type: ignore[attr-defined]

    def chosen(self, found: Any) -> Any:
        """The reading options: what was found, with what was chosen instead."""
        return actions.read_options(found, self.cleaned_data)


def _left_out(format_: str, sheets: Sequence[str]) -> list[str]:
    if format_ == "workbook":
        return ["encoding", "delimiter"] if sheets else ["encoding", "delimiter", "sheet"]
    if format_ == "records":
        return ["delimiter", "sheet", "header_row"]
    return ["sheet"]


def _with(now: str | None, offered: Sequence[str], labels: Mapping[str, Any]) -> Choices:
    """The offered values with their labels, the present one among them; "" is left to detection."""
    values = [*offered] if not now or now in offered else [now, *offered]
    detect: Choices = [] if now else [("", _("As detected"))]
    return detect + [(value, labels.get(value, value)) for value in values]


def _header_rows(now: int) -> Choices:
    rows = sorted({*range(1, ROWS_OFFERED + 1), *([now] if now > 0 else [])})
    detect: Choices = [("", _("As detected"))] if now < 0 else []
    named = [(str(row), _("In row %(row)s") % {"row": row}) for row in rows]
    return [*detect, *named, ("0", _("There is none"))]
