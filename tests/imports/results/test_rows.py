"""Pages of rows against the plain list of all of them."""

from collections import Counter
from typing import Any

import pytest

from imports.models import RowSlice
from imports.results import Row, RowFilter, row_page, slice_rows, totals
from imports.states import Outcome


def every_row(job: Any) -> list[Row]:
    return [row for row_slice in RowSlice.objects.current(job) for row in slice_rows(job, row_slice)]


def all_pages(job: Any, wanted: RowFilter, size: int) -> list[Row]:
    rows, more, after = [], True, 0
    while more:
        page, more = row_page(job, wanted, after=after, size=size)
        rows += page
        after = rows[-1].number if rows else 0
    return rows


def test_rows_and_sum_agree_outcome_by_outcome(mixed_job: Any) -> None:
    counted = Counter(row.outcome for row in every_row(mixed_job))
    sums = totals(mixed_job)

    assert {outcome: counted[outcome] for outcome in Outcome} == {Outcome(k): v for k, v in sums.terms().items()}
    assert all(counted[o] for o in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.INVALID, Outcome.SET_ASIDE))


@pytest.mark.parametrize("outcome", ["", *Outcome])
def test_pages_of_any_outcome_hold_every_such_row_once_in_order(mixed_job: Any, outcome: str) -> None:
    wanted = [row for row in every_row(mixed_job) if outcome in ("", row.outcome)]

    assert all_pages(mixed_job, RowFilter(outcome=outcome), 4) == wanted


def test_going_back_shows_the_rows_before(mixed_job: Any) -> None:
    rows = every_row(mixed_job)

    page, more = row_page(mixed_job, RowFilter(), before=rows[20].number, size=5)

    assert page == rows[15:20]
    assert more


def test_a_code_filter_keeps_only_its_rows(mixed_job: Any) -> None:
    rejected = all_pages(mixed_job, RowFilter(outcome=Outcome.REJECTED, code="1011"), 50)
    invalid = all_pages(mixed_job, RowFilter(outcome=Outcome.INVALID, code="email_invalid", column=0), 50)

    assert {row.error_text for row in rejected} == {"No phone"}
    assert [row.number for row in invalid] == [5, 13]
    assert all_pages(mixed_job, RowFilter(outcome=Outcome.INVALID, code="email_invalid", column=1), 50) == []


def test_a_row_set_aside_names_the_row_sent_instead(mixed_job: Any) -> None:
    aside = all_pages(mixed_job, RowFilter(outcome=Outcome.SET_ASIDE), 50)

    assert [(row.number, row.doubles) for row in aside] == [(7, 42), (8, 44)]
