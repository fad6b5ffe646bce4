"""The invariants I1 to I6 of a whole house, judged by the platform's delivery log and by what lies in the house.

Each job is judged by tests/faults/ledger.py, inside the house's own process; here is what needs all of it: deliveries
nobody marked, an attempt for each delivery, bytes on disk, logs and the broker's memory.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.house import House

PLANTED = b"planted"  # is in every name and address of tests/faults/inside.py, in any case
CLOCKS = 0.05  # seconds two processes of one machine may differ in what they wrote down


def judged(house: House) -> list[str]:
    """Every broken invariant in words; [] when all hold. The platform must be there to be asked."""
    asked = {
        "people": house.platform.people(),
        "deliveries": house.platform.deliveries(),
        "token": house.platform.token,
    }
    found: list[str] = house.ask("tests.faults.judge:inside", **asked)
    return found + list(leaks(house))


def leaks(house: House) -> Iterator[str]:
    """I6: the token or a planted person where a stranger could read it."""
    logs = [path for path in house.logs.glob("*.log") if path.stem != "platform"]  # the platform may know its people
    kept = [path for folder in ("files", "spool") for path in (house.folder / folder).rglob("*") if path.is_file()]
    kept += house.folder.glob("db.sqlite3*")
    needles = {"the token": house.platform.token.encode(), "a planted person": PLANTED}
    for path in [*logs, *kept]:
        content = path.read_bytes().lower()
        for name, needle in needles.items():
            if needle in content:
                yield f"I6: {name} is in {path.relative_to(house.folder)}{_around(content, needle, path)}"
    if house.broker is not None:
        content = b"\n".join(_redis(house)).lower()
        yield from (f"I6: {name} is in Redis" for name, needle in needles.items() if needle in content)


def _around(content: bytes, needle: bytes, path: Path) -> str:
    if path.suffix != ".log":
        return ""
    place = content.index(needle)
    return ": " + content[max(0, place - 200) : place + 60].decode(errors="replace")


_READ: dict[str, Callable[[Any, str], Any]] = {
    "list": lambda client, key: client.lrange(key, 0, -1),
    "set": lambda client, key: client.smembers(key),
    "hash": lambda client, key: client.hgetall(key),
    "zset": lambda client, key: client.zrange(key, 0, -1),
    "string": lambda client, key: client.get(key),
    "none": lambda client, key: "",  # somebody took it meanwhile
}


def _redis(house: House) -> Iterator[bytes]:
    assert house.broker is not None
    with house.broker.client() as client:
        for key in client.scan_iter():
            yield f"{key} {_READ[client.type(key)](client, key)}".encode()


# --- inside the house ---


def inside(*, people: dict[str, int], deliveries: list[dict[str, Any]], token: str) -> list[str]:
    """Every job by the ledger, then what no single job can tell."""
    from imports.models import Attempt, ImportJob
    from tests.faults.ledger import Book, plain_columns, violations

    found = list(_each_has_an_attempt(deliveries, Attempt.objects.exclude(on_wire_at=None)))
    for job in ImportJob.objects.exclude(connection=None):
        mine = {str(one) for one in Attempt.objects.filter(batch__job=job).values_list("request_id", flat=True)}
        carried = [(one["request_id"], one["sha256"]) for one in deliveries if one["request_id"] in mine]
        book = Book(lambda person: people.get(person, 0), carried)
        found += [f"job {job.pk}: {told}" for told in violations(job, book)]
        found += [f"job {job.pk}: {told}" for told in _bodies(job, dict(carried), token)]
    plain = plain_columns().lower()
    found += [f"I6: {what} is in the database" for what in (token.lower(), PLANTED.decode()) if what in plain]
    return found


def _each_has_an_attempt(deliveries: list[dict[str, Any]], marked: Iterable[Any]) -> Iterator[str]:
    """I4: to each delivery belongs one attempt of its Request-ID that was marked before it came."""
    marks: defaultdict[str, list[float]] = defaultdict(list)
    for attempt in marked:
        marks[str(attempt.request_id)].append(attempt.on_wire_at.timestamp())
    for delivery in sorted(deliveries, key=lambda one: one["at"]):
        free = [mark for mark in marks[delivery["request_id"]] if mark <= delivery["at"] + CLOCKS]
        if not free:
            yield f"I4: a delivery of {delivery['request_id']} was not marked before it came"
            continue
        marks[delivery["request_id"]].remove(max(free))


def _bodies(job: Any, carried: dict[str, str], token: str) -> Iterator[str]:
    """I4: what came is byte for byte what the check froze, and the attempt's hash is of it."""
    from imports.actions.requests import batch_request
    from imports.actions.sending import batch_texts
    from imports.models import Attempt, Batch

    for batch in Batch.objects.filter(job=job).select_related("row_slice"):
        attempts = [one for one in Attempt.objects.filter(batch=batch) if str(one.request_id) in carried]
        if not attempts:
            continue
        texts = batch_texts(job, batch)
        frozen, whole = b",".join(texts), batch_request(job).body(texts, None)
        body = b'{"token":"' + token.encode() + b'",' + whole[1:]
        for attempt in attempts:
            if attempt.body_sha256 not in ("", hashlib.sha256(frozen).hexdigest()):
                yield f"I4: attempt {attempt.number} of batch {batch.number} notes the hash of another body"
            if carried[str(attempt.request_id)] != hashlib.sha256(body).hexdigest():
                yield f"I4: batch {batch.number} arrived with other bytes than were frozen"
