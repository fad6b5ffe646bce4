"""What people decide about batches without an answer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number, quoted
from dashboard.presenting.verbs.kinds import Details, Grouped, Verb, listed, profiles_text
from dashboard.presenting.verbs.sending import started_text


def _decided(details: Details) -> str:
    reason = details.get("reason") or ""
    shown = str(DECISIONS.get(details.get("choice", ""), details.get("choice", "")))
    return listed(shown, profiles_text(details.get("rows") or 0), quoted(reason) if reason else "")


def _decided_many(details: Details) -> str:
    batches = details.get("batches") or 0
    shown = ngettext("%(count)s batch", "%(count)s batches", batches) % {"count": number(batches)}
    return listed(shown, _decided(details))


def _proposed(details: Details) -> str:
    return listed(started_text(details), quoted(details["reason"]) if details.get("reason") else "")


def _looked(details: Details) -> str:
    return _("%(found)s found, %(missing)s not found, of %(asked)s looked up") % Grouped(details)


DECISIONS: Mapping[str, str | Promise] = {
    "repeat": lazy("repeat the same request"),
    "again": lazy("send again as new"),
    "arrived": lazy("taken as arrived"),
    "not_arrived": lazy("taken as not arrived"),
    "close": lazy("closed without knowing"),
    "retry": lazy("try again"),
    "give_up": lazy("given up"),
}

VERBS: Mapping[str, Verb] = {
    "batch_decided": Verb(lazy("Decision"), lazy("%(who)s decided about batch %(batch)s"), "user", text=_decided),
    "batches_decided": Verb(
        lazy("Decision about several batches"),
        lazy("%(who)s decided about several batches at once"),
        "user",
        text=_decided_many,
    ),
    "again_proposed": Verb(
        lazy("Sending again proposed"),
        lazy("%(who)s proposed to send again as new"),
        "user",
        text=_proposed,
    ),
    "again_refused": Verb(
        lazy("Sending again refused"), lazy("%(who)s refused to send again as new"), "x", text=_proposed
    ),
    "again_withdrawn": Verb(
        lazy("Proposal withdrawn"), lazy("%(who)s withdrew the proposal to send again as new"), "x", text=_proposed
    ),
    "again_expired": Verb(
        lazy("Proposal expired"), lazy("Nobody confirmed within a day that it be sent again as new"), text=started_text
    ),
    "again_void": Verb(
        lazy("Proposal void"),
        lazy("A proposal to send again as new is void: its batches went their way"),
        text=started_text,
    ),
    "evidence_looked": Verb(
        lazy("Profiles looked up"), lazy("%(who)s looked up profiles of batch %(batch)s"), "eye", text=_looked
    ),
}
