"""What is wrong with the history, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

BROKEN = {
    "edited": N_("Event %(number)s was changed after it was written."),
    "deleted": N_("Events are missing: %(about)s."),
    "reordered": N_(
        "Event %(number)s does not hang on the one before: something was moved, put in or taken out there."
    ),
    "unchained": N_("An event (row %(about)s) is in no place of the chain: it was put in past the database's guards."),
    "cut": N_("The end is missing from event %(number)s on: heads kept outside reach to %(about)s."),
    "rolled_back": N_(
        "Event %(number)s is another than the one kept outside: the history was turned back and goes on."
    ),
    "head_forged": N_("The head kept outside for event %(number)s was put there by somebody else: its seal is wrong."),
    "unguarded": N_("The database no longer guards the history: %(about)s is missing."),
}


def broken_text(kind: str, number: int, about: str) -> str:
    """A sentence for one thing that is wrong."""
    return _(BROKEN[kind]) % {"number": number, "about": about}
