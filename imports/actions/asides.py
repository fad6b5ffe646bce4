"""Which good rows are set aside when the check closes: those whose person went before, and repeats inside the file."""

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from imports.actions.followed import FOLLOWED, followed_ids, gone_rows
from imports.actions.sentpeople import met_before
from imports.models import ImportJob, RowSlice
from imports.prepared import SliceKeys, split_keys
from imports.repeats import repeated_keys
from imports.results import joined_groups

ANY = "any"  # whose people are set aside (ImportJob.skip_sent): anybody's, FOLLOWED, or "" for nobody's
SENT_BEFORE = 0  # stands where the number of the row sent instead would stand
MOST_TOLD = 10

Keys = Callable[[], Iterator[tuple[int, SliceKeys]]]


@dataclass(slots=True)
class Asides:
    """By id of a slice the pairs (place among its good rows, spreadsheet row sent instead), one after the other;
    `groups` are the rows that share a key: how many, then their numbers, group after group; `doubles` is how many rows
    repeat a key; `sent_before` how many rows' people went in an earlier import, `overlaps` in which."""

    pairs: "dict[int, array[int]]" = field(default_factory=dict)
    groups: "array[int]" = field(default_factory=lambda: array("I"))
    doubles: int = 0
    keys_filled: bool = True
    sent_before: int = 0
    overlaps: list[list[int]] = field(default_factory=list)

    def left_out(self) -> "LeftOut":
        return LeftOut(self.pairs)

    def put(self, pk: int, place: int, instead: int) -> None:
        self.pairs.setdefault(pk, array("I")).extend((place, instead))


class LeftOut(Mapping[int, set[int]]):
    """By id of a slice the places of its good rows that are set aside: the set of one slice at a time, made when it is
    asked for, as those of a file of one key would take 60 bytes a row."""

    def __init__(self, pairs: "Mapping[int, array[int]]") -> None:
        self._pairs = pairs

    def __getitem__(self, pk: int) -> set[int]:
        return set(self._pairs[pk][::2])

    def __iter__(self) -> Iterator[int]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


def find_asides(job: ImportJob) -> Asides:
    """Look at every good row's key: 8 to 24 bytes a row are held, whatever the size of the file."""
    found = Asides()

    def keys() -> Iterator[tuple[int, SliceKeys]]:
        for row_slice in RowSlice.objects.current(job).light():
            yield row_slice.pk, split_keys(job.vault.get(row_slice.keys_name(job.check_version)))

    _find_sent_before(job, keys, found)
    groups = _find_repeats(job.destination.duplicates if job.destination else "last", keys, found)
    found.groups = joined_groups(groups)
    for pk, pairs in found.pairs.items():
        in_order = sorted(zip(pairs[::2], pairs[1::2], strict=True))
        found.pairs[pk] = array("I", [number for pair in in_order for number in pair])
    return found


def _find_sent_before(job: ImportJob, keys: Keys, found: Asides) -> None:
    known, every, counted = set[int](), set[int](), dict[int, int]()
    family = followed_ids(job)
    for earlier, common in met_before(job, (one.keys for _, one in keys())):
        counted[earlier.pk] = len(common)
        every |= common
        if job.skip_sent == ANY or (job.skip_sent == FOLLOWED and earlier.pk in family):
            known |= common
    found.overlaps = [[pk, count] for pk, count in sorted(counted.items(), key=lambda one: -one[1])][:MOST_TOLD]
    gone = gone_rows(job) if job.skip_sent else {}
    for pk, (numbers, hashes, _) in keys() if every or gone else ():
        found.sent_before += sum(map(every.__contains__, hashes))
        for place, key in enumerate(hashes):
            if key in known or numbers[place] in gone:
                found.put(pk, place, gone.get(numbers[place], SENT_BEFORE))


def _find_repeats(rule: str, keys: Keys, found: Asides) -> "list[array[int]]":
    """The rows of each key that repeats. Only such keys are ever held with their rows, and of those a portion at a
    time."""
    gone = found.left_out()
    same: list[array[int]] = []
    for repeated in repeated_keys(_keys_seen(keys, found)):
        groups: dict[int, _Group] = {}
        for pk, (numbers, hashes, _) in keys():
            left = gone.get(pk, ())
            for place, key in enumerate(hashes):
                if key in repeated and place not in left:
                    groups.setdefault(key, _Group()).add(pk, place, numbers[place])
        for group in groups.values():
            if len(group.numbers) > 1:
                same.append(group.numbers)
                _settle_group(rule, group, found)
    return same


class _Group:
    """The rows of one key: slice, place in it and spreadsheet number of each, 16 bytes a row."""

    __slots__ = ("numbers", "places", "slices")

    def __init__(self) -> None:
        self.slices, self.places, self.numbers = array("Q"), array("I"), array("I")

    def add(self, pk: int, place: int, number: int) -> None:
        self.slices.append(pk)
        self.places.append(place)
        self.numbers.append(number)


def _settle_group(rule: str, group: _Group, found: Asides) -> None:
    numbers = group.numbers
    found.doubles += len(numbers) - 1
    kept = numbers[0] if rule == "first" else numbers[-1]
    for pk, place, number in zip(group.slices, group.places, numbers, strict=True) if rule != "all" else ():
        if rule == "none":
            found.put(pk, place, numbers[0] if number != numbers[0] else numbers[1])
        elif number != kept:
            found.put(pk, place, kept)


def _keys_seen(keys: Keys, found: Asides) -> "Iterator[array[int]]":
    for _, (_, hashes, _) in keys():
        found.keys_filled = found.keys_filled and 0 not in hashes
        yield hashes
