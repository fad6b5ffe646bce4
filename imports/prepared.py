"""The prepared profiles of one slice as one object: how many, how long each, then the JSON texts end to end.

What is sent is byte for byte what was checked, so the texts are written once and only ever cut, never built again.
"""

from array import array
from collections.abc import Collection, Sequence
from itertools import accumulate

COUNT = 4


def join_keys(numbers: Sequence[int], keys: Sequence[int]) -> bytes:
    """Spreadsheet row numbers and 64-bit key hashes of the good rows of one slice."""
    return len(numbers).to_bytes(COUNT, "little") + array("I", numbers).tobytes() + array("Q", keys).tobytes()


def split_keys(stored: bytes) -> tuple["array[int]", "array[int]"]:
    """What `join_keys` wrote, as (row numbers, key hashes)."""
    count = int.from_bytes(stored[:COUNT], "little")
    numbers, keys = array("I"), array("Q")
    numbers.frombytes(stored[COUNT : COUNT + 4 * count])
    keys.frombytes(stored[COUNT + 4 * count :])
    return numbers, keys


def sendable_places(good: int, aside: Collection[int]) -> list[int]:
    """Places among the good rows of a slice that are sent: all but those set aside. Batches count along this list."""
    return [place for place in range(good) if place not in aside] if aside else list(range(good))


def join_texts(texts: Sequence[bytes]) -> bytes:
    lengths = array("I", map(len, texts))
    return len(texts).to_bytes(COUNT, "little") + lengths.tobytes() + b"".join(texts)


class PreparedTexts:
    """Reads what `join_texts` wrote. `lengths[i]` is the size in bytes of profile i."""

    def __init__(self, stored: bytes) -> None:
        count = int.from_bytes(stored[:COUNT], "little")
        self.lengths = array("I")
        self.lengths.frombytes(stored[COUNT : COUNT + 4 * count])
        self._stored = stored
        self._places = [COUNT + 4 * count, *accumulate(self.lengths, initial=COUNT + 4 * count)][1:]

    def __len__(self) -> int:
        return len(self.lengths)

    def text(self, index: int) -> bytes:
        place = self._places[index]
        return self._stored[place : place + self.lengths[index]]

    def texts(self, indexes: Sequence[int]) -> list[bytes]:
        return [self.text(index) for index in indexes]
