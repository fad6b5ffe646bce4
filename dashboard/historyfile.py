"""The history as a CSV file that is written while it is sent: its events, each with its place in the chain, and the
newest link there was, so that the file itself is a witness of it."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.presenting.journal import actor_of, verb_of
from imports.actions import Head, defused
from imports.models import HistoryEvent

AT_A_TIME = 2_000
HEAD = "history_head"  # the verb of the last line


def history_file(events: Any, head: Head | None) -> StreamingHttpResponse:
    """The answer that carries it away; `events` is a query, read piece by piece."""
    lines = _lines(events.select_related("link").iterator(chunk_size=AT_A_TIME), head)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="history-{timezone.now():%Y-%m-%d}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(events: Iterable[HistoryEvent], head: Head | None) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        [_("Time (UTC)"), _("Who"), _("Verb"), _("What happened"), _("Object"), _("Details"), _("Number"), _("Hash")]
    )
    for event in events:
        details = json.dumps(event.details, ensure_ascii=False, sort_keys=True)
        cells = (actor_of(event), event.verb, str(verb_of(event).label), event.object_text, details)
        link = getattr(event, "link", None)  # none until the transaction that wrote it has ended
        place = (link.number, link.hash) if link else ("", "")
        yield writer.writerow([_utc(event.at), *map(defused, cells), *place])
    if head is not None:
        told = _("The end of the history when this file was made")
        yield writer.writerow([_utc(head.at), "", HEAD, told, "", json.dumps({"seal": head.seal}), *head[:2]])


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
