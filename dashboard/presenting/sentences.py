"""What came of an import, said first and in one sentence."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import number
from imports.models import ImportJob
from imports.results import Totals
from imports.states import JobState


def verdict(job: ImportJob, sums: Totals) -> tuple[str, str]:
    """(what matters most, the rest) of an import that is being sent or has ended."""
    rest = list(_rest(sums))
    if sums.accepted or not rest:
        return _accepted(sums.accepted), "".join(f", {clause}" for clause in rest)
    first, *others = rest
    return first[:1].upper() + first[1:], "".join(f", {clause}" for clause in others)


def readiness(sums: Totals) -> str:
    """How many profiles would go."""
    if not sums.pending:
        return _("No profile is ready to send")
    text = ngettext("%(count)s profile is ready to send", "%(count)s profiles are ready to send", sums.pending)
    return text % {"count": number(sums.pending)}


def passed(sums: Totals) -> str:
    """How many rows got through the check, for an import that has gone on since."""
    count = sums.rows - sums.invalid - sums.set_aside
    text = ngettext("%(count)s profile passed the check", "%(count)s profiles passed the check", count)
    return text % {"count": number(count)}


def repeats(job: ImportJob) -> list[str]:
    """Rows that share a contact people are not found by: allowed, and worth knowing."""
    told = []
    if count := job.repeats.get("email"):
        text = ngettext(
            "%(count)s row has an e-mail address that another row has too.",
            "%(count)s rows have an e-mail address that another row has too.",
            count,
        )
        told.append(text % {"count": number(count)})
    if count := job.repeats.get("phones"):
        text = ngettext(
            "%(count)s row has a phone that another row has too.",
            "%(count)s rows have a phone that another row has too.",
            count,
        )
        told.append(text % {"count": number(count)})
    return told


def send_label(sums: Totals, place: str) -> str:
    """The words on the button: how many, and where to."""
    text = ngettext("Send %(count)s profile to “%(place)s”", "Send %(count)s profiles to “%(place)s”", sums.pending)
    return text % {"count": number(sums.pending), "place": place}


def shown_state(job: ImportJob, sums: Totals) -> str:
    """The job's state; one that finished with rows not accepted is told from one where all went well."""
    partly = job.state == JobState.DONE and sums.accepted < sums.rows - sums.set_aside
    return "done_partly" if partly else job.state


def _accepted(count: int) -> str:
    if not count:
        return _("No profile was accepted")
    text = ngettext("%(count)s profile was accepted", "%(count)s profiles were accepted", count)
    return text % {"count": number(count)}


def _rest(sums: Totals) -> Iterator[str]:
    yield from _clause(sums.rejected, ngettext("%(count)s was rejected", "%(count)s were rejected", sums.rejected))
    if not sums.accepted and not sums.rejected:
        text = ngettext("%(count)s row did not pass our check", "%(count)s rows did not pass our check", sums.invalid)
        yield from _clause(sums.invalid, text)
    yield from _clause(sums.not_sent, ngettext("%(count)s was not sent", "%(count)s were not sent", sums.not_sent))
    text = ngettext("for %(count)s there is no answer", "for %(count)s there is no answer", sums.unknown)
    yield from _clause(sums.unknown, text)
    yield from _clause(sums.pending, ngettext("%(count)s still waits", "%(count)s still wait", sums.pending))


def _clause(count: int, text: str) -> Iterator[str]:
    if count:
        yield text % {"count": number(count)}
