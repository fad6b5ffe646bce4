"""Words, icons and hues of outcomes, states and guesses: one table each, read by every tag on every page."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise


class Badge(NamedTuple):
    """What stands in a tag. hue is the last part of a `.is-…` class, icon a sign of icons.svg, label lazy text."""

    hue: str
    icon: str
    label: Label


OUTCOMES: dict[str, Badge] = {
    "accepted": Badge("accepted", "accepted", _("Accepted")),
    "rejected": Badge("rejected", "rejected", _("Rejected")),
    "invalid": Badge("invalid", "invalid", _("Failed our check")),
    "aside": Badge("aside", "aside", _("Set aside")),
    "notsent": Badge("notsent", "notsent", _("Not sent")),
    "unknown": Badge("unknown", "unknown", _("Unknown")),
    "pending": Badge("pending", "pending", _("Pending")),
}

# The seven terms of the sum, worded to follow any number.
TERMS: dict[str, Label] = {
    "accepted": _("accepted by Altcraft"),
    "rejected": _("rejected by Altcraft"),
    "invalid": _("failed our check"),
    "aside": _("set aside"),
    "notsent": _("not sent"),
    "unknown": _("outcome unknown"),
    "pending": _("pending"),
}

# Other spellings of the same outcomes, as the command line and the database write them.
SPELLINGS = {"set_aside": "aside", "not_sent": "notsent"}

# Besides the states themselves: done_partly and answered_partly, for what ended with rows not accepted.
JOB_STATES: dict[str, Badge] = {
    "uploaded": Badge("pending", "upload", _("Uploaded")),
    "reading": Badge("pending", "pending", _("Reading the file")),
    "read": Badge("accent", "columns", _("Columns to match")),
    "unreadable": Badge("invalid", "invalid", _("Cannot be read")),
    "checking": Badge("pending", "pending", _("Checking")),
    "checked": Badge("accent", "check", _("Ready to send")),
    "waiting_approval": Badge("accent", "shield", _("Waits for approval")),
    "approved": Badge("accent", "shield", _("Approved, not sent yet")),
    "sending": Badge("pending", "pending", _("Sending")),
    "paused": Badge("notsent", "pause", _("Paused")),
    "held": Badge("invalid", "pause", _("Held up")),
    "needs_decision": Badge("unknown", "unknown", _("Needs a decision")),
    "cancelling": Badge("notsent", "x", _("Stopping")),
    "cancelled": Badge("notsent", "notsent", _("Cancelled")),
    "done": Badge("accepted", "accepted", _("Finished")),
    "done_partly": Badge("notsent", "check", _("Finished, not all accepted")),
}

BATCH_STATES: dict[str, Badge] = {
    "frozen": Badge("pending", "pending", _("Prepared")),
    "ready": Badge("pending", "pending", _("Waiting")),
    "sending": Badge("accent", "send", _("On the wire")),
    "answered": Badge("accepted", "accepted", _("Answered")),
    "answered_partly": Badge("rejected", "rejected", _("With rejections")),
    "refused": Badge("rejected", "rejected", _("Refused")),
    "split": Badge("notsent", "split", _("Cut in two")),
    "held": Badge("invalid", "pause", _("Held")),
    "unknown": Badge("unknown", "unknown", _("No answer")),
    "resolved": Badge("notsent", "check", _("Decided by a person")),
    "cancelled": Badge("notsent", "notsent", _("Not sent")),
}

GUESSES: dict[str, Badge] = {
    "exact": Badge("accepted", "accepted", _("Exact")),
    "likely": Badge("accent", "help", _("Likely")),
    "check": Badge("invalid", "invalid", _("Please check")),
    "none": Badge("notsent", "notsent", _("Not found")),
}

# What became of the wish that a second person looks before sending; "used": it was sent by it.
APPROVAL_STATES: dict[str, Badge] = {
    "open": Badge("accent", "clock", _("Waits for an answer")),
    "approved": Badge("accent", "shield", _("Approved")),
    "used": Badge("accepted", "accepted", _("Approved and sent")),
    "refused": Badge("rejected", "rejected", _("Sent back")),
    "withdrawn": Badge("notsent", "notsent", _("Taken back")),
    "expired": Badge("notsent", "clock", _("Over after a day")),
    "void": Badge("notsent", "x", _("Void: the import was changed")),
}

STATES = {"job": JOB_STATES, "batch": BATCH_STATES, "approval": APPROVAL_STATES}


def spelled(name: str) -> str:
    """The outcome's name as classes and icons spell it: "SET_ASIDE" and "set_aside" are "aside"."""
    plain = str(name).lower()
    return SPELLINGS.get(plain, plain)


def outcome_badge(name: str) -> Badge:
    """The badge of an outcome in any of its spellings; a name that is none is shown as it is."""
    return OUTCOMES.get(spelled(name)) or _plain(name)


def state_badge(name: str, kind: str = "job") -> Badge:
    """The badge of a job's state, or of a batch's with kind="batch"; a name that is none is shown as it is."""
    return STATES[kind].get(str(name).lower()) or _plain(name)


def guess_badge(certainty: str) -> Badge:
    """The badge of a guess at a column: exact, likely, check or none."""
    return GUESSES.get(str(certainty).lower()) or _plain(certainty)


def _plain(name: str) -> Badge:
    return Badge("notsent", "info", str(name))
