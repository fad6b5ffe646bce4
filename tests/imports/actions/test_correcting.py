"""Cells corrected before sending: what is checked again, what is sent, and what two people at once may do."""

from typing import Any

import pytest

from imports import actions
from imports.actions.checking import check_slice
from imports.models import Correction, HistoryEvent, ImportJob, RowSlice
from imports.results import find_rows, row_story, totals
from imports.states import JobState, Outcome
from tests.factories import fresh, make_checked_job, make_connection

HEAD = "E-mail,First name,Phone\n"
BAD = HEAD + "kamila@gmail.con,Kamila,\ndaria.example.org,Daria,\nolga@example.com,Olga,+7 900 1\n"


@pytest.fixture
def job(anna: Any, sandbox: Any) -> ImportJob:
    """Row 2 is good, row 3 has no e-mail address, row 4 no phone."""
    return make_checked_job(anna, make_connection(sandbox), BAD)


def close(job: ImportJob) -> ImportJob:
    """What the workers do."""
    actions.settle_dates(job.pk)
    while actions.check_next_slices(job.pk, seconds=60):
        pass
    assert actions.close_check(job.pk)
    return fresh(job)


def correct(job: ImportJob, cells: dict[tuple[int, int], str], by: Any) -> ImportJob:
    actions.correct_cells(job, cells, seen=job.check_version, by=by)
    return close(job)


def sent_of(job: ImportJob, row: int) -> str:
    story = row_story(job, row)
    assert story is not None
    return story.sent


def test_a_corrected_row_goes_and_the_file_stays_as_it_is(job: ImportJob, anna: Any) -> None:
    assert totals(job).invalid == 2
    job = correct(job, {(3, 0): "daria@example.org"}, anna)
    assert (totals(job).pending, totals(job).invalid, totals(job).closes) == (2, 1, True)
    assert '"daria@example.org"' in sent_of(job, 3)
    story = row_story(job, 3)
    assert story is not None and story.row.corrected == {0: ("daria.example.org", "anna", 0)}
    assert b"daria.example.org" in job.vault.head("source")


def test_a_corrected_value_is_found_by_search(job: ImportJob, anna: Any) -> None:
    job = correct(job, {(3, 0): "new@example.org"}, anna)
    assert [row.number for row in find_rows(job, "new@example.org")] == [3]


def test_a_corrected_key_that_another_row_has_sets_one_of_them_aside(job: ImportJob, anna: Any) -> None:
    job = correct(job, {(3, 0): "kamila@gmail.con"}, anna)
    assert (totals(job).pending, totals(job).set_aside, job.duplicate_rows) == (1, 1, 1)
    job = correct(job, {(2, 0): "kamila@gmail.com"}, anna)
    assert (totals(job).pending, totals(job).set_aside, job.duplicate_rows) == (2, 0, 0)


def test_only_slices_with_a_corrected_cell_are_checked_again(
    anna: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"p{n}@example.com,P,\n" for n in range(20_000))
    job = make_checked_job(anna, make_connection(sandbox), HEAD + rows + "broken,Q,\n")
    checked: list[int] = []

    def check(job: ImportJob, one: RowSlice) -> None:
        checked.append(one.number)
        check_slice(job, one)

    monkeypatch.setattr("imports.actions.checking.check_slice", check)
    assert RowSlice.objects.current(job).count() == 3
    job = correct(job, {(20_002, 0): "mended@example.com"}, anna)
    assert checked == [2]
    assert (totals(job).pending, totals(job).invalid, totals(job).closes) == (20_001, 0, True)
    assert '"p0@example.com"' in sent_of(job, 2) and '"mended@example.com"' in sent_of(job, 20_002)
    job = correct(job, {(20_002, 0): "again@example.com"}, anna)
    assert '"p0@example.com"' in sent_of(job, 2) and '"again@example.com"' in sent_of(job, 20_002)


def test_the_second_of_two_people_is_told_and_loses_nothing_of_the_first(job: ImportJob, anna: Any, boris: Any) -> None:
    seen = job.check_version
    job = correct(job, {(3, 0): "daria@example.org"}, anna)
    with pytest.raises(actions.Refused, match="checked_again_meanwhile"):
        actions.correct_cells(job, {(3, 0): "other@example.org"}, seen=seen, by=boris)
    assert '"daria@example.org"' in sent_of(fresh(job), 3)


def test_nothing_is_corrected_once_it_is_sent(job: ImportJob, anna: Any) -> None:
    actions.start_job(job, by=anna)
    with pytest.raises(actions.Refused, match="checked_again_meanwhile"):
        actions.correct_cells(job, {(3, 0): "daria@example.org"}, seen=job.check_version, by=anna)
    assert not Correction.objects.exists()


