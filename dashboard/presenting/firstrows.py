"""What Altcraft answered to the rows that were sent alone, for the person who says whether the others go."""

from collections.abc import Iterator

from dashboard.presenting.rowtable import Table, row_table
from imports.models import ImportJob
from imports.results import Row, RowFilter, row_page
from imports.states import Outcome

MOST = 50  # of each outcome; what went first is to be looked at, not leafed through
ENDED = (Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED)
DEFAULT = 20


def first_rows(job: ImportJob, *, masked: bool) -> Table:
    """The rows with an answer, or none to come, in the order of the file."""
    return row_table(job, sorted(_ended(job), key=lambda row: row.number), masked=masked)


def _ended(job: ImportJob) -> Iterator[Row]:
    """Only slices that hold such rows are opened."""
    for outcome in ENDED:
        yield from row_page(job, RowFilter(outcome), size=MOST)[0]
