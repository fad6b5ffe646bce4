"""Approvals: a second pair of eyes before sending."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard.figures import quoted
from dashboard.presenting.verbs.kinds import Details, Verb, listed, profiles_text


def _asked(details: Details) -> str:
    may_write = _("may write to people, or must not be repeated") if details.get("unsafe") else ""
    return listed(profiles_text(details.get("rows") or 0), may_write, _seal(details))


def _seal(details: Details) -> str:
    digest = str(details.get("digest") or "")
    return _("seal %(digest)s") % {"digest": digest[:16]} if digest else ""


def _refused(details: Details) -> str:
    reason = details.get("reason") or ""
    return listed(profiles_text(details.get("rows") or 0), quoted(reason) if reason else "")


def _rows(details: Details) -> str:
    return profiles_text(details.get("rows") or 0)


def _void(details: Details) -> str:
    why = {
        "edited": _("what would be sent was changed"),
        "cancelled": _("the import was cancelled"),
        "restored": _("a backup was restored"),
        "account": _("the account has another address or token now"),
        "policy": _("the account asks for no approval any more"),
    }
    given = details.get("approver") or ""
    by = _("it was given by %(name)s") % {"name": given} if given else _("nobody had answered yet")
    return listed(why.get(str(details.get("why", "")), ""), by)


VERBS: Mapping[str, Verb] = {
    "approval_asked": Verb(lazy("Approval asked for"), lazy("%(who)s asked for an approval"), "shield", text=_asked),
    "approval_given": Verb(lazy("Approved"), lazy("%(who)s approved the import"), "shield", text=_asked),
    "approval_refused": Verb(lazy("Approval refused"), lazy("%(who)s sent the import back"), "rejected", text=_refused),
    "approval_withdrawn": Verb(
        lazy("Approval no longer asked for"), lazy("%(who)s took the question for an approval back"), "x", text=_rows
    ),
    "approval_expired": Verb(lazy("Approval too old"), lazy("The approval was over after a day"), "clock", text=_rows),
    "approval_void": Verb(lazy("Approval void"), lazy("The approval became void"), "x", text=_void),
}
