"""What Altcraft answered for each profile of a batch, packed: about 12 bytes a row, and a page costs no database row.

A blob is a header, then four sections, each compressed alone so that a reader unpacks only what it asks for:
the different (code, text) pairs, one index of a pair per row, one kind of id per row, and the ids themselves.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol, runtime_checkable

import msgspec

from imports.byteorder import little_endian

Answered = tuple[int, str, str]

_HEADER: Final = struct.Struct("<2sBcIIII")
_MAGIC: Final = b"AO"
_VERSION: Final = 1
_LEVEL: Final = 1
_SAMPLE: Final = 4096  # bytes
_RAW_SIZE: Final = 12
_RAW, _TEXT = 1, 0
_KIND_BY_SIZE: Final = bytes(_RAW if size == 2 * _RAW_SIZE else _TEXT for size in range(256))
VARIOUS: Final = "…"
"""Stands in a summary for texts of one code that are too many to be named; also what is left of a masked number."""
MOST_TEXTS: Final = 20
"""Texts of one code that the summary of a batch names; the rows keep theirs, however many there are."""
_LEAST_SHARE: Final = 100
_SIGNS: Final = 256
_pairs = msgspec.json.Decoder(list[tuple[int, str]]).decode
# Upper-case hex would come back in lower case, so it is kept as text.
_is_raw = re.compile(r"[0-9a-f]{24}").fullmatch


@runtime_checkable
class InColumns(Protocol):
    """Answers that lie in memory column by column."""

    @property
    def errors(self) -> Sequence[int]: ...
    @property
    def texts(self) -> Sequence[str]: ...
    @property
    def ids(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Packed:
    """The packed answers, and [code, text, count] per different answer in the order of the reason indexes."""

    blob: bytes
    summary: list[list[int | str]]


def pack(answers: Sequence[Answered] | InColumns) -> Packed:
    """Pack (error code, error text, profile id) of each profile, in the order of the batch."""
    codes, texts, profile_ids = _columns(answers)
    pairs, numbers = _numbered(codes, texts)
    packed_numbers = array("H" if len(pairs) <= 1 << 16 else "I", numbers)
    counts = Counter(numbers)
    summary: list[list[int | str]] = [[*pair, counts[number]] for number, pair in enumerate(pairs)]
    kinds, ids = _packed_ids(profile_ids)
    sections = [json.dumps(pairs).encode(), little_endian(packed_numbers).tobytes(), kinds, ids]
    compressed = [_compressed(section) for section in sections]
    sizes = [len(section) for section in compressed[:3]]
    header = _HEADER.pack(_MAGIC, _VERSION, packed_numbers.typecode.encode(), len(profile_ids), *sizes)
    return Packed(header + b"".join(compressed), summary)


def _columns(answers: Sequence[Answered] | InColumns) -> tuple[Sequence[int], Sequence[str], Sequence[str]]:
    if isinstance(answers, InColumns):
        return answers.errors, answers.texts, answers.ids
    codes, texts, profile_ids = zip(*answers, strict=True) if answers else ((), (), ())
    return codes, texts, profile_ids


def _numbered(codes: Sequence[int], texts: Sequence[str]) -> tuple[list[tuple[int, str]], list[int]]:
    """The different (code, text) pairs in the order they first come, and for each row the number of its pair."""
    by_text = dict(zip(texts, codes, strict=True))
    if list(map(by_text.__getitem__, texts)) == list(codes):  # nearly always: a text belongs to one code
        by_number = {text: number for number, text in enumerate(by_text)}
        return [(code, text) for text, code in by_text.items()], list(map(by_number.__getitem__, texts))
    rows = list(zip(codes, texts, strict=True))
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys(rows))}
    return list(numbers), list(map(numbers.__getitem__, rows))


def _compressed(section: bytes) -> bytes:
    """Ids of profiles that were made one after another shrink to a sixth, and quickly; others hardly, and slowly: where
    a sample does not promise half, the section is only wrapped."""
    sample = section[:_SAMPLE]
    shrinks = len(zlib.compress(sample, _LEVEL)) * 2 < len(sample) or len(section) <= _SAMPLE
    return zlib.compress(section, _LEVEL if shrinks else 0)


def summary_of(kinds: Iterable[Sequence[Any]], shown: Callable[[str], str]) -> list[list[Any]]:
    """[code, text, rows] for each kind of answer, biggest first; `shown` makes a text fit to be kept beside counts.

    `kinds`: the summary of what was packed. A code with more than MOST_TEXTS texts keeps those that several of its rows
    share, a hundredth at least; the others count together as VARIOUS, so that a platform which words every refusal anew
    does not make a summary as long as its batch.
    """
    texts: dict[int, Counter[str]] = {}
    for code, text, rows in kinds:
        texts.setdefault(code, Counter())[shown(text) if code else ""] += rows
    named = [(code, text, rows) for code, found in texts.items() for text, rows in _named(found).items()]
    return [list(kind) for kind in sorted(named, key=lambda kind: -kind[2])]


def _named(texts: Counter[str]) -> Counter[str]:
    if len(texts) <= MOST_TEXTS:
        return texts
    whole, named = texts.total(), Counter[str]()
    for place, (text, rows) in enumerate(texts.most_common()):
        shared = place < MOST_TEXTS and rows > 1 and rows * _LEAST_SHARE >= whole
        named[text if shared else VARIOUS] += rows
    return named


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
    written = _Sections(blob).read(0)
    try:
        return _pairs(written)
    except msgspec.DecodeError:  # half of a pair of surrogates, say: only the slower reader takes it
        return [(code, text) for code, text in json.loads(written)]


def reason_indexes(blob: bytes) -> array[int]:
    """Return for each row the index of its (code, text) pair."""
    sections = _Sections(blob)
    indexes: array[int] = array(sections.typecode)
    indexes.frombytes(sections.read(1))
    return little_endian(indexes)


def places(blob: bytes, wanted: Collection[int], within: range, *, backward: bool = False) -> Iterator[int]:
    """Give the places, in order or backward, of the rows within these places whose reason index is wanted.

    What is rare among many is found quickly.
    """
    indexes = reason_indexes(blob)[within.start : within.stop].tolist()
    try:
        signs = bytes(indexes).translate(bytes(index in wanted for index in range(_SIGNS)))
    except ValueError:  # more reasons than a byte counts
        signs = bytes(index in wanted for index in indexes)
    found = _last_first(signs) if backward else _first_first(signs)
    return (within.start + place for place in found)


def _first_first(signs: bytes) -> Iterator[int]:
    place = signs.find(1)
    while place >= 0:
        yield place
        place = signs.find(1, place + 1)


def _last_first(signs: bytes) -> Iterator[int]:
    place = signs.rfind(1)
    while place >= 0:
        yield place
        place = signs.rfind(1, 0, place)


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


class ProfileIds:
    """The profile ids of a blob by place, "" where there was none; unpacked when the first is asked for."""

    def __init__(self, blob: bytes) -> None:
        self._blob = blob

    def __getitem__(self, place: int) -> str:
        kinds, texts, _ = self._sections
        raw_at = kinds.count(_RAW, 0, place)
        if kinds[place] == _RAW:
            return texts[raw_at * _RAW_SIZE : (raw_at + 1) * _RAW_SIZE].hex()
        return self._others[place - raw_at]

    @cached_property
    def _sections(self) -> tuple[bytes, bytes, int]:
        sections = _Sections(self._blob)
        kinds = sections.read(2)
        return kinds, sections.read(3), _RAW_SIZE * kinds.count(_RAW)

    @cached_property
    def _others(self) -> list[str]:
        _, texts, raw_size = self._sections
        others: list[str] = json.loads(texts[raw_size:])
        return others


def _mixed_ids(kinds: bytes, raw: bytes, others: list[str]) -> list[str]:
    raws = iter(range(0, len(raw), _RAW_SIZE))
    texts = iter(others)
    return [raw[(at := next(raws)) : at + _RAW_SIZE].hex() if kind == _RAW else next(texts) for kind in kinds]


def _packed_ids(profile_ids: Sequence[str]) -> tuple[bytes, bytes]:
    """Return one kind per row, and the raw ids followed by the JSON list of the others."""
    joined, sizes = "".join(profile_ids), list(map(len, profile_ids))
    if set(sizes) <= {0, 2 * _RAW_SIZE} and (raw := _raw_of(joined)) is not None:  # nearly always: an id, or an error
        others = [""] * sizes.count(0)
        return bytes(sizes).translate(_KIND_BY_SIZE), raw + json.dumps(others).encode()
    kinds = bytes(_RAW if _is_raw(profile_id) else _TEXT for profile_id in profile_ids)
    raw = bytes.fromhex("".join(text for text, kind in zip(profile_ids, kinds, strict=True) if kind == _RAW))
    others = [text for text, kind in zip(profile_ids, kinds, strict=True) if kind == _TEXT]
    return kinds, raw + json.dumps(others).encode()


def _raw_of(ids: str) -> bytes | None:
    """The bytes of so many lower-case hex digits; None for any other text."""
    try:
        raw = bytes.fromhex(ids)
    except ValueError:
        return None
    return raw if raw.hex() == ids else None  # upper-case digits, and white space, would not come back


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
