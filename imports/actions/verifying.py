"""Whether the history is as it was written: every event, its place, its end, and the heads kept outside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from imports.actions.heads import RESTORED, Head, heads, is_genuine, keep_head
from imports.chain import START, digest_of, hash_of, trigger_names
from imports.history import record
from imports.models import HistoryEvent, HistoryLink

MOST_TOLD = 20
AT_A_TIME = 5_000
ATTESTED_WITHIN = timedelta(days=1)  # heads are kept every five minutes while any worker lives
FIELDS = ("at", "verb", "actor_id", "actor_name", "job_id", "object_text", "details")


class Broken(NamedTuple):
    """`kind` is edited, deleted, reordered, unchained, cut, rolled_back, head_forged or unguarded; `number` the link's,
    or 0."""

    kind: str
    number: int
    about: str = ""


@dataclass(slots=True)
class Verified:
    """How many events were looked at, how many heads outside agree, what is broken (the first 20 of it), the numbers
    a restored backup is known to have been set back to, and the first and last of events no head was kept for in time.
    """

    events: int = 0
    heads: int = 0
    broken: list[Broken] = field(default_factory=list)
    restored_to: list[int] = field(default_factory=list)
    unwitnessed: list[tuple[int, int]] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.broken


def verify_history(*, by: Any = None) -> Verified:
    """Recompute all of it, one event in memory at a time. What came out is written into the history."""
    found = Verified()
    forged: list[Broken] = []
    kept = _heads_kept(found, forged)
    for broken in (*forged, *_chain(found, kept), *_unchained(), *_outside(kept), *_unguarded()):
        if len(found.broken) < MOST_TOLD:
            found.broken.append(broken)
    first = found.broken[0] if found.broken else Broken("", 0)
    told: dict[str, Any] = {"events": found.events, "heads": found.heads, "broken": len(found.broken)}
    record("history_verified", by=by, **told, kind=first.kind, number=first.number)
    if found.intact:
        keep_head(at_once=True)
    return found


def _heads_kept(found: Verified, forged: list[Broken]) -> dict[int, Head]:
    """The heads outside by number, without those a told restoration has made void and those nobody here sealed."""
    kept: dict[int, Head] = {}
    for head in heads():
        if not head.seal:
            continue
        if not is_genuine(head):
            forged.append(Broken("head_forged", head.number))
        elif head.hash == RESTORED:
            kept = {number: one for number, one in kept.items() if number <= head.number}
            found.restored_to.append(head.number)
        else:
            kept[head.number] = head
    found.heads = len(kept)
    return kept


def _chain(found: Verified, kept: dict[int, Head]) -> Iterator[Broken]:
    """Walk along the links. A fault is told once: the walk goes on from the hash that is written."""
    before, expected = START, 1
    watch = _Watch(found)
    links = HistoryLink.objects.order_by("number").values_list(
        "number", "event_id", "hash", "event__digest", *(f"event__{name}" for name in FIELDS)
    )
    for number, event, hash_, digest, *fields in links.iterator(chunk_size=AT_A_TIME):
        if number != expected:
            yield Broken("deleted", expected, f"{expected}-{number - 1}")
        elif digest != digest_of(*fields):
            yield Broken("edited", number)
        elif hash_ != hash_of(before, number, event, digest):
            yield Broken("reordered", number)
        if (head := kept.get(number)) and head.hash != hash_:
            yield Broken("rolled_back", number)
        watch.passed(number, fields[0], head)
        found.events += 1
        before, expected = hash_, number + 1
    watch.ended(expected - 1)
    newest = HistoryLink.objects.head()  # a link without its event is not among those above
    if newest is not None and newest.number >= expected:
        yield Broken("deleted", expected, f"{expected}-{newest.number}")


class _Watch:
    """Which events waited for more than a day until a head was kept for them: what happened to them nobody attests."""

    def __init__(self, found: Verified) -> None:
        self._found, self._first, self._since = found, 0, timezone.now()

    def passed(self, number: int, at: datetime, head: Head | None) -> None:
        if not self._first:
            self._first, self._since = number, at
        if head is not None:
            self._close(number, head.at)

    def ended(self, number: int) -> None:
        if self._first:
            self._close(number, timezone.now())

    def _close(self, last: int, at: datetime) -> None:
        if at - self._since > ATTESTED_WITHIN:
            self._found.unwitnessed.append((self._first, last))
        self._first = 0


def _unchained() -> Iterator[Broken]:
    """Events that are in no chain: written past the guards, or their links removed."""
    for pk in HistoryEvent.objects.filter(link=None).order_by("pk").values_list("pk", flat=True)[:MOST_TOLD]:
        yield Broken("unchained", 0, str(pk))


def _outside(kept: dict[int, Head]) -> Iterator[Broken]:
    """Heads outside that the chain no longer reaches."""
    newest = HistoryLink.objects.head()
    last = max(kept, default=0)
    if last > (newest.number if newest else 0):
        yield Broken("cut", (newest.number if newest else 0) + 1, str(last))


def _unguarded() -> Iterator[Broken]:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    for name in sorted(trigger_names(connection.vendor) - there):
        yield Broken("unguarded", 0, name)
