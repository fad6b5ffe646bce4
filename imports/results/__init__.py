"""What became of every row: sums, reasons, pages of rows, one row's whole story. Reads only."""

from .changes import Kind, change_examples, changes
from .evidence import found_by
from .places import aside_places, asides, problems_of
from .progress import Progress, progress
from .row import Row
from .rows import RowFilter, problem_rows, row_page, slice_rows
from .search import find_rows
from .story import Story, answer_text, row_story
from .sums import Reason, Totals, reasons, rejections, rows_by_word, totals, totals_of

__all__ = [
    "Kind",
    "Progress",
    "Reason",
    "Row",
    "RowFilter",
    "Story",
    "Totals",
    "answer_text",
    "aside_places",
    "asides",
    "change_examples",
    "changes",
    "find_rows",
    "found_by",
    "problem_rows",
    "problems_of",
    "progress",
    "reasons",
    "rejections",
    "row_page",
    "row_story",
    "rows_by_word",
    "slice_rows",
    "totals",
    "totals_of",
]
