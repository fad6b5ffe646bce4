"""Files brought in, columns matched, presets kept."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import filesize, number, quoted
from dashboard.presenting.options import told_options
from dashboard.presenting.verbs.kinds import Details, Verb, fault_told, listed, rows_text
from dashboard.presenting.words import MATCHINGS, OPERATIONS


def _created(details: Details) -> str:
    sha256 = str(details.get("sha256", ""))
    return listed(filesize(details.get("size") or 0), f"SHA-256 {sha256[:12]}…{sha256[-4:]}" if sha256 else "")


def _options(details: Details) -> str:
    header = details.get("header_row")
    names = {"encoding": _("encoding"), "delimiter": _("delimiter"), "sheet": _("sheet")}
    chosen = [f"{name} {quoted(_shown_sign(str(details[key])))}" for key, name in names.items() if details.get(key)]
    return listed(*chosen, _("header in row %(row)s") % {"row": header} if header else _("no header row"))


def _shown_sign(text: str) -> str:
    return _("Tab") if text == "\t" else text


def _read(details: Details) -> str:
    columns = details.get("columns") or 0
    shown = ngettext("%(count)s column", "%(count)s columns", columns) % {"count": number(columns)}
    return listed(rows_text(details.get("rows") or 0), shown)


def _mapped(details: Details) -> str:
    columns = len(details.get("fields") or ())
    shown = ngettext("%(count)s column", "%(count)s columns", columns) % {"count": number(columns)}
    place = details.get("scenario_name") or details.get("database_name") or str(details.get("database_id", ""))
    operation = str(OPERATIONS.get(details.get("operation", ""), ""))
    matching = str(MATCHINGS.get(details.get("matching", ""), details.get("match_field", "")))
    return listed(shown, place, str(details.get("connection", "")), operation, matching, *told_options(details))


def _preset(details: Details) -> str:
    columns = details.get("columns") or 0
    shown = ngettext("%(count)s column", "%(count)s columns", columns) % {"count": number(columns)}
    return listed(
        shown if columns else "",
        _("before: %(name)s") % {"name": quoted(details["before"])} if details.get("before") else "",
        _("everybody may use it") if details.get("shared") else "",
        _("asks before sending a file unlike the last ones") if details.get("stop_when_odd") else "",
    )


def _followed(details: Details) -> str:
    return _("of import %(number)s") % {"number": number(details.get("followed") or 0)}


VERBS: Mapping[str, Verb] = {
    "job_created": Verb(lazy("Import created"), lazy("%(who)s brought in the file"), "upload", text=_created),
    "options_chosen": Verb(lazy("Reading changed"), lazy("%(who)s chose how to read the file"), "edit", text=_options),
    "file_read": Verb(lazy("File read"), lazy("The file was read"), "sheetfile", text=_read),
    "file_refused": Verb(
        lazy("File not readable"), lazy("The file could not be read"), "invalid", "invalid", fault_told
    ),
    "columns_mapped": Verb(lazy("Columns matched"), lazy("%(who)s matched the columns"), "columns", text=_mapped),
    "preset_applied": Verb(lazy("Preset applied"), lazy("%(who)s applied the preset “%(preset)s”"), "columns"),
    "preset_put_away": Verb(lazy("Preset put away"), lazy("%(who)s went on without a preset"), "x"),
    "preset_saved": Verb(lazy("Preset saved"), lazy("%(who)s saved the preset “%(preset)s”"), "plus", text=_preset),
    "preset_updated": Verb(
        lazy("Preset updated"), lazy("%(who)s updated the preset “%(preset)s”"), "edit", text=_preset
    ),
    "preset_changed": Verb(
        lazy("Preset changed"), lazy("%(who)s changed the preset “%(preset)s”"), "edit", text=_preset
    ),
    "preset_deleted": Verb(lazy("Preset deleted"), lazy("%(who)s deleted the preset “%(preset)s”"), "x"),
    "job_followed": Verb(
        lazy("Rows sent once more"),
        lazy("%(who)s took rows of an earlier import to send them once more"),
        "repeat",
        text=_followed,
    ),
}
