"""Cells of a table to clean values, or problems with their place."""

from imports.reading.evidence import DateEvidence, date_evidence
from imports.validation.cells import clean_cell
from imports.validation.changes import EMPTIED, NO_CONTACT, REPLACED, UNSUBSCRIBED, Change, summary_of
from imports.validation.findings import ColumnFindings, decided_order, find, shown
from imports.validation.keys import match_keys, match_members
from imports.validation.slices import Cleaned, Subscribing, clean_slice, merge_row, with_order
from imports.validation.subscriptions import RuleFields, Table, clean_subscriptions, fixed_fields
from imports.validation.text import UNSET, Refused

__all__ = [
    "EMPTIED",
    "NO_CONTACT",
    "REPLACED",
    "UNSUBSCRIBED",
    "Change",
    "summary_of",
    "UNSET",
    "Cleaned",
    "ColumnFindings",
    "DateEvidence",
    "Refused",
    "RuleFields",
    "Subscribing",
    "Table",
    "clean_cell",
    "clean_slice",
    "clean_subscriptions",
    "date_evidence",
    "decided_order",
    "find",
    "fixed_fields",
    "match_keys",
    "match_members",
    "merge_row",
    "shown",
    "with_order",
]
