"""What became of every row: sums, reasons, pages of rows, one row's whole story. Reads only."""

from imports.outcomes import VARIOUS

from .arrived import arrived_keys, arrived_places, arrived_rows, handed_over
from .askedtowait import asked_to_wait_since
from .changes import Kind, change_examples, changes
from .contacts import contact_columns
from .corrected import Fix, fixes_of, laid_over, sealed_fixes, table_of
from .evidence import found_by
from .groups import group_page, groups_name, joined_groups, rows_of_groups
from .pace import Span, pace
from .places import aside_places, asides, problems_of
from .progress import Progress, progress
from .refusals import Refusal, refusals, refusals_by_week
from .row import Row
from .rows import RowFilter, problem_rows, row_page, slice_rows
from .search import Found, find_rows, row_at, rows_at, search
from .shape import ShapeFinding, asks_before_sending, filled_shares, headers_sign, shape_findings, shape_now
from .slices import stored_slice
from .story import Story, answer_text, row_story
from .sums import Reason, Totals, reasons, rejections, rows_by_word, totals, totals_of
from .whose import ERASED, Somebody, rows_of

__all__ = [
    "ERASED",
    "Somebody",
    "rows_of",
    "VARIOUS",
    "row_at",
    "Found",
    "contact_columns",
    "search",
    "stored_slice",
    "group_page",
    "groups_name",
    "joined_groups",
    "rows_at",
    "rows_of_groups",
    "Fix",
    "Kind",
    "Progress",
    "Reason",
    "Span",
    "Refusal",
    "Row",
    "RowFilter",
    "ShapeFinding",
    "Story",
    "Totals",
    "answer_text",
    "arrived_keys",
    "arrived_places",
    "arrived_rows",
    "aside_places",
    "asked_to_wait_since",
    "asks_before_sending",
    "asides",
    "change_examples",
    "changes",
    "filled_shares",
    "headers_sign",
    "find_rows",
    "fixes_of",
    "found_by",
    "handed_over",
    "laid_over",
    "pace",
    "problem_rows",
    "problems_of",
    "progress",
    "reasons",
    "refusals",
    "refusals_by_week",
    "rejections",
    "row_page",
    "row_story",
    "rows_by_word",
    "sealed_fixes",
    "shape_findings",
    "shape_now",
    "slice_rows",
    "table_of",
    "totals",
    "totals_of",
]
