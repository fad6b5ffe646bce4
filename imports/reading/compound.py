"""The container of old Excel workbooks: a file system of sectors inside one file.

Source: [MS-CFB] Compound File Binary File Format, sections 2.2 (header), 2.3 and 2.5 (sector tables), 2.6 (directory).
"""

import struct
from array import array
from dataclasses import dataclass
from typing import Any, Final

from imports.reading.source import StoredFile
from imports.reading.table import Unreadable

MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER: Final = struct.Struct("<HHHHH6xIIIIIIIII")
ENTRY: Final = struct.Struct("<64sHBBIII16sIQQIQ")
LAST_SECTOR: Final = 0xFFFFFFFA  # numbers above are marks
MOST_ENTRIES: Final = 10_000
FAT_SECTORS_IN_HEADER: Final = 109
SMALL: Final = 64  # bytes of a small sector
SMALL_SECTORS: Final = 64  # of one stream, as longer ones are not small
MOST_SMALL: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a stream begins, and how many bytes it has."""

    start: int
    size: int


class Compound:
    """The streams directly in the root of a compound file. Raises Unreadable("broken_workbook") for what is none.

    Streams inside a folder are somebody else's: a document may have a whole workbook embedded.
    """

    def __init__(self, source: StoredFile) -> None:
        self._source = source
        header = source.at(0, 512)
        if len(header) < 512 or not header.startswith(MARK):
            raise _broken("Header")
        _, major, order, shift, _, _, _, directory, *small, difat, difat_sectors = HEADER.unpack_from(header, 24)
        if order != 0xFFFE or (major, shift) not in ((3, 9), (4, 12)):
            raise _broken("Header")
        self._sector = 1 << shift
        first = array("I", header[76 : 76 + 4 * FAT_SECTORS_IN_HEADER])
        self._fat = self._sector_table(first, difat, difat_sectors)
        entries = _entries(self._chain(directory, MOST_ENTRIES * ENTRY.size))
        self.streams = _root_streams(entries, major)
        _, self._small_below, self._small_table, _ = small
        self._small_sectors = entries[0][-2]

    def read(self, name: str) -> bytes:
        """The whole stream. Raises Unreadable("broken_workbook") for one that is cut."""
        stream = self.streams[name]
        small = stream.size < self._small_below
        content = self._small_chain(stream.start) if small else self._chain(stream.start, stream.size)
        if len(content) < stream.size:
            raise _broken("Stream")
        return content[: stream.size]

    def _small_chain(self, sector: int) -> bytes:
        """The sectors of a stream below 4,096 bytes, which live together in a stream of the root."""
        table = array("I", self._chain(self._small_table, MOST_SMALL)[: MOST_SMALL // 4 * 4])
        room = self._chain(self._small_sectors, MOST_SMALL)
        pieces: list[bytes] = []
        while sector < len(table) and len(pieces) < SMALL_SECTORS:
            pieces.append(room[sector * SMALL : (sector + 1) * SMALL])
            sector = table[sector]
        return b"".join(pieces)

    def _sector_table(self, first: "array[int]", difat: int, difat_sectors: int) -> "array[int]":
        """Which sector follows which."""
        sectors = [number for number in first if number < LAST_SECTOR]
        for _ in range(min(difat_sectors, self._source.size // self._sector)):
            more = array("I", self._sector_at(difat))
            difat = more.pop()
            sectors += [number for number in more if number < LAST_SECTOR]
        if len(sectors) > self._source.size // self._sector:
            raise _broken("SectorTable")
        return array("I", b"".join(map(self._sector_at, sectors)))

    def _sector_at(self, number: int) -> bytes:
        content = self._source.at((number + 1) * self._sector, self._sector)
        if len(content) < self._sector and number >= LAST_SECTOR:
            raise _broken("Sector")
        return content.ljust(self._sector, b"\0")

    def _chain(self, sector: int, most: int) -> bytes:
        """The sectors of a chain, up to `most` bytes; neighbours are read in one go, circles end at `most`."""
        pieces: list[bytes] = []
        left = min(most, self._source.size)
        while left > 0 and sector < len(self._fat):
            first = sector
            sector = self._fat[first]
            length = self._sector
            while sector == first + length // self._sector and length < left and sector < len(self._fat):
                length += self._sector
                sector = self._fat[sector]
            pieces.append(self._source.at((first + 1) * self._sector, length))
            left -= length
        return b"".join(pieces)


def _entries(directory: bytes) -> list[tuple[Any, ...]]:
    """The entries of the directory, the root's own first."""
    entries = [ENTRY.unpack_from(directory, place) for place in range(0, len(directory) - ENTRY.size + 1, ENTRY.size)]
    if not entries:
        raise _broken("Directory")
    return entries


def _root_streams(entries: list[tuple[Any, ...]], major: int) -> dict[str, Stream]:
    """Names of the root's own entries; its folders are there with a size of 0."""
    streams: dict[str, Stream] = {}
    waiting: list[int] = [entries[0][6]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        spelled, length, _, _, left, right, *_, start, size = entries[number]
        name = spelled[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        # In the older version the upper half of the size is not to be relied upon.
        streams[name] = Stream(start, size & 0xFFFFFFFF if major == 3 else size)
        waiting += [left, right]
    return streams


def _broken(reason: str) -> Unreadable:
    return Unreadable("broken_workbook", reason=reason)
