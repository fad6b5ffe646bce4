"""Keys that stand in several rows of a file, found across its slices in flat memory: 8 bytes a row, sorted in parts."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

PART = 1 << 16  # keys sorted at a time; sorting all keys of a large file at once would hold 40 bytes a row
FEW = 1 << 17  # keys that are compared as one set, which is three times as quick as sorting them; 12 MB
MOST_REPEATED = 100_000  # repeated keys given out at a time
_HASHES = 1 << 64


def repeated_keys(slices: Iterable[Sequence[int]]) -> Iterator[set[int]]:
    """Give out the 64-bit key hashes that stand more than once in these slices, in sets of about MOST_REPEATED.

    Every such hash is in exactly one of the sets; 0 means "no key" and is in none.
    """
    left = iter(slices)
    some: list[Sequence[int]] = []
    while sum(map(len, some)) <= FEW:
        if (keys := next(left, None)) is None:
            yield from filter(None, [_repeated_in(some)])
            return
        some.append(keys)
    yield from _repeated_in_parts(chain(some, left))


def _repeated_in(slices: Sequence[Sequence[int]]) -> set[int]:
    different: set[int] = set().union(*slices)
    different.discard(0)
    if len(different) == sum(len(keys) - keys.count(0) for keys in slices):
        return set()  # the usual case, in half the time
    seen: set[int] = set()
    found: set[int] = set()
    for keys in slices:
        different = set(keys)
        found |= seen & different
        if len(different) < len(keys):
            found.update(_more_than_once(keys))
        seen |= different
    return found - {0}


def _repeated_in_parts(slices: Iterable[Sequence[int]]) -> Iterator[set[int]]:
    found: set[int] = set()
    for part in parts_in_order([run for keys in slices for run in _runs(keys)]):
        found.update(key for key, following in zip(part, part[1:], strict=False) if key == following)
        found.discard(0)
        if len(found) >= MOST_REPEATED:
            yield found
            found = set()
    if found:
        yield found


def _runs(keys: Sequence[int]) -> "Iterator[array[int]]":
    """The different keys of a slice in rising order; and once more those that stand in it more than once."""
    different = set(keys)
    yield array("Q", sorted(different))
    if len(different) < len(keys):
        yield array("Q", sorted(_more_than_once(keys)))


def _more_than_once(keys: Sequence[int]) -> Iterator[int]:
    return (key for key, count in Counter(keys).items() if count > 1)


def parts_in_order(runs: "Sequence[array[int]]") -> Iterator[list[int]]:
    """The keys of all runs in rising order, in lists of about PART (hashes are spread evenly), equal ones together."""
    parts = sum(map(len, runs)) // PART + 1
    for number in range(parts):
        first, end = number * _HASHES // parts, (number + 1) * _HASHES // parts
        part: list[int] = []
        for run in runs:
            part.extend(run[bisect_left(run, first) : bisect_left(run, end)])
        part.sort()
        yield part
