"""The rows of a sheet: quick patterns for rows as nearly every program writes them, a real parser for all others.

A pattern is believed only where its matches leave no gap: whatever it does not know, down to a comment between two
cells, sends that block to be looked at row by row, and that row to the parser.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import lt
from string import ascii_uppercase

from imports.reading.table import Unreadable
from imports.reading.xlsx.elements import Elements
from imports.reading.xlsx.markup import Node, broken, parse_fragment, rich_text, shown, unreferenced
from imports.reading.xlsx.patterns import CellPattern, RowPatterns
from imports.reading.xlsx.values import CellTexts

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")

Block = tuple[list[int], list[list[str]]]


class SheetRows:
    """Iterates over blocks of rows: their numbers in ascending order, and the texts of their cells from column A.

    Rows without a text are left out, and no block is empty. `uncomputed` counts formulas without a result.
    Raises Unreadable when made and while iterated.
    """

    def __init__(self, pieces: Iterator[bytes], texts: CellTexts) -> None:
        self.uncomputed = 0
        self._texts = texts
        self._elements = Elements(pieces, "sheetData", "row")
        self._patterns = RowPatterns(self._elements.prefix)
        self._letters: list[str] = []
        self._places: Sequence[int] = ()
        self._dense = True
        self._last = 0

    def __iter__(self) -> Iterator[Block]:
        for block in self._elements:
            for numbers, rows in self._blocks(block):
                if not numbers:
                    continue
                if numbers[0] <= self._last or not all(map(lt, numbers, numbers[1:])):
                    raise broken("RowOrder")
                self._last = numbers[-1]
                if all(map(any, rows)):
                    yield numbers, rows
                elif filled := [(number, row) for number, row in zip(numbers, rows, strict=True) if any(row)]:
                    yield [number for number, _ in filled], [row for _, row in filled]

    def _blocks(self, block: str) -> Iterator[Block]:
        """The block as the patterns know it, otherwise its rows one by one, the odd ones by the parser."""
        matched = self._matched(block)
        if matched:
            yield matched
            return
        *rows, rest = block.split(self._elements.close)
        for written in rows:
            whole = written + self._elements.close
            yield self._matched(whole) or self._parsed(whole)
        if rest.strip():
            yield self._parsed(rest)

    def _matched(self, block: str) -> Block | None:
        """The rows of a block of which the patterns know every sign; None for any other."""
        pattern = self._patterns.usual
        parts = pattern.cell.split(block)
        found = self._numbers(parts, pattern)
        if found is None:
            pattern = self._patterns.fitting(block)
            parts = pattern.cell.split(block)
            found = self._numbers(parts, pattern)
        if found is None:
            return None
        self._patterns.usual = pattern
        numbers, starts = found
        width = starts[1]
        if pattern.simple and width and starts[-1] == width * len(numbers) and self._patterns.no_value not in block:
            rows = self._even(parts, width, marked="&" in block)
            if rows:
                return numbers, rows
        return numbers, self._uneven(parts, pattern, starts, marked="&" in block)

    def _numbers(self, parts: list[str], pattern: CellPattern) -> tuple[list[int], list[int]] | None:
        """Row numbers, and where among the cells each row begins and the last one ends; None if anything but rows is
        in the gaps between the cells, or a cell names another row."""
        gaps, cells = parts[:: pattern.fields], parts[2 :: pattern.fields]
        starts = self._starts(gaps)
        if len(starts) < 2 or starts[0] or not self._patterns.last.fullmatch(gaps[-1]):
            return None
        numbers = []
        opening = self._patterns.first
        for begin, end in pairwise(starts):
            found = opening.fullmatch(gaps[begin])
            if not found or cells[begin:end].count(found[1]) != end - begin:
                return None
            numbers.append(_checked(int(found[1])))
            opening = self._patterns.following
        return numbers, starts

    def _starts(self, gaps: list[str]) -> list[int]:
        """The places of gaps with anything in them: where a row begins, and the end."""
        width = len(self._letters)
        if (
            width
            and len(gaps) % width == 1
            and all(gaps[::width])
            and gaps.count("") == len(gaps) // width * (width - 1)
        ):
            return list(range(0, len(gaps), width))
        return [place for place, gap in enumerate(gaps) if gap]

    def _even(self, parts: list[str], width: int, *, marked: bool) -> list[list[str]]:
        """The rows of a block whose rows are alike (the same columns, types and styles), a column at a time; none
        if they are not."""
        fields = self._patterns.usual.fields
        letters, attributes, values = parts[1::fields], parts[3::fields], parts[4::fields]
        count = len(letters) // width
        if attributes != attributes[:width] * count or letters != letters[:width] * count:
            return []
        if marked:
            values = list(map(unreferenced, values))
        columns = [self._texts.column(attributes[place], values[place::width]) for place in range(width)]
        self._set_letters(letters[:width])
        rows = map(list, zip(*columns, strict=True))
        return list(rows) if self._dense else [_spread(self._places, row) for row in rows]

    def _uneven(self, parts: list[str], pattern: CellPattern, starts: list[int], *, marked: bool) -> list[list[str]]:
        texts = self._texts_of(parts, pattern, marked=marked)
        letters = parts[1 :: pattern.fields]
        rows = []
        for begin, end in pairwise(starts):
            if letters[begin:end] != self._letters:
                self._set_letters(letters[begin:end])
            cells = texts[begin:end]
            rows.append(cells if self._dense else _spread(self._places, cells))
        return rows

    def _texts_of(self, parts: list[str], pattern: CellPattern, *, marked: bool) -> list[str]:
        """One text for each cell of the block."""
        attributes, values = parts[3 :: pattern.fields], parts[pattern.value :: pattern.fields]
        if marked:
            values = [value and unreferenced(value) for value in values]
        texts = [""] * len(values)
        places: dict[str, list[int]] = {}
        for place, given in enumerate(attributes):
            if values[place]:
                places.setdefault(given, []).append(place)
        for given, alike in places.items():
            for place, text in zip(alike, self._texts.column(given, [values[place] for place in alike]), strict=True):
                texts[place] = text
        if pattern.formula:
            self._count_uncomputed(parts[pattern.formula :: pattern.fields], values, attributes)
        if pattern.inline:
            _put_inline(texts, parts[pattern.inline :: pattern.fields], parts[pattern.inline - 1 :: pattern.fields])
        return texts

    def _set_letters(self, letters: list[str]) -> None:
        if letters != self._letters:
            self._letters, self._places = letters, [column_place(each) for each in letters]
            self._dense = self._places == list(range(len(letters)))

    def _count_uncomputed(self, formulas: list[str], values: list[str], attributes: list[str]) -> None:
        for formula, value, attribute in zip(formulas, values, attributes, strict=True):
            if formula and not value and '"str"' not in attribute:
                self.uncomputed += 1

    def _parsed(self, written: str) -> Block:
        """The rows of a piece of the sheet, by the parser."""
        numbers: list[int] = []
        rows = []
        for row in parse_fragment(f"<sheetData>{written}</sheetData>").children:
            if row.name == "row":
                given = row.attributes.get("r", "")
                if given and not (given.isdecimal() and len(given) < 10):
                    raise broken("RowNumber")
                before = numbers[-1] if numbers else self._last
                numbers.append(_checked(int(given) if given else before + 1))
                rows.append(self._parsed_cells(row, numbers[-1]))
        return numbers, rows

    def _parsed_cells(self, row: Node, number: int) -> list[str]:
        places: list[int] = []
        texts: list[str] = []
        for cell in row.children:
            if cell.name == "c":
                places.append(_place(cell.attributes.get("r", ""), number, places[-1] + 1 if places else 0))
                texts.append(self._parsed_text(cell))
        return _spread(places, texts)

    def _parsed_text(self, cell: Node) -> str:
        parts = {part.name: part for part in cell.children}
        value = parts["v"].text if "v" in parts else ""
        if "f" in parts and not value and cell.attributes.get("t") != "str":
            self.uncomputed += 1
        if "is" in parts:
            return rich_text(parts["is"])
        return self._texts.converter_for(cell.attributes)(value) if value else ""


def _checked(number: int) -> int:
    if number < 1:
        raise broken("RowNumber")
    if number > MOST_ROWS:
        raise Unreadable("unsafe_workbook", reason="spread", limit=MOST_ROWS)
    return number


def column_place(letters: str) -> int:
    """0 for A, 16383 for XFD. Raises Unreadable for columns no sheet has."""
    place = 0
    for letter in letters:
        place = place * 26 + ascii_uppercase.index(letter) + 1
    if place > MOST_COLUMNS:
        raise Unreadable("unsafe_workbook", reason="spread", limit=MOST_COLUMNS)
    return place - 1


def _put_inline(texts: list[str], inside: list[str], attributes: list[str]) -> None:
    for place, text in enumerate(inside):
        if text:
            texts[place] = shown(unreferenced(text), attributes[place])


def _spread(places: Sequence[int], texts: list[str]) -> list[str]:
    cells = [""] * (max(places, default=-1) + 1)
    for place, text in zip(places, texts, strict=True):
        cells[place] = text
    return cells


def _place(reference: str, number: int, following: int) -> int:
    """The column of a cell, from 0: the one it names, or the one after the cell before it."""
    if not reference:
        return following
    found = _REFERENCE.fullmatch(reference)
    if found is None or int(found[2]) != number:
        raise broken("CellReference")
    return column_place(found[1].upper())
