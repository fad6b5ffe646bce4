"""The rows of a slice that are left when some are taken out, without a list of all of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection


class Remaining:
    """The numbers below `count` but for the excluded ones, in order; places among them start at 0.

    What it costs to make depends on the excluded ones alone: a page of rows takes a few of many thousands.
    """

    def __init__(self, count: int, excluded: Collection[int]) -> None:
        self._excluded = sorted(excluded)
        self._before = [number - place for place, number in enumerate(self._excluded)]
        self._count = count - len(self._excluded)

    def __len__(self) -> int:
        return self._count

    def at(self, place: int) -> int:
        """The number at a place from 0 to len - 1."""
        return place + bisect_right(self._before, place)

    def place_of(self, number: int) -> int:
        """The place of a number that is not excluded; of any other, of the next one that is not."""
        return number - bisect_left(self._excluded, number)

    def places_of(self, numbers: range) -> range:
        """The places of those of these numbers that are not excluded."""
        return range(self.place_of(numbers.start), self.place_of(numbers.stop))
