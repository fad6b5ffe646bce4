"""Sending, batch by batch, and what stops it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number, quoted
from dashboard.presenting.options import told_options
from dashboard.presenting.verbs.kinds import Details, Grouped, Verb, fault_told, listed, profiles_text
from dashboard.presenting.words import attempt_class, attempt_reason, held_for


def started_text(details: Details) -> str:
    batches = details.get("batches") or 0
    shown = ngettext("%(count)s batch", "%(count)s batches", batches) % {"count": number(batches)}
    first = details.get("first_rows") or 0
    alone = ngettext("the first %(count)s row alone", "the first %(count)s rows alone", first)
    told = alone % {"count": number(first)} if first else ""
    return listed(profiles_text(details.get("rows") or 0), shown, told, *told_options(details))


def _braked(details: Details) -> str:
    return _("%(rejected)s of %(answered)s rejected, most with code %(error)s; limit %(limit)s %%") % Grouped(details)


def _brake_let_go(details: Details) -> str:
    limit = details.get("limit") or 0
    return (
        _("it pauses again above %(limit)s %%") % {"limit": limit} if limit else _("it does not pause for that again")
    )


def _batch(details: Details) -> str:
    kind, reason = details.get("kind") or "", details.get("reason") or ""
    why = attempt_reason(reason) if reason else attempt_class(kind) if kind not in ("", "answered") else ""
    rows = profiles_text(details["rows"]) if details.get("rows") else ""
    return listed(rows, held_for(details["held_for"]) if details.get("held_for") else why)


def _cut(details: Details) -> str:
    """Why a batch was cut; "" in lines of before there was more than one reason."""
    reasons = {
        "too_large": _("the platform takes no request so large"),
        "refused": _("the platform refused it as a whole, so the rows are looked for"),
        "first_alone": _("the first rows go alone"),
    }
    rows = profiles_text(details["rows"]) if details.get("rows") else ""
    return listed(rows, reasons.get(details.get("cut", ""), ""))


def _sum(details: Details) -> str:
    terms = {
        "accepted": _("accepted"),
        "rejected": _("rejected"),
        "invalid": _("failed our check"),
        "set_aside": _("set aside"),
        "not_sent": _("not sent"),
        "unknown": _("unknown"),
        "pending": _("pending"),
    }
    return listed(*(f"{number(details[term])} {name}" for term, name in terms.items() if details.get(term)))


def _late(details: Details) -> str:
    return _("it settled the batch") if details.get("used") else _("it was kept, and changed nothing")


def _stopped(details: Details) -> str:
    imports = details.get("imports") or 0
    shown = ngettext("%(count)s import", "%(count)s imports", imports) % {"count": number(imports)}
    return listed(quoted(details.get("reason") or ""), shown)


VERBS: Mapping[str, Verb] = {
    "sending_started": Verb(lazy("Sending started"), lazy("%(who)s pressed Send"), "send", text=started_text),
    "batch_answered": Verb(lazy("Batch answered"), lazy("Batch %(batch)s was answered"), "send", "accepted", _batch),
    "batch_refused": Verb(lazy("Batch refused"), lazy("Batch %(batch)s was refused"), "rejected", "rejected", _batch),
    "batch_split": Verb(lazy("Batch cut"), lazy("Batch %(batch)s was cut into smaller ones"), "split", text=_cut),
    "calls_kept_back": Verb(
        lazy("Calls kept back"),
        lazy("The platform does not answer: it is only asked now and then until it does"),
        "pause",
        "invalid",
        _batch,
    ),
    "calls_let_go": Verb(lazy("Calls go again"), lazy("The platform answers again"), "play", "accepted"),
    "batch_ready": Verb(
        lazy("Batch to be tried again"), lazy("Batch %(batch)s will be tried again"), "repeat", text=_batch
    ),
    "batch_held": Verb(
        lazy("Batch stopped"), lazy("Batch %(batch)s was stopped and waits for a person"), "pause", "invalid", _batch
    ),
    "batch_unknown": Verb(
        lazy("Batch without an answer"), lazy("Batch %(batch)s: no readable answer"), "unknown", "unknown", _batch
    ),
    "late_answer": Verb(
        lazy("Late answer"),
        lazy("A late answer came for batch %(batch)s"),
        "clock",
        text=_late,
    ),
    "job_held": Verb(lazy("Sending held up"), lazy("Sending was held up"), "pause", "invalid", fault_told),
    "job_needs_decision": Verb(
        lazy("Waits for a decision"), lazy("Everything else has gone; a person has to decide"), "unknown", "unknown"
    ),
    "job_sending": Verb(
        lazy("Sending goes on"), lazy("It turned out that nothing had been sent, so sending goes on"), "play"
    ),
    "canary_answered": Verb(
        lazy("First rows answered"), lazy("The first rows were answered; the others wait for a look"), "eye", text=_sum
    ),
    "canary_passed": Verb(
        lazy("Others let go"), lazy("%(who)s looked at the first rows and let the others go"), "play"
    ),
    "brake_pulled": Verb(
        lazy("Too much rejected"), lazy("Too much was rejected: sending paused by itself"), "pause", "invalid", _braked
    ),
    "brake_released": Verb(
        lazy("Sending goes on after too much was rejected"),
        lazy("%(who)s let it go on although much was rejected"),
        "play",
        text=_brake_let_go,
    ),
    "job_paused": Verb(lazy("Import paused"), lazy("%(who)s paused the import"), "pause"),
    "job_resumed": Verb(lazy("Sending continued"), lazy("%(who)s pressed Continue"), "play"),
    "job_cancelled": Verb(lazy("Import stopped"), lazy("%(who)s stopped the import"), "notsent", "notsent", _sum),
    "job_done": Verb(lazy("Import finished"), lazy("The import finished"), "check", "accepted", _sum),
    "sum_does_not_close": Verb(lazy("Sum does not close"), lazy("The sum does not close"), "invalid", "rejected", _sum),
    "sending_stopped": Verb(
        lazy("All sending stopped"), lazy("%(who)s stopped all sending"), "pause", "invalid", _stopped
    ),
    "sending_released": Verb(lazy("All sending let go"), lazy("%(who)s let sending go on"), "play", text=_stopped),
}

# The same verb written by the dashboard itself, when the last batch of a stopped import has ended.
OWN_VERBS: Mapping[str, Verb] = {
    "job_cancelled": Verb(lazy("Import stopped"), lazy("The import ended, stopped"), "notsent", "notsent", _sum),
}
