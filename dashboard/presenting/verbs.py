"""Every kind of history event: its name in filters, its sentence, its icon, and what its details say."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import filesize, number, quoted
from dashboard.presenting.options import told_options
from dashboard.presenting.probing import CALLS as PROBED_CALLS
from dashboard.presenting.probing import TITLES as PROBES
from dashboard.presenting.probing import settings_text
from dashboard.presenting.words import MATCHINGS, OPERATIONS, attempt_class, attempt_reason, held_for, without_gaps
from imports.wording import fault_text

Details = Mapping[str, Any]


class Verb(NamedTuple):
    """`label` names the kind in filters, `title` is the sentence; `hue` only where it is an outcome's."""

    label: str | Promise
    title: str | Promise
    icon: str = "clock"
    hue: str = ""
    text: Callable[[Details], str] = lambda details: ""


class Grouped(dict[str, Any]):
    """Details for a sentence, numbers grouped; one that is missing shows as an ellipsis and never breaks the page."""

    def __getitem__(self, key: str) -> Any:
        value = super().get(key, "…")
        return number(value) if isinstance(value, int) else value


def rows_text(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number(count)}


def profiles_text(count: int) -> str:
    return ngettext("%(count)s profile", "%(count)s profiles", count) % {"count": number(count)}


def listed(*parts: str) -> str:
    """What there is to say, one after another."""
    return ", ".join(part for part in parts if part)


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


def _started(details: Details) -> str:
    batches = details.get("batches") or 0
    shown = ngettext("%(count)s batch", "%(count)s batches", batches) % {"count": number(batches)}
    return listed(profiles_text(details.get("rows") or 0), shown, *told_options(details))


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


def _decided(details: Details) -> str:
    reason = details.get("reason") or ""
    shown = str(DECISIONS.get(details.get("choice", ""), details.get("choice", "")))
    return listed(shown, profiles_text(details.get("rows") or 0), quoted(reason) if reason else "")


def _downloaded(details: Details) -> str:
    what = _("problem rows") if details.get("what") == "problems" else _("all rows")
    return listed(what, rows_text(details.get("rows") or 0))


def _exported(details: Details) -> str:
    events = details.get("events") or 0
    return ngettext("%(count)s entry", "%(count)s entries", events) % {"count": number(events)}


def _fault(details: Details) -> str:
    return without_gaps(fault_text(details.get("code", ""), details, short=True))


def _tested(details: Details) -> str:
    failed = details.get("failed") or []
    names = ", ".join(str(PROBED_CALLS.get(part, part)) for part in failed)
    return _("These calls did not work: %(names)s") % {"names": names} if failed else _("All is well")


def _probed(details: Details) -> str:
    title = PROBES.get(str(details.get("question", "")), "")
    return listed(str(title), settings_text(details.get("set") or {}))


def _switched(details: Details) -> str:
    count = details.get("imports") or 0
    if not count:
        return ""
    return ngettext("%(count)s import is concerned", "%(count)s imports are concerned", count) % {
        "count": number(count)
    }


def _restored(details: Details) -> str:
    count = (details.get("held") or 0) + (details.get("unknown") or 0)
    return ngettext("%(count)s batch waits for a person", "%(count)s batches wait for a person", count) % {
        "count": number(count)
    }


def _late(details: Details) -> str:
    return _("it settled the batch") if details.get("used") else _("it was kept, and changed nothing")


def _decided_many(details: Details) -> str:
    batches = details.get("batches") or 0
    shown = ngettext("%(count)s batch", "%(count)s batches", batches) % {"count": number(batches)}
    return listed(shown, _decided(details))


def _proposed(details: Details) -> str:
    return listed(_started(details), quoted(details["reason"]) if details.get("reason") else "")