def test_undoing_gives_back_what_was_there_before(job: ImportJob, anna: Any) -> None:
    job = correct(job, {(3, 0): "daria@example.org", (4, 2): ""}, anna)
    assert totals(job).pending == 3
    made = Correction.objects.standing(job).get()
    actions.undo_correction(job, made.pk, seen=job.check_version, by=anna)
    job = close(job)
    assert (totals(job).pending, totals(job).invalid) == (1, 2)
    assert RowSlice.objects.current(job).get().corrected == 0
    with pytest.raises(actions.Refused, match="not_undone"):
        actions.undo_correction(job, made.pk, seen=job.check_version, by=anna)


def test_undoing_leaves_alone_what_was_corrected_once_more(job: ImportJob, anna: Any) -> None:
    job = correct(job, {(3, 0): "first@example.org"}, anna)
    made = Correction.objects.standing(job).get()
    job = correct(job, {(3, 0): "second@example.org"}, anna)
    actions.undo_correction(job, made.pk, seen=job.check_version, by=anna)
    assert '"second@example.org"' in sent_of(close(job), 3)


def test_one_rule_corrects_all_alike_and_counts_first(anna: Any, sandbox: Any) -> None:
    rows = "a@ex.con x,A,\nb@ex.con x,B,\nc@ex.com,C,\n"
    job = make_checked_job(anna, make_connection(sandbox), HEAD + rows)
    rule = actions.Alike("replaced", 0, ".con x", ".com")
    found = actions.find_alike(job, rule)
    assert (len(found.cells), found.rest) == (2, False)
    assert found.examples[0] == (2, "a@ex.con x", "a@ex.com")
    made, rest = actions.correct_alike(job, rule, seen=job.check_version, by=anna)
    assert (made.cells, made.column, rest) == (2, 0, False)
    assert totals(close(job)).pending == 3


def test_a_portion_says_that_a_rest_is_left(anna: Any, sandbox: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("imports.actions.alike.MOST_CELLS", 1)
    job = make_checked_job(anna, make_connection(sandbox), HEAD + "a@ex.con x,A,\nb@ex.con x,B,\n")
    rule = actions.Alike("replaced", 0, ".con x", ".com")
    assert actions.find_alike(job, rule).rest
    made, rest = actions.correct_alike(job, rule, seen=job.check_version, by=anna)
    assert (made.cells, rest) == (1, True)
    made, rest = actions.correct_alike(close(job), rule, seen=fresh(job).check_version, by=anna)
    assert (made.cells, rest) == (1, False)


def test_a_rule_touches_bad_cells_only(job: ImportJob) -> None:
    assert list(actions.find_alike(job, actions.Alike("replaced", 0, "a", "b")).cells) == [(3, 0)]


@pytest.mark.parametrize(
    "rule", [actions.Alike("replaced", 0, ""), actions.Alike("replaced", 99, "a"), actions.Alike("dates", 0, put="mdy")]
)
def test_a_rule_that_cannot_be_is_refused(job: ImportJob, rule: actions.Alike) -> None:
    with pytest.raises(actions.Refused):
        actions.find_alike(job, rule)


def test_values_are_stored_as_a_reader_would_and_history_has_none_of_them(job: ImportJob, anna: Any) -> None:
    job = correct(job, {(4, 1): "O\x00lga \ud800<b>", (4, 2): ""}, anna)
    assert "O\ufffdlga \ufffd<b>" in sent_of(job, 4)
    told = HistoryEvent.objects.get(verb="cells_corrected").details
    assert told == {"kind": "cells", "cells": 2, "column": -1, "rows": 1}
    with pytest.raises(actions.Refused, match="cell_too_long"):
        actions.correct_cells(job, {(4, 1): "x" * 32_768}, seen=job.check_version, by=anna)


def test_places_outside_the_table_are_passed_over(job: ImportJob, anna: Any) -> None:
    with pytest.raises(actions.Refused, match="nothing_corrected"):
        actions.correct_cells(job, {(1, 0): "a", (3, 9): "b", (99, 0): "c"}, seen=job.check_version, by=anna)


def test_what_is_sent_is_what_was_corrected(job: ImportJob, anna: Any, sandbox: Any) -> None:
    job = correct(job, {(3, 0): "daria@example.org", (4, 2): "+7 900 000 00 03"}, anna)
    actions.start_job(job, by=anna)
    actions.drain(job.pk)
    job = fresh(job)
    assert job.state == JobState.DONE and totals(job).accepted == 3
    assert {row.outcome for row in find_rows(job, "daria@example.org")} == {Outcome.ACCEPTED}
