"""Bytes -> one canonical table: text cells in columns, rows numbered as a spreadsheet shows them.

Parsing happens in a disposable child process; what cannot be read ends in Unreadable with a code.
"""

from imports.reading.charset import DETECTED, ENCODINGS, UNICODE_ENCODINGS
from imports.reading.clipboard import pasted_header, pasted_rows
from imports.reading.parts import StoredSlice
from imports.reading.reader import inspect, read_table
from imports.reading.results_file import ADDED, ROW_KEY, added_columns, defused, row_key_column
from imports.reading.shaping import replace_unstorable
from imports.reading.table import (
    DEFAULT_LIMITS,
    DELIMITED,
    DETECT_HEADER,
    RECORDS,
    UNDECIDED,
    WORKBOOK,
    ColumnStats,
    EncodedSlice,
    Inspection,
    Limits,
    ReadOptions,
    TableSlice,
    TableSummary,
    Unreadable,
)

__all__ = [
    "ADDED",
    "DEFAULT_LIMITS",
    "DELIMITED",
    "DETECTED",
    "DETECT_HEADER",
    "ENCODINGS",
    "RECORDS",
    "ROW_KEY",
    "UNDECIDED",
    "UNICODE_ENCODINGS",
    "WORKBOOK",
    "ColumnStats",
    "EncodedSlice",
    "Inspection",
    "Limits",
    "ReadOptions",
    "StoredSlice",
    "TableSlice",
    "TableSummary",
    "Unreadable",
    "added_columns",
    "defused",
    "inspect",
    "pasted_header",
    "pasted_rows",
    "read_table",
    "replace_unstorable",
    "row_key_column",
]
