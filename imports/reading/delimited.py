"""Text with delimiters -> records, with the row numbers a spreadsheet would show."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from imports.reading.charset import canonical_encoding, detect_encoding, open_text
from imports.reading.dialect import checked_delimiter, stated_delimiter, vote_delimiter
from imports.reading.formats import HEAD, refuse_binary
from imports.reading.marks import Marked
from imports.reading.results_file import added_columns, restored
from imports.reading.source import StoredFile
from imports.reading.table import DELIMITED, Note, ReadOptions, Unreadable, note

SAMPLE_CHARACTERS = 64 * 1024
LARGEST_CELL = 4 * 1024 * 1024
LONGEST_LINE = 32 * 1024 * 1024
SENTINEL = "\x00after the end\x00"

csv.field_size_limit(LARGEST_CELL)


class DelimitedRecords(Marked):
    """Iterates over the records of a text, blank ones included, so that counting them gives row numbers.

    `cost` grows with the bytes taken in, as bytes of UTF-8 at worst.
    """

    def __init__(self, source: StoredFile, encoding: str, delimiter: str, *, separator_line: bool) -> None:
        super().__init__()
        self._source = source.again()
        self._growth = 1 if encoding.startswith("utf") else 2
        self._delimiter = delimiter
        self._line = ""
        self._text = open_text(self._source, encoding)
        if separator_line:
            self._text.readline()  # an instruction to Excel, which shows the next line as row 1

    @property
    def cost(self) -> int:
        return self._source.position * self._growth

    def __iter__(self) -> Iterator[list[str]]:
        records = self._records()
        for row in records:
            yield row
            if any(row):
                if added_columns(row):
                    records = (list(map(restored, row)) for row in records)
                break
        yield from records

    def _records(self) -> Iterator[list[str]]:
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        number = self.first_number - 1
        mark = 0
        while True:
            try:
                for row in reader:
                    number += 1
                    if reader.line_num - mark > 1:
                        self.spanning.add(number)
                    mark = reader.line_num
                    yield row
                return
            except csv.Error:
                number += 1
                if reader.line_num - mark > 1:
                    raise Unreadable("quote_not_closed", row=number) from None
                row = self._reread(number)
                mark = reader.line_num
            yield row

    def _lines(self) -> Iterator[str]:
        for line in iter(partial(self._text.readline, LONGEST_LINE), ""):
            if len(line) == LONGEST_LINE:
                raise Unreadable("line_too_long", limit=LONGEST_LINE)
            self._line = line
            yield line

    def _reread(self, number: int) -> list[str]:
        """The record of one line the strict reader refused. Raises Unreadable if a quote swallows more than that."""
        rows = _records_of(self._line, self._delimiter, strict=False)
        if len(rows) != 2:
            code = "cell_far_too_long" if len(self._line) > LARGEST_CELL else "quote_not_closed"
            raise Unreadable(code, row=number)
        if not self._only_blanks_after_quotes():
            self.add_fault(number, "text_after_quote")
        return rows[0]

    def _only_blanks_after_quotes(self) -> bool:
        blank = "[ ]" if self._delimiter == "\t" else "[ \t]"
        line = re.sub(rf'"{blank}+(?={re.escape(self._delimiter)}|[\r\n]|$)', '"', self._line)
        return len(_records_of(line, self._delimiter, strict=True)) == 2


def _records_of(line: str, delimiter: str, *, strict: bool) -> list[list[str]]:
    """The line's record and a sentinel's after it. One record: a quote left open took in the sentinel."""
    try:
        return list(csv.reader([line, SENTINEL], delimiter=delimiter, strict=strict))
    except csv.Error:
        return []


def open_delimited(
    source: StoredFile, name: str, options: ReadOptions
) -> tuple[DelimitedRecords, ReadOptions, list[Note]]:
    """Records, the options with nothing left open but the header row, and what is worth telling. Raises Unreadable."""
    if options.format not in ("", DELIMITED):
        raise Unreadable("wrong_format", expected=options.format, found=DELIMITED)
    notes: list[Note] = []
    encoding = canonical_encoding(options.encoding) if options.encoding else detect_encoding(source)
    if not encoding.startswith("utf-16"):
        refuse_binary(source.at(0, HEAD))
    if not options.encoding and not encoding.startswith("utf"):
        notes.append(note("encoding_guessed", encoding=encoding))
    sample = _sample(source, encoding)
    stated = stated_delimiter(sample)
    delimiter, found = _choose_delimiter(sample, name, options.delimiter or stated)
    if not found:
        notes.append(note("one_column", delimiter=delimiter))
    records = DelimitedRecords(source, encoding, delimiter, separator_line=bool(stated))
    return records, replace(options, format=DELIMITED, encoding=encoding, delimiter=delimiter, sheet=""), notes


def _sample(source: StoredFile, encoding: str) -> str:
    """The head of the text, without a last line that is cut."""
    text = open_text(source.again(), encoding)
    sample = text.read(SAMPLE_CHARACTERS)
    if len(sample) < SAMPLE_CHARACTERS:
        return sample
    return sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample


def _choose_delimiter(sample: str, name: str, given: str) -> tuple[str, bool]:
    if given:
        return checked_delimiter(given), given in sample
    return vote_delimiter(sample, name)
