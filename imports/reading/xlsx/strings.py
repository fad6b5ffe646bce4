"""The shared strings of a workbook, loaded as far as cells ask for them."""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate

from imports.reading.xlsx.elements import Elements
from imports.reading.xlsx.markup import WHITE, broken, parse_fragment, rich_text, shown, unreferenced

READY_STRINGS = 1_000_000
READY_CHARACTERS = 32 * 1024 * 1024


class SharedStrings:
    """Texts by the number a cell writes, loaded as far as cells ask. Raises Unreadable for a number without a text.

    The first million are kept ready. What comes after them lies as bytes, end to end: a text then costs what it is
    long and eight bytes, not ten times as much.
    """

    def __init__(self, pieces: Iterator[bytes] | None) -> None:
        self._blocks = iter(self._read(pieces)) if pieces is not None else iter(())
        self._ready: list[str] = []
        self._characters = 0
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def text(self, written: str) -> str:
        return self.texts([written])[0]

    def texts(self, written: Sequence[str]) -> list[str]:
        """The texts of many cells at once, which is much quicker."""
        try:
            numbers = list(map(int, written))
        except ValueError as error:
            raise broken("SharedString") from error
        if min(numbers) < 0:
            raise broken("SharedString")
        highest = max(numbers)
        if highest >= len(self._ready) + len(self._ends) - 1:
            self._load(highest)
        if highest < len(self._ready):
            return list(map(self._ready.__getitem__, numbers))
        ready, first = self._ready, len(self._ready)
        return [ready[number] if number < first else self._packed(number - first) for number in numbers]

    def _packed(self, place: int) -> str:
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode()

    def _load(self, number: int) -> None:
        for texts in self._blocks:
            self._keep(texts)
            if number < len(self._ready) + len(self._ends) - 1:
                return
        raise broken("SharedString")

    def _keep(self, texts: Sequence[str]) -> None:
        if len(self._ends) == 1 and len(self._ready) < READY_STRINGS and self._characters < READY_CHARACTERS:
            self._ready.extend(texts)
            self._characters += sum(map(len, texts))
            return
        encoded = [text.encode() for text in texts]
        ends = accumulate(map(len, encoded), initial=len(self._bytes))
        next(ends)
        self._ends.extend(ends)
        self._bytes += b"".join(encoded)

    @staticmethod
    def _read(pieces: Iterator[bytes]) -> Iterator[list[str]]:
        elements = Elements(pieces, "sst", "si")
        plain = _plain_item(elements.prefix)
        for block in elements:
            parts = plain.split(block)
            if any(parts[::3]):
                yield list(_one_by_one(block, elements, plain))
            else:
                yield _texts(parts[1::3], parts[2::3], block)


def _plain_item(prefix: str) -> re.Pattern[str]:
    p = re.escape(prefix)
    return re.compile(rf"\s*<{p}si><{p}t([^<>/]*)>([^<]*)</{p}t></{p}si>")


def _texts(attributes: Sequence[str], texts: Sequence[str], block: str) -> list[str]:
    if "&" in block:
        texts = list(map(unreferenced, texts))
    if "_x" in block or any(attributes):
        return list(map(shown, texts, attributes))
    return [text.strip(WHITE) for text in texts]


def _one_by_one(block: str, elements: Elements, plain: re.Pattern[str]) -> Iterator[str]:
    *items, rest = block.split(elements.close)
    for item in items:
        whole = item + elements.close
        found = plain.fullmatch(whole)
        yield from _texts([found[1]], [found[2]], whole) if found else _odd(whole)
    if rest.strip():
        yield from _odd(rest)


def _odd(items: str) -> list[str]:
    return [rich_text(item) for item in parse_fragment(f"<sst>{items}</sst>").children if item.name == "si"]
