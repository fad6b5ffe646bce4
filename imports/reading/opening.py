"""Recognise a source by its content and open it as what it is."""

from imports.reading.delimited import open_delimited
from imports.reading.formats import identify
from imports.reading.records import Opened
from imports.reading.source import StoredFile
from imports.reading.table import DELIMITED, RECORDS, Limits, ReadOptions


def open_source(source: StoredFile, name: str, options: ReadOptions, limits: Limits, *, whole: bool = True) -> Opened:
    """The records of a file and how they are read; without `whole` only its head is to be read. Raises Unreadable."""
    found = identify(source)
    if found == DELIMITED:
        records, options, notes = open_delimited(source, name, options)
        return Opened(records, options, [], notes)
    # Text, by far the most frequent, must not pay for loading the other parsers.
    if found == RECORDS:
        from imports.reading.json_records import open_records  # noqa: PLC0415

        return open_records(source, options, limits, whole=whole)
    from imports.reading.workbook import open_workbook  # noqa: PLC0415

    return Opened(*open_workbook(source, options, limits))
