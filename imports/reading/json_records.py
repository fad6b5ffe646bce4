"""Profiles in JSON -> records: an array of them, a request with them in "data", or one a line (JSON Lines).

Row numbers: the first profile of an array is row 2, as the names above it would be row 1 of a spreadsheet. In JSON
Lines a row's number is the number of its line, which any editor shows.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

import orjson

from imports.reading.charset import (
    UNDECODABLE,
    UNICODE_ENCODINGS,
    canonical_encoding,
    detect_encoding,
    open_text,
)
from imports.reading.json_profiles import Element, ProfileRecords
from imports.reading.json_text import LARGEST_ELEMENT, JsonText
from imports.reading.json_values import DEEPEST, WRAP, Decoder
from imports.reading.records import Opened
from imports.reading.source import StoredFile
from imports.reading.table import RECORDS, Limits, Note, ReadOptions, Unreadable, note

BLANKS: Final = " \t\r\n"
MOST_NAMES: Final = 20


class LineRecords(ProfileRecords):
    """JSON Lines: one object a line. A line that is none is the fault of that row alone."""

    def elements(self, *, keys_only: bool = False) -> Iterator[Element]:
        lines = iter(partial(self.opened().readline, LARGEST_ELEMENT + 1), "")
        parse = self._quick_line if keys_only else self._line
        for number, line in enumerate(lines, 1):
            if len(line) > LARGEST_ELEMENT:
                raise Unreadable("json_too_large", limit=LARGEST_ELEMENT, line=number)
            if UNDECODABLE in line:
                raise self.undecodable(number)
            text = line.strip(BLANKS)
            yield parse(number, text, line) if text else (number, {}, [])

    def _quick_line(self, number: int, text: str, line: str) -> Element:
        """orjson rounds numbers and overlooks repeated keys, but to find keys it takes a third of the time."""
        try:
            value = orjson.loads(text)
        except ValueError:
            return self._line(number, text, line)
        return self.element(number, value, [])

    def _line(self, number: int, text: str, line: str) -> Element:
        try:
            value, end = self._decoder.decode(text, 0)
        except json.JSONDecodeError as error:
            end = error.pos
        except RecursionError:
            return number, None, [note("json_too_deep", limit=DEEPEST)]
        else:
            if end == len(text):
                return self.element(number, value, self._decoder.oddities)
        return number, None, [note("json_line_broken", column=line.find(text) + end + 1)]


class ListRecords(ProfileRecords):
    """One JSON text: an array, or an object with an array in "data"; any other object is one profile."""

    first_number = 2

    def __init__(self, source: StoredFile, encoding: str, limits: Limits) -> None:
        super().__init__(source, encoding, limits)
        self._beside: list[list[str]] = []

    def elements(self, *, keys_only: bool = False) -> Iterator[Element]:
        text = JsonText(self.opened(), self._decoder)
        self._beside = []
        found = self._items(text) if text.peek() == "[" else self._envelope(text)
        for number, value in enumerate(found, 2):
            if text.last_holds(UNDECODABLE):
                raise self.undecodable(number)
            yield self.element(number, value, self._decoder.oddities)
        if text.peek():
            raise text.broken()

    def remarks(self) -> list[Note]:
        named = [", ".join(names[:MOST_NAMES])[:500] for names in self._beside if names]
        return [*(note("json_settings_ignored", names=names) for names in named), *super().remarks()]

    def _items(self, text: JsonText) -> Iterator[Any]:
        text.need("[")
        if text.take("]"):
            return
        while True:
            yield text.value()
            if text.take("]"):
                return
            text.need(",")

    def _envelope(self, text: JsonText) -> Iterator[Any]:
        """The items of "data" wherever it stands in the object; the names beside it are kept for a remark."""
        text.need("{")
        other: dict[str, Any] = {}
        oddities: list[Note] = []
        ended = text.take("}")
        while not ended:
            key = self._key(text)
            if key == WRAP and text.peek() == "[" and not self._beside:
                self._beside.append(list(other))
                yield from self._items(text)
                other = {}
            else:
                oddities += [note("json_repeated_key", key=key[:100])] if key in other else []
                other[key] = text.value()
                oddities += self._decoder.oddities
            if len(other) > self._limits.columns:
                raise Unreadable("json_no_profiles")
            ended = text.take("}")
            if not ended:
                text.need(",")
        if self._beside:
            self._beside.append(list(other))
            return
        self._decoder.oddities = oddities
        yield other

    def _key(self, text: JsonText) -> str:
        if text.peek() != '"':
            raise text.broken()
        key: str = text.value()
        text.need(":")
        return key


def open_records(source: StoredFile, options: ReadOptions, limits: Limits, *, whole: bool) -> Opened:
    """Profiles with their keys as headers: all keys when `whole`, otherwise those of the head. Raises Unreadable.

    The header is row 1 of an array and row 0 (there is none) of JSON Lines, whatever the options say.
    """
    if options.format not in ("", RECORDS):
        raise Unreadable("wrong_format", expected=options.format, found=RECORDS)
    encoding = canonical_encoding(options.encoding) if options.encoding else detect_encoding(source)
    if encoding not in UNICODE_ENCODINGS:
        raise Unreadable("json_encoding", encoding=encoding)
    by_line = _is_by_line(source, encoding)
    records = (LineRecords if by_line else ListRecords)(source, encoding, limits)
    headers = records.gather(whole=whole)
    header_row = 0 if by_line else 1
    options = replace(options, format=RECORDS, encoding=encoding, delimiter="", sheet="", header_row=header_row)
    return Opened(records, options, [], [], headers)


def _is_by_line(source: StoredFile, encoding: str) -> bool:
    """Whether the first line that is not blank is an object of its own, and not one with a list of profiles."""
    lines = iter(partial(open_text(source.again(), encoding).readline, LARGEST_ELEMENT), "")
    first = next((text for line in lines if (text := line.strip(BLANKS))), "")
    if not first.startswith("{"):
        return False
    try:
        value, end = Decoder().decode(first, 0)
    except (json.JSONDecodeError, RecursionError):
        return False
    return end == len(first) and not isinstance(value.get(WRAP), list)
