"""What Altcraft answered for each profile of a batch, packed: about 12 bytes a row, and a page costs no database row.

A blob is a header, then four sections, each compressed alone so that a reader unpacks only what it asks for:
the different (code, text) pairs, one index of a pair per row, one kind of id per row, and the ids themselves.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Answered = tuple[int, str, str]

_HEADER: Final = struct.Struct("<2sBcIIII")
_MAGIC: Final = b"AO"
_VERSION: Final = 1
_LEVEL: Final = 1
_RAW_SIZE: Final = 12
_RAW, _TEXT = 1, 0
# Upper-case hex would come back in lower case, so it is kept as text.
_is_raw = re.compile(r"[0-9a-f]{24}").fullmatch


@dataclass(frozen=True, slots=True)
class Packed:
    """The packed answers, and [code, text, count] per different answer in the order of the reason indexes."""

    blob: bytes
    summary: list[list[int | str]]


def pack(answers: Sequence[Answered]) -> Packed:
    """Pack (error code, error text, profile id) of each profile, in the order of the batch."""
    numbers: dict[tuple[int, str], int] = {}
    indexes = [numbers.setdefault((code, text), len(numbers)) for code, text, _ in answers]
    packed_indexes = array("H" if len(numbers) <= 1 << 16 else "I", indexes)
    counts = [0] * len(numbers)
    for index in indexes:
        counts[index] += 1
    summary: list[list[int | str]] = [[code, text, counts[number]] for (code, text), number in numbers.items()]
    kinds, ids = _packed_ids([profile_id for _, _, profile_id in answers])
    sections = [json.dumps(list(numbers)).encode(), _little_endian(packed_indexes).tobytes(), kinds, ids]
    compressed = [zlib.compress(section, _LEVEL) for section in sections]
    sizes = [len(section) for section in compressed[:3]]
    header = _HEADER.pack(_MAGIC, _VERSION, packed_indexes.typecode.encode(), len(answers), *sizes)
    return Packed(header + b"".join(compressed), summary)


def unpack(blob: bytes) -> list[Answered]:
    """Return what was packed. Raises ValueError for anything `pack` has not made, as all readers do."""
    pairs = reasons(blob)
    rows = zip(reason_indexes(blob), ids(blob), strict=True)
    return [(*pairs[index], profile_id) for index, profile_id in rows]


def count(blob: bytes) -> int:
    """Return the number of rows; nothing is unpacked."""
    return _Sections(blob).rows


def reasons(blob: bytes) -> list[tuple[int, str]]:
    """Return the different (code, text) pairs; their places are the reason indexes."""
    return [(code, text) for code, text in json.loads(_Sections(blob).read(0))]


def reason_indexes(blob: bytes) -> array[int]:
    """Return for each row the index of its (code, text) pair."""
    sections = _Sections(blob)
    indexes: array[int] = array(sections.typecode)
    indexes.frombytes(sections.read(1))
    return _little_endian(indexes)


def ids(blob: bytes, start: int = 0, stop: int | None = None) -> list[str]:
    """Return the profile ids of all rows, or of the rows from `start` up to `stop`; "" where there was none."""
    sections = _Sections(blob)
    kinds, texts = sections.read(2), sections.read(3)
    raw_size = _RAW_SIZE * kinds.count(_RAW)
    others = json.loads(texts[raw_size:])
    start, stop, _ = slice(start, stop).indices(len(kinds))
    raw_at = kinds[:start].count(_RAW)
    other_at = start - raw_at
    if _TEXT not in kinds[start:stop]:
        hexes = texts[raw_at * _RAW_SIZE : (raw_at + max(0, stop - start)) * _RAW_SIZE].hex()
        return [hexes[at : at + 2 * _RAW_SIZE] for at in range(0, len(hexes), 2 * _RAW_SIZE)]
    return _mixed_ids(kinds[start:stop], texts[raw_at * _RAW_SIZE : raw_size], others[other_at:])


def _mixed_ids(kinds: bytes, raw: bytes, others: list[str]) -> list[str]:
    raws = iter(range(0, len(raw), _RAW_SIZE))
    texts = iter(others)
    return [raw[(at := next(raws)) : at + _RAW_SIZE].hex() if kind == _RAW else next(texts) for kind in kinds]


def _packed_ids(profile_ids: Sequence[str]) -> tuple[bytes, bytes]:
    """Return one kind per row, and the raw ids followed by the JSON list of the others."""
    kinds = bytes(_RAW if _is_raw(profile_id) else _TEXT for profile_id in profile_ids)
    raw = bytes.fromhex("".join(text for text, kind in zip(profile_ids, kinds, strict=True) if kind == _RAW))
    others = [text for text, kind in zip(profile_ids, kinds, strict=True) if kind == _TEXT]
    return kinds, raw + json.dumps(others).encode()


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Sections:
    def __init__(self, blob: bytes) -> None:
        if len(blob) < _HEADER.size:
            raise ValueError("packed outcomes are cut short")
        magic, version, typecode, rows, *sizes = _HEADER.unpack_from(blob)
        if magic != _MAGIC or version != _VERSION or typecode not in (b"H", b"I"):
            raise ValueError("these are no packed outcomes")
        self.rows: int = rows
        self.typecode: str = typecode.decode()
        self._blob = blob
        self._starts = [_HEADER.size, *(_HEADER.size + sum(sizes[: place + 1]) for place in range(3)), len(blob)]

    def read(self, place: int) -> bytes:
        try:
            return zlib.decompress(self._blob[self._starts[place] : self._starts[place + 1]])
        except zlib.error as error:
            raise ValueError("packed outcomes are damaged") from error
