"""A sheet of an XLSX workbook -> records of text, as a spreadsheet numbers its rows."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from imports.reading.archive import inflated, refuse_claims, scan_archive
from imports.reading.marks import Marked
from imports.reading.shaping import filled_width
from imports.reading.source import StoredFile
from imports.reading.table import WORKBOOK, Limits, Note, ReadOptions, Unreadable, note
from imports.reading.xlsx.book import Book, Sheet, open_book, part_bytes
from imports.reading.xlsx.markup import broken
from imports.reading.xlsx.rows import Block, SheetRows
from imports.reading.xlsx.strings import SharedStrings
from imports.reading.xlsx.styles import style_kinds
from imports.reading.xlsx.values import CellTexts

ROWS_AHEAD = 1_000  # as many as a table looks at to find its header and width
COST_AHEAD = 4 * 1024 * 1024
LARGEST_AREA = 50_000_000
SPARSEST = 10_000  # of an area beyond the largest, one cell in so many must be there


class SheetRecords(Marked):
    """Iterates over the rows of a sheet from row 1, blank ones included, filled up to the width of its first thousand.

    `cost` grows with the text. Figures of the whole sheet are in `remarks` once the last row was given out.
    """

    def __init__(self, rows: SheetRows, texts: CellTexts) -> None:
        super().__init__()
        self.cost = 0
        self._rows = rows
        self._texts = texts
        self._over = False
        self._blocks: Iterator[Block] = iter(rows)

    def has_anything(self) -> bool:
        """Whether any cell holds anything; the rows looked at for the answer are not lost."""
        first = next(self._blocks, None)
        if first is not None:
            self._blocks = chain([first], self._blocks)
        return first is not None

    def __iter__(self) -> Iterator[list[str]]:
        rows = self._numbered()
        ahead, width = [], 0
        for row in rows:
            ahead.append(row)
            width = max(width, filled_width(row))
            if width and (len(ahead) >= ROWS_AHEAD or self.cost > COST_AHEAD):
                break
        for row in chain(ahead, rows):
            if 0 < len(row) < width:
                row += [""] * (width - len(row))
            yield row
        self._over = True

    def remarks(self) -> list[Note]:
        if not self._over:
            return []
        notes = [note("error_cells", count=self._texts.errors)] if self._texts.errors else []
        return notes + ([note("formulas_without_values", count=self._rows.uncomputed)] if self._rows.uncomputed else [])

    def _numbered(self) -> Iterator[list[str]]:
        last = cells = widest = 0
        for numbers, rows in self._blocks:
            lengths = list(map(len, rows))
            cells += sum(lengths)
            widest = max(widest, *lengths)
            self._refuse_spread(numbers[-1] * widest, cells)
            self.cost += 2 * sum(map(len, chain.from_iterable(rows))) + sum(lengths)
            if numbers[-1] - last == len(rows):
                yield from rows
            else:
                yield from _with_blanks(last, numbers, rows)
            last = numbers[-1]

    @staticmethod
    def _refuse_spread(area: int, cells: int) -> None:
        if area > LARGEST_AREA and cells * SPARSEST < area:
            raise Unreadable("unsafe_workbook", reason="spread", limit=LARGEST_AREA)


def _with_blanks(last: int, numbers: list[int], rows: list[list[str]]) -> Iterator[list[str]]:
    for number, row in zip(numbers, rows, strict=True):
        for _ in range(number - last - 1):
            yield []
        last = number
        yield row


def open_xlsx(
    source: StoredFile, archive: zipfile.ZipFile, options: ReadOptions, limits: Limits
) -> tuple[SheetRecords, ReadOptions, list[str], list[Note]]:
    """Records, the options with the sheet named, all sheets, and what is worth telling. Raises Unreadable."""
    refuse_claims(archive, limits)
    book = open_book(source, archive)
    scan_archive(source, archive, book.streamed)
    kinds = style_kinds(part_bytes(source, book.styles)) if book.styles else []

    def records(sheet: Sheet) -> SheetRecords:
        if sheet.member is None:
            raise broken("Part")
        strings = SharedStrings(inflated(source, book.strings) if book.strings else None)
        texts = CellTexts(strings, kinds, from_1904=book.from_1904)
        return SheetRecords(SheetRows(inflated(source, sheet.member), texts), texts)

    sheet, chosen = _chosen(book, options.sheet, records)
    notes = [] if sheet.visible else [note("sheet_hidden", sheet=sheet.name)]
    options = replace(options, format=WORKBOOK, encoding="", delimiter="", sheet=sheet.name)
    return chosen, options, [each.name for each in book.sheets], notes


def _chosen(book: Book, name: str, records: Callable[[Sheet], SheetRecords]) -> tuple[Sheet, SheetRecords]:
    """The sheet asked for; otherwise the first with anything in it, shown ones before hidden ones."""
    if name:
        named = next((sheet for sheet in book.sheets if sheet.name == name), None)
        if named is None:
            raise Unreadable("sheet_missing", sheet=name[:100])
        return named, records(named)
    for sheet in sorted(book.sheets, key=lambda sheet: not sheet.visible):
        found = records(sheet)
        if found.has_anything():
            return sheet, found
    raise Unreadable("empty_file")
