"""Coming, going, and proving who one is."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.roles import ROLES
from dashboard.presenting.verbs.kinds import Details, Verb, listed

HOW = {
    "password": lazy("with the password"),
    "password+code": lazy("with the password and a code"),
    "password+recovery": lazy("with the password and a recovery code"),
    "sso": lazy("by single sign-on"),
    "sso+code": lazy("by single sign-on and a code"),
    "sso+recovery": lazy("by single sign-on and a recovery code"),
}
WHY_OVER = {
    "idle": lazy("nothing was done for too long"),
    "long": lazy("it had lasted as long as a session may"),
    "ended": lazy("it had been ended from elsewhere"),
}


def _signed_in(details: Details) -> str:
    return listed(str(HOW.get(str(details.get("how", "")), "")), _from(details))


def _from(details: Details) -> str:
    return _("from %(address)s") % {"address": details["address"]} if details.get("address") else ""


def _failed(details: Details) -> str:
    tries = details.get("tries") or 0
    shown = ngettext("%(count)s wrong try so far", "%(count)s wrong tries so far", tries) % {"count": number(tries)}
    return listed("" if details.get("known", True) else _("a name nobody has here"), shown, _from(details))


def _session_over(details: Details) -> str:
    return str(WHY_OVER.get(str(details.get("why", "")), ""))


def _policy(details: Details) -> str:
    """What holds from now on."""
    roles = ", ".join(str(ROLES.get(role, role)) for role in details.get("second_factor_roles") or ())
    names = {
        "idle_minutes": _("minutes without a page: %(count)s"),
        "session_hours": _("hours of a session: %(count)s"),
        "invitation_days": _("days of an invitation: %(count)s"),
    }
    shown = [text % {"count": number(details[name])} for name, text in names.items() if name in details]
    return listed(_("second factor: %(roles)s") % {"roles": roles or _("nobody has to")}, *shown)


VERBS: Mapping[str, Verb] = {
    "signed_in": Verb(lazy("Signed in"), lazy("%(who)s signed in"), "user", text=_signed_in),
    "sign_in_failed": Verb(lazy("Sign-in failed"), lazy("Somebody could not sign in"), "invalid", "invalid", _failed),
    "locked_out": Verb(
        lazy("Has to wait"), lazy("Somebody failed too often and has to wait"), "pause", "invalid", _failed
    ),
    "signed_out": Verb(lazy("Signed out"), lazy("%(who)s signed out"), "logout"),
    "session_over": Verb(lazy("Session over"), lazy("A session of %(who)s was over"), "logout", text=_session_over),
    "session_ended": Verb(lazy("Session ended"), lazy("%(who)s ended one session of a person"), "logout"),
    "sessions_ended": Verb(lazy("Sessions ended"), lazy("%(who)s ended all sessions of a person"), "logout"),
    "stepped_up_failed": Verb(
        lazy("Proof failed"), lazy("%(who)s could not prove again who they are"), "invalid", "invalid", _failed
    ),
    "second_factor_on": Verb(lazy("Second factor set up"), lazy("%(who)s set up a second factor"), "shield"),
    "second_factor_off": Verb(lazy("Second factor removed"), lazy("%(who)s removed their second factor"), "x"),
    "second_factor_reset": Verb(
        lazy("Second factor reset"), lazy("%(who)s took away the second factor of somebody"), "x"
    ),
    "recovery_codes_made": Verb(lazy("Recovery codes made"), lazy("%(who)s made new recovery codes"), "repeat"),
    "password_changed": Verb(lazy("Password changed"), lazy("%(who)s changed their password"), "key"),
    "password_reset_asked": Verb(
        lazy("New password asked for"), lazy("Somebody asked for a new password by mail"), "key"
    ),
    "policy_changed": Verb(lazy("Policy changed"), lazy("%(who)s changed the policy"), "edit", text=_policy),
}
