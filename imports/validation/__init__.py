"""Cells of a table to clean values, or problems with their place."""

from imports.validation.cells import clean_cell
from imports.validation.evidence import DateEvidence, date_evidence
from imports.validation.keys import match_keys
from imports.validation.slices import Cleaned, clean_slice, merge_row, with_order
from imports.validation.text import UNSET, Refused

__all__ = [
    "UNSET",
    "Cleaned",
    "DateEvidence",
    "Refused",
    "clean_cell",
    "clean_slice",
    "date_evidence",
    "match_keys",
    "merge_row",
    "with_order",
]
