"""The record itself, keys, backups, and what the platform's answers mean."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.verbs.kinds import Details, Verb, listed


def _about_answer(details: Details) -> str:
    return _("code %(code)s") % {"code": details.get("code", "…")}


def _exported(details: Details) -> str:
    events = details.get("events") or 0
    return ngettext("%(count)s entry", "%(count)s entries", events) % {"count": number(events)}


def _verified(details: Details) -> str:
    count = details.get("events", 0)
    looked = ngettext("%(count)s event", "%(count)s events", count) % {"count": number(count)}
    return listed(looked, _("NOT intact") if details.get("broken") else _("intact"))


def _rotated(details: Details) -> str:
    shown = {"tokens": number(details.get("tokens", 0)), "jobs": number(details.get("jobs", 0))}
    told = _("tokens: %(tokens)s, imports: %(jobs)s") % shown
    if not details.get("unopened"):
        return told
    return listed(told, _("not opened by any key: %(count)s") % {"count": number(details["unopened"])})


def _restored(details: Details) -> str:
    count = (details.get("held") or 0) + (details.get("unknown") or 0)
    return ngettext("%(count)s batch waits for a person", "%(count)s batches wait for a person", count) % {
        "count": number(count)
    }


VERBS: Mapping[str, Verb] = {
    "note_written": Verb(
        lazy("Answer explained"), lazy("%(who)s explained an answer of Altcraft"), "edit", text=_about_answer
    ),
    "note_removed": Verb(
        lazy("Explanation removed"), lazy("%(who)s took an explanation away"), "x", text=_about_answer
    ),
    "history_exported": Verb(
        lazy("History exported"), lazy("%(who)s exported the history"), "download", text=_exported
    ),
    "database_restored": Verb(
        lazy("Backup restored"), lazy("A backup of the database was restored"), "repeat", text=_restored
    ),
    "history_verified": Verb(
        lazy("History verified"), lazy("The chain of the history was recomputed"), "check", text=_verified
    ),
    "keys_rotated": Verb(
        lazy("Keys rotated"), lazy("Tokens and keys of imports were sealed with the newest key"), "check", text=_rotated
    ),
}
