"""Was this person written to, when, by whom, and what became of it: answered for years, by keyed hashes alone.

Of every import that ends an object `sentpeople/<uuid>.how` is kept: a sorted array of 64-bit numbers, one for each
address, phone or other key that was given to the platform. The upper 62 bits are a hash made with a secret of the
deployment, the last two say what became of it. It names nobody; who knows an address can ask about that address.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from django.core.files.storage import default_storage

from imports.actions.furthercontacts import further_of
from imports.actions.preparing import key_hashes, other_contacts
from imports.byteorder import little_endian
from imports.destination import Destination
from imports.keying import WIDTH, Keying
from imports.models import ImportJob, RowSlice, SentPeople
from imports.prepared import split_keys
from imports.repeats import parts_in_order
from imports.results import handed_over
from imports.states import Outcome
from imports.vault import Sealed

SORTED_AT_ONCE = 10_000
ENDS = (Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.PENDING, Outcome.REJECTED)  # of one person's rows the first counts
HASH = ~0b11
REACHED = "reached"  # kept by an earlier version, which did not say what became of whom


@dataclass(frozen=True, slots=True)
class Reached:
    """An import that has a person's key, and what became of it: an outcome, or REACHED."""

    job: ImportJob
    outcome: str


def in_runs(hashes: Iterable[int], keying: Keying) -> "Iterator[array[int]]":
    """Key hashes as they are kept when the import's own data is gone, some at a time."""
    left = iter(hashes)
    while run := keying(islice(left, SORTED_AT_ONCE)):
        yield run


def in_order(runs: Iterable[Iterable[int]]) -> "array[int]":
    """Each hash once, in rising order, sorted in parts: a million of them as Python numbers would take 80 MB."""
    found = array("Q")
    for part in parts_in_order([array("Q", sorted(run)) for run in runs]):
        found.extend(dict.fromkeys(part))
    return found


def how_name(job: ImportJob) -> str:
    """Beside what is compared before sending."""
    return f"sentpeople/{job.uuid}.how"


def keep_reached(job: ImportJob, keying: Keying) -> None:
    """Keep to whom this import has given what, and how it ended. Raises FileNotFoundError or Sealed when its data is
    gone."""
    found = in_order(_told(job, keying))
    default_storage.save(how_name(job), BytesIO(little_endian(found).tobytes()))


def _told(job: ImportJob, keying: Keying) -> Iterator[list[int]]:
    plain = _plain(job)
    while some := list(islice(plain, SORTED_AT_ONCE)):
        keyed = keying(hashed for hashed, _ in some)
        yield [(one & HASH) | ENDS.index(outcome) for one, (_, outcome) in zip(keyed, some, strict=True)]


def _plain(job: ImportJob) -> Iterator[tuple[int, Outcome]]:
    """The hash of each key and contact that was given to the platform, and what became of its row."""
    for row_slice, rows in handed_over(job):
        columns = list(_columns(job, row_slice)) if rows else []
        further: dict[int, list[int]] = {}
        for place, one in further_of(job, row_slice) if rows else ():
            further.setdefault(place, []).append(one)
        for place, outcome in rows:
            yield from ((column[place], outcome) for column in columns if column[place])
            yield from ((one, outcome) for one in further.get(place, ()))


def _columns(job: ImportJob, row_slice: RowSlice) -> Iterator["array[int]"]:
    yield split_keys(job.vault.get(row_slice.keys_name(job.check_version))).keys
    fields = {target.field for target in job.mapping.targets}
    for name in other_contacts(job.destination, fields) if job.destination else ():
        hashes = array("Q")
        try:
            hashes.frombytes(job.vault.get(row_slice.contacts_name(job.check_version, name)))
        except FileNotFoundError:
            continue
        yield hashes


def look_up_reached(job: ImportJob, kept: SentPeople | None, hashes: set[int], keys: Mapping[str, Keying]) -> str:
    """What became in this import of somebody with one of these hashes; "" when nobody of them is among its people."""
    if kept is None:
        ends = [outcome for plain, outcome in _plain_or_none(job) if plain in hashes]
        return min(ends, key=ENDS.index) if ends else ""
    if kept.key_sign not in keys:
        return ""
    wanted = keys[kept.key_sign](hashes)
    try:
        ends = [end for one in wanted if (end := _end_of(how_name(job), one)) is not None]
        return min(ends, key=ENDS.index) if ends else ""
    except FileNotFoundError:
        return _reached(f"sentpeople/{job.uuid}", wanted)


def _plain_or_none(job: ImportJob) -> Iterator[tuple[int, Outcome]]:
    try:
        yield from _plain(job)
    except (FileNotFoundError, Sealed):
        return


def _end_of(name: str, wanted: int) -> Outcome | None:
    near = _near(name, wanted & HASH)
    place = bisect_left(near, wanted & HASH)
    return ENDS[near[place] & 0b11] if place < len(near) and near[place] & HASH == wanted & HASH else None


def _reached(name: str, wanted: Iterable[int]) -> str:
    try:
        for one in wanted:
            near = _near(name, one)
            place = bisect_left(near, one)
            if place < len(near) and near[place] == one:
                return REACHED
    except FileNotFoundError:
        pass
    return ""


def _near(name: str, wanted: int) -> "array[int]":
    """The part of a sorted array in which a hash would stand: hashes are spread evenly, so its place is known but for
    a little."""
    with default_storage.open(name, "rb") as stored:
        count = default_storage.size(name) // WIDTH
        middle, off = count * wanted >> 64, 10 * math.isqrt(count) + 100
        first = max(0, middle - off)
        stored.seek(first * WIDTH)
        found = array("Q")
        read = stored.read((middle + off - first) * WIDTH)
        found.frombytes(read[: len(read) // WIDTH * WIDTH])
    return little_endian(found)


def forget_reached(job: ImportJob, kept: SentPeople, hashes: set[int], keys: Mapping[str, Keying]) -> bool:
    """Take somebody's hashes out of what is kept of an import; False when they are not there."""
    if kept.key_sign not in keys:
        return False
    gone, wanted = False, set(keys[kept.key_sign](hashes))
    for name, bits in ((f"sentpeople/{job.uuid}", -1), (how_name(job), HASH)):
        masked = {one & bits for one in wanted}
        try:
            with default_storage.open(name, "rb") as stored:
                found = array("Q")
                found.frombytes(stored.read())
        except FileNotFoundError:
            continue
        left = array("Q", (one for one in little_endian(found) if one & bits not in masked))
        if len(left) < len(found):
            default_storage.save(name, BytesIO(little_endian(left).tobytes()))
            gone = True
    return gone


def hashes_of(texts: Iterable[str]) -> set[int]:
    """The hashes under which keys and contacts stand in imports."""
    return set(key_hashes(texts)) - {0}


def keys_of_destination(destination: Destination) -> set[str]:
    """The names under which a text that is neither an address nor a phone may be a key there."""
    return {"profile_id", "subscription_id", destination.match_field, destination.duplicate_rule[1]} - {""}