def _stopped(details: Details) -> str:
    imports = details.get("imports") or 0
    shown = ngettext("%(count)s import", "%(count)s imports", imports) % {"count": number(imports)}
    return listed(quoted(details.get("reason") or ""), shown)


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
    "job_created": Verb(lazy("Import created"), lazy("%(who)s brought in the file"), "upload", text=_created),
    "options_chosen": Verb(lazy("Reading changed"), lazy("%(who)s chose how to read the file"), "edit", text=_options),
    "file_read": Verb(lazy("File read"), lazy("The file was read"), "sheetfile", text=_read),
    "file_refused": Verb(lazy("File not readable"), lazy("The file could not be read"), "invalid", "invalid", _fault),
    "columns_mapped": Verb(lazy("Columns matched"), lazy("%(who)s matched the columns"), "columns", text=_mapped),
    "check_begun": Verb(lazy("Check begun"), lazy("%(who)s started the check"), "check"),
    "check_voided": Verb(
        lazy("Check no longer valid"), lazy("A backup was restored: the rows have to be checked again"), "repeat"
    ),
    "check_finished": Verb(lazy("Check finished"), lazy("The check finished"), "check", text=_checked),
    "sending_started": Verb(lazy("Sending started"), lazy("%(who)s pressed Send"), "send", text=_started),
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
    "job_held": Verb(lazy("Sending held up"), lazy("Sending was held up"), "pause", "invalid", _fault),
    "job_needs_decision": Verb(
        lazy("Waits for a decision"), lazy("Everything else has gone; a person has to decide"), "unknown", "unknown"
    ),
    "job_sending": Verb(
        lazy("Sending goes on"), lazy("It turned out that nothing had been sent, so sending goes on"), "play"
    ),
    "job_paused": Verb(lazy("Import paused"), lazy("%(who)s paused the import"), "pause"),
    "job_resumed": Verb(lazy("Sending continued"), lazy("%(who)s pressed Continue"), "play"),
    "job_cancelled": Verb(lazy("Import stopped"), lazy("%(who)s stopped the import"), "notsent", "notsent", _sum),
    "job_done": Verb(lazy("Import finished"), lazy("The import finished"), "check", "accepted", _sum),
    "sum_does_not_close": Verb(lazy("Sum does not close"), lazy("The sum does not close"), "invalid", "rejected", _sum),
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
        lazy("Proposal expired"), lazy("Nobody confirmed within a day that it be sent again as new"), text=_started
    ),
    "again_void": Verb(
        lazy("Proposal void"),
        lazy("A proposal to send again as new is void: its batches went their way"),
        text=_started,
    ),
    "evidence_looked": Verb(
        lazy("Profiles looked up"), lazy("%(who)s looked up profiles of batch %(batch)s"), "eye", text=_looked
    ),
    "sending_stopped": Verb(
        lazy("All sending stopped"), lazy("%(who)s stopped all sending"), "pause", "invalid", _stopped
    ),
    "sending_released": Verb(lazy("All sending let go"), lazy("%(who)s let sending go on"), "play", text=_stopped),
    "row_viewed": Verb(lazy("Row looked at"), lazy("%(who)s looked at row %(row)s"), "eye"),
    "rows_downloaded": Verb(lazy("Rows downloaded"), lazy("%(who)s downloaded rows"), "download", text=_downloaded),
    "history_exported": Verb(
        lazy("History exported"), lazy("%(who)s exported the history"), "download", text=_exported
    ),
    "database_restored": Verb(
        lazy("Backup restored"), lazy("A backup of the database was restored"), "repeat", text=_restored
    ),
    "connection_added": Verb(
        lazy("Connection added"),
        lazy("%(who)s added the connection"),
        "link",
        text=lambda details: str(details.get("address", "")),
    ),
    "connection_changed": Verb(
        lazy("Connection changed"),
        lazy("%(who)s changed the connection"),
        "link",
        text=lambda details: listed(
            str(details.get("address", "")), _("the token was replaced") if details.get("token_replaced") else ""
        ),
    ),
    "connection_probed": Verb(
        lazy("Connection probed"), lazy("%(who)s asked the platform with marked test profiles"), "link", text=_probed
    ),
    "connection_switched_off": Verb(
        lazy("Connection switched off"), lazy("%(who)s switched the connection off"), "pause", text=_switched
    ),
    "connection_switched_on": Verb(
        lazy("Connection switched on"), lazy("%(who)s switched the connection on"), "play", text=_switched
    ),
    "connection_tested": Verb(lazy("Connection tried"), lazy("%(who)s tried the connection"), "link", text=_tested),
}

# The same verb written by the dashboard itself, when the last batch of a stopped import has ended.
OWN_VERBS: Mapping[str, Verb] = {
    "job_cancelled": Verb(lazy("Import stopped"), lazy("The import ended, stopped"), "notsent", "notsent", _sum),
}
