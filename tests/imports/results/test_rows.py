"""Pages of rows against the plain list of all of them, in one slice and in many small ones."""

import csv
from collections import Counter
from typing import Any

import pytest

from imports.models import RowSlice
from imports.outcomes import VARIOUS
from imports.results import Row, RowFilter, row_page, slice_rows, totals
from imports.states import Outcome
from tests.imports.results.conftest import text_of


@pytest.fixture(params=["mixed_job", "sliced_job"])
def job(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def every_row(job: Any) -> list[Row]:
    return [row for row_slice in RowSlice.objects.current(job) for row in slice_rows(job, row_slice)]


def all_pages(job: Any, wanted: RowFilter, size: int) -> list[Row]:
    rows, more, after = [], True, 0
    while more:
        page, more = row_page(job, wanted, after=after, size=size)
        rows += page
        after = rows[-1].number if rows else 0
    return rows


def all_pages_backward(job: Any, wanted: RowFilter, size: int) -> list[Row]:
    rows, more, before = [], True, 2_000_000
    while more:
        page, more = row_page(job, wanted, before=before, size=size)
        rows = page + rows
        before = rows[0].number if rows else 0
    return rows


def test_rows_are_those_of_the_file(job: Any) -> None:
    lines = [line for line in csv.reader(text_of(90 if job.rows > 50 else 40).splitlines()) if line][1:]

    assert [row.cells for row in every_row(job)] == lines
    assert [row.number for row in every_row(job)] == [*range(2, job.rows + 1), job.rows + 2]


def test_rows_and_sum_agree_outcome_by_outcome(job: Any) -> None:
    counted = Counter(row.outcome for row in every_row(job))
    sums = totals(job)

    assert {outcome: counted[outcome] for outcome in Outcome} == {Outcome(k): v for k, v in sums.terms().items()}
    assert all(counted[o] for o in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.INVALID, Outcome.SET_ASIDE))


@pytest.mark.parametrize("outcome", ["", *Outcome])
def test_pages_of_any_outcome_hold_every_such_row_once_in_order(sliced_job: Any, outcome: str) -> None:
    wanted = [row for row in every_row(sliced_job) if outcome in ("", row.outcome)]

    for size in (1, 4, 50):
        assert all_pages(sliced_job, RowFilter(outcome=outcome), size) == wanted
        assert all_pages_backward(sliced_job, RowFilter(outcome=outcome), size) == wanted


@pytest.mark.parametrize("outcome", ["", *Outcome])
def test_pages_of_one_slice_too(mixed_job: Any, outcome: str) -> None:
    wanted = [row for row in every_row(mixed_job) if outcome in ("", row.outcome)]

    assert all_pages(mixed_job, RowFilter(outcome=outcome), 4) == wanted
    assert all_pages_backward(mixed_job, RowFilter(outcome=outcome), 4) == wanted


def test_a_page_begins_right_behind_or_before_any_row(sliced_job: Any) -> None:
    rows = [row for row in every_row(sliced_job) if row.outcome == Outcome.REJECTED]
    for number in range(1, sliced_job.rows + 4):
        behind = [row for row in rows if row.number > number]
        before = [row for row in rows if row.number < number]

        assert row_page(sliced_job, RowFilter(Outcome.REJECTED), after=number, size=3) == (behind[:3], len(behind) > 3)
        assert row_page(sliced_job, RowFilter(Outcome.REJECTED), before=number, size=3) == (
            before[-3:],
            len(before) > 3,
        )


def test_a_code_filter_keeps_only_its_rows(job: Any) -> None:
    rejected = [row for row in every_row(job) if row.outcome == Outcome.REJECTED]
    invalid = [row.number for row in every_row(job) if row.outcome == Outcome.INVALID]
    by_column = RowFilter(Outcome.INVALID, "email_invalid", column=0)

    for text in ("", "No phone", VARIOUS):
        assert all_pages(job, RowFilter(Outcome.REJECTED, "1011", text), 3) == rejected
        assert all_pages_backward(job, RowFilter(Outcome.REJECTED, "1011", text), 3) == rejected
    assert {row.error_text for row in rejected} == {"No phone"}
    assert invalid[:2] == [5, 13]
    assert [row.number for row in all_pages(job, by_column, 2)] == invalid
    assert [row.number for row in all_pages_backward(job, by_column, 2)] == invalid
    for nothing in (
        RowFilter(Outcome.INVALID, "email_invalid", column=1),
        RowFilter(Outcome.REJECTED, "1012"),
        RowFilter(Outcome.REJECTED, "1011", "Other words"),
    ):
        assert all_pages(job, nothing, 50) == []


def test_a_row_set_aside_names_the_row_sent_instead(job: Any) -> None:
    aside = all_pages(job, RowFilter(outcome=Outcome.SET_ASIDE), 50)

    assert [(row.number, row.doubles) for row in aside] == [(7, job.rows), (8, job.rows + 2)]
