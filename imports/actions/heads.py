"""The chain's newest link, written outside the database now and then: whoever rewrites, cuts or turns back the history
inside would have to reach these too.

One object a day in the storage (`history/heads/2026-11-22`), a line for each head; the same goes to the log "history".
Each line bears a seal, an HMAC with a secret that only FIELD_KEYS open: who can write to database and storage but has
not the keys can remove heads, which leaves a gap, and cannot make any. Lines of before there were seals count nothing.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.utils import timezone

from imports.models import HistoryLink, LastingSecret

log = logging.getLogger("history")

FOLDER = "history/heads"
EVERY = timedelta(minutes=5)
PURPOSE = "history heads"  # the name of the lasting secret
RESTORED = "restored"  # instead of a hash: the database was set back to this number, and that was told


class Head(NamedTuple):
    """A link as it was kept outside: its number, its hash, when, and the seal over these."""

    number: int
    hash: str
    at: datetime
    seal: str = ""


def keep_head(*, at_once: bool = False) -> Head | None:
    """Write the newest link outside, unless it is there already or the last writing is not five minutes past."""
    newest, last = HistoryLink.objects.head(), last_head()
    if newest is None or (last is not None and last.number == newest.number and last.hash == newest.hash):
        return None
    if last is not None and not at_once and last.at > timezone.now() - EVERY:
        return None
    return _write(newest.number, newest.hash)


def head_now() -> Head | None:
    """The newest link with its seal, for a file that is taken away; written nowhere."""
    newest = HistoryLink.objects.head()
    return _sealed(newest.number, newest.hash) if newest else None


def is_genuine(head: Head) -> bool:
    """Whether this deployment sealed it. Raise Sealed when FIELD_KEYS do not open the secret of the seals."""
    return hmac.compare_digest(head.seal, _seal(head.number, head.hash, head.at))


def tell_restored() -> None:
    """Write down that what is missing after the newest link was lost by restoring a backup, by after_restore."""
    newest = HistoryLink.objects.head()
    _write(newest.number if newest else 0, RESTORED)


def heads() -> Iterator[Head]:
    """All that were kept, the oldest first."""
    for day in _days():
        yield from _read(day)


def last_head() -> Head | None:
    days = _days()
    return _read(days[-1])[-1] if days else None


def _days() -> list[str]:
    try:
        return sorted(default_storage.listdir(FOLDER)[1])
    except FileNotFoundError:
        return []


def _read(day: str) -> list[Head]:
    with default_storage.open(f"{FOLDER}/{day}", "rb") as stored:
        lines = stored.read().decode().splitlines()
    told = (json.loads(line) for line in lines)
    return [Head(one["number"], one["hash"], datetime.fromisoformat(one["at"]), one.get("seal", "")) for one in told]


def _write(number: int, hash_: str) -> Head:
    head = _sealed(number, hash_)
    day = f"{head.at:%Y-%m-%d}"
    kept = [*(_read(day) if day in _days() else []), head]
    lines = (json.dumps(one._asdict() | {"at": one.at.isoformat()}) for one in kept)
    default_storage.save(f"{FOLDER}/{day}", BytesIO("\n".join(lines).encode()))
    log.info("history head %s %s %s", number, hash_, head.seal)
    return head


def _sealed(number: int, hash_: str) -> Head:
    at = timezone.now()
    return Head(number, hash_, at, _seal(number, hash_, at))


def _seal(number: int, hash_: str, at: datetime) -> str:
    told = f"{number} {hash_} {at.astimezone(UTC).isoformat()}"
    return hmac.new(LastingSecret.objects.of(PURPOSE), told.encode(), hashlib.sha256).hexdigest()
