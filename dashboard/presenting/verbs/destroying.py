"""Retention, erasure, acts of destruction."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.verbs.kinds import Details, Verb, listed, rows_text

WHY: Mapping[str, str | Promise] = {
    "retention": lazy("the team's days were over"),
    "by_hand": lazy("an admin decided so"),
    "person": lazy("a person asked for it"),
}


def _why(details: Details) -> str:
    return str(WHY.get(details.get("why") or "", ""))


def _purged(details: Details) -> str:
    return listed(rows_text(details.get("rows") or 0), _why(details), _act(details))


def _erased(details: Details) -> str:
    return listed(rows_text(details.get("rows") or 0), _act(details))


def _act(details: Details) -> str:
    return _("act %(act)s") % {"act": details["act"]} if details.get("act") else ""


def _written(details: Details) -> str:
    imports = details.get("imports") or 0
    shown = ngettext("%(count)s import", "%(count)s imports", imports) % {"count": number(imports)}
    return listed(_why(details), shown, rows_text(details.get("rows") or 0))


def _removed(details: Details) -> str:
    count = details.get("objects") or 0
    return ngettext("%(count)s object", "%(count)s objects", count) % {"count": number(count)}


def _days(details: Details) -> str:
    before, days = details.get("before") or 0, details.get("days") or 0
    text = ngettext("%(before)s, now %(days)s day", "%(before)s, now %(days)s days", days)
    return text % {"before": number(before), "days": number(days)}


VERBS: Mapping[str, Verb] = {
    "job_purged": Verb(
        lazy("Rows and files destroyed"), lazy("Rows and files of the import were destroyed"), "x", text=_purged
    ),
    "objects_removed": Verb(
        lazy("Unreadable objects removed"), lazy("What nobody could open any more was removed"), "x", text=_removed
    ),
    "person_erased": Verb(lazy("Person erased"), lazy("A person was erased from the import"), "x", text=_erased),
    "erasure_asked": Verb(lazy("Erasure of a person asked for"), lazy("%(who)s had a person erased"), "x", text=_act),
    "act_written": Verb(
        lazy("Act of destruction"), lazy("Act of destruction %(act)s was written"), "sheetfile", text=_written
    ),
    "act_downloaded": Verb(
        lazy("Act of destruction taken away"), lazy("%(who)s downloaded act of destruction %(number)s"), "download"
    ),
    "retention_changed": Verb(
        lazy("Days of keeping changed"), lazy("%(who)s changed how long rows and files are kept"), "edit", text=_days
    ),
}
