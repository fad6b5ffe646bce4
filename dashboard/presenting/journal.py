"""History in words: each event as an entry of a timeline, a line of a table or a line of a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.verbs import OWN_VERBS, VERBS, Grouped, Verb, rows_text
from imports.models import HistoryEvent


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a timeline, as components/timeline.html takes it."""

    title: str
    at: datetime
    icon: str
    hue: str = ""
    text: str = ""


def told(event: HistoryEvent) -> Told:
    """The event as a timeline entry; a kind nobody described is shown by its own name."""
    verb = verb_of(event)
    title = str(verb.title) % Grouped({**event.details, "who": actor_of(event)})
    return Told(title, event.at, verb.icon, verb.hue, verb.text(event.details))


def verb_of(event: HistoryEvent) -> Verb:
    own = OWN_VERBS.get(event.verb) if not event.actor_name else None
    return own or VERBS.get(event.verb) or Verb(event.verb, event.verb.replace("_", " "))


def actor_of(event: HistoryEvent) -> str:
    """The person's name; the dashboard itself has none, and nobody signs in for a command at a terminal."""
    if not event.actor_name and (command := event.details.get("command")):
        return _("manage.py %(command)s") % {"command": command}
    return event.actor_name or _("The dashboard")


def timeline(events: Iterable[HistoryEvent]) -> list[Told]:
    """Entries in the order given; batches answered one after another become a single entry."""
    return [told(run[0]) if len(run) == 1 else _answered(run) for run in _runs(events)]


def _runs(events: Iterable[HistoryEvent]) -> Iterator[list[HistoryEvent]]:
    run: list[HistoryEvent] = []
    for event in events:
        if run and not event.verb == run[0].verb == "batch_answered":
            yield run
            run = []
        run.append(event)
    if run:
        yield run


def _answered(run: list[HistoryEvent]) -> Told:
    title = ngettext("%(count)s batch was answered", "%(count)s batches were answered", len(run))
    rows = sum(event.details.get("rows") or 0 for event in run)
    return Told(title % {"count": number(len(run))}, run[-1].at, "send", "accepted", rows_text(rows))
