"""The check, and what people change between it and the sending."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.verbs.kinds import Details, Verb, listed, rows_text
from dashboard.presenting.words import DUPLICATES
from imports.wording import column_letter


def _checked(details: Details) -> str:
    batches, doubles = details.get("batches") or 0, details.get("duplicates") or 0
    ready = ngettext("%(count)s batch is ready", "%(count)s batches are ready", batches) % {"count": number(batches)}
    repeat = ngettext("%(count)s row repeats a key", "%(count)s rows repeat a key", doubles)
    shared = sum((details.get("repeats") or {}).values())
    share = ngettext("%(count)s row shares a contact", "%(count)s rows share a contact", shared)
    return listed(
        ready,
        repeat % {"count": number(doubles)} if doubles else "",
        share % {"count": number(shared)} if shared else "",
    )


def _corrected(details: Details) -> str:
    """How many cells of which column; never what they held."""
    cells, column = details.get("cells") or 0, details.get("column", -1)
    shown = ngettext("%(count)s cell", "%(count)s cells", cells) % {"count": number(cells)}
    return listed(shown, _("column %(letter)s") % {"letter": column_letter(column)} if column >= 0 else "")


def _rule(details: Details) -> str:
    return str(DUPLICATES.get(str(details.get("rule", "")), ""))


def _skipping(details: Details) -> str:
    words = {
        "any": _("people of earlier imports are set aside"),
        "followed": _("people of the import this one follows are set aside"),
        "": _("nobody is set aside for that"),
    }
    return listed(words.get(str(details.get("skip", "")), ""), rows_text(details.get("rows") or 0))


VERBS: Mapping[str, Verb] = {
    "check_begun": Verb(lazy("Check begun"), lazy("%(who)s started the check"), "check"),
    "check_voided": Verb(
        lazy("Check no longer valid"), lazy("A backup was restored: the rows have to be checked again"), "repeat"
    ),
    "check_finished": Verb(lazy("Check finished"), lazy("The check finished"), "check", text=_checked),
    "cells_corrected": Verb(lazy("Cells corrected"), lazy("%(who)s corrected cells"), "edit", text=_corrected),
    "correction_undone": Verb(
        lazy("Correction undone"), lazy("%(who)s took a correction back"), "repeat", text=_corrected
    ),
    "duplicates_chosen": Verb(
        lazy("Rule for repeats chosen"),
        lazy("%(who)s chose what becomes of rows about the same person"),
        "users",
        text=_rule,
    ),
    "sent_before_chosen": Verb(
        lazy("People sent before"), lazy("%(who)s chose what becomes of people sent before"), "users", text=_skipping
    ),
}
