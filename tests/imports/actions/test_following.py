"""Rows sent again: gathered from an import, or brought back in a mended file; what was accepted never goes twice."""

from typing import Any

import pytest

from imports import actions
from imports.models import HistoryEvent, ImportJob
from imports.reading import ROW_KEY
from imports.results import RowFilter, row_page, row_story, totals
from imports.rowkeys import KeyRing
from imports.states import JobState, Outcome
from tests.factories import fresh, make_connection, make_done_job, make_job

HEAD = "E-mail,First name,Phone"
PEOPLE = f'{HEAD}\nkamila@example.com,Kamila,\nbroken,"Da\nria",\n,=1+2,\'+x\nolga@example.com,Olga,\n'


@pytest.fixture
def done(anna: Any, sandbox: Any) -> ImportJob:
    """Rows 2 and 6 were accepted, 3 and 5 failed the check (a line break in row 3)."""
    return make_done_job(anna, make_connection(sandbox), PEOPLE)


def read_and_checked(job: ImportJob) -> ImportJob:
    actions.read_job(job.pk)
    if fresh(job).state == JobState.READ:
        actions.begin_check(fresh(job), by=None)
    return closed(job)


def closed(job: ImportJob) -> ImportJob:
    actions.settle_dates(job.pk)
    while actions.check_next_slices(job.pk, seconds=60):
        pass
    assert actions.close_check(job.pk)
    return fresh(job)


def bad_rows(job: ImportJob) -> list[int]:
    return [row.number for row in row_page(job, RowFilter(Outcome.INVALID))[0]]


def returned(job: ImportJob, lines: list[tuple[int, str]], *, more: str = "", by: Any) -> ImportJob:
    """A file brought back: (row of the original, its cells), with a column of one's own in front and keys in it."""
    ring = KeyRing()
    text = "".join(f"note,{ring.make(job.uuid, row)},{cells}\n" for row, cells in lines)
    return make_job(by, f"Mine,{ROW_KEY},{HEAD}\n{text}{more}", name="back.csv")


def test_rows_that_failed_are_gathered_as_they_stood_in_the_file(done: ImportJob, anna: Any) -> None:
    numbers = bad_rows(done)
    made = read_and_checked(actions.follow_up(done, RowFilter(Outcome.INVALID), by=anna))
    assert made.follows == done and made.destination == done.destination and made.mapping == done.mapping
    rows = row_page(made, RowFilter())[0]
    old = row_page(done, RowFilter(Outcome.INVALID))[0]
    assert [row.cells[:3] for row in rows] == [row.cells for row in old]
    keys = [KeyRing().read(row.cells[3]) for row in rows]
    assert [key and (key.job, key.row) for key in keys] == [(done.uuid, number) for number in numbers]
    assert made.state == JobState.CHECKED and totals(made).invalid == len(numbers)


def test_a_follow_up_is_mended_and_sent(done: ImportJob, anna: Any) -> None:
    made = read_and_checked(actions.follow_up(done, RowFilter(Outcome.INVALID), by=anna))
    actions.correct_cells(made, {(2, 0): "daria@example.com"}, seen=made.check_version, by=anna)
    made = closed(made)
    actions.start_job(made, by=anna)
    actions.drain(made.pk)
    assert totals(fresh(made)).accepted == 1


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.ACCEPTED, Outcome.PENDING, Outcome.SET_ASIDE, ""])
def test_other_rows_are_never_gathered(done: ImportJob, anna: Any, outcome: str) -> None:
    with pytest.raises(actions.Refused, match="not_followable"):
        actions.follow_up(done, RowFilter(outcome), by=anna)


def test_no_rows_make_no_import(done: ImportJob, anna: Any) -> None:
    with pytest.raises(actions.Refused, match="nothing_to_follow"):
        actions.follow_up(done, RowFilter(Outcome.REJECTED), by=anna)
    assert ImportJob.objects.count() == 1


def test_one_kind_of_refusal_alone_is_gathered(done: ImportJob, anna: Any) -> None:
    made = actions.follow_up(done, RowFilter(Outcome.INVALID, "email_invalid", column=0), by=anna)
    assert read_and_checked(made).rows == 1


def test_a_mended_file_is_recognised_in_any_order_with_further_columns(done: ImportJob, anna: Any) -> None:
    low, high = bad_rows(done)[0], bad_rows(done)[-1]
    back = returned(done, [(high, "rita@example.com,Rita,"), (low, "daria@example.com,Daria,")], by=anna)
    found = actions.recognise(back)
    assert found is not None and (found.original, found.rows, found.others) == (done, 2, 0)
    back = actions.bring_in_as_follow_up(back, by=anna)
    assert [(target.column, target.field) for target in back.mapping.targets] == [
        (2, "email"), (3, "_fname"), (4, "phones"),
    ]  # fmt: skip
    actions.begin_check(back, by=anna)
    back = closed(back)
    assert (totals(back).pending, totals(back).closes) == (2, True)
    assert HistoryEvent.objects.filter(verb="job_followed", job_id=back.pk).exists()


def test_rows_accepted_in_the_original_are_set_aside(done: ImportJob, anna: Any) -> None:
    low = bad_rows(done)[0]
    back = returned(
        done, [(2, "new@example.com,Kamila,"), (low, "olga@example.com,Olga,"), (low, "x@example.com,,")], by=anna
    )
    actions.bring_in_as_follow_up(back, by=anna)
    actions.begin_check(fresh(back), by=anna)
    back = closed(back)
    rows = {row.number: (row.outcome, row.doubles) for row in row_page(back, RowFilter())[0]}
    assert rows[2] == (Outcome.SET_ASIDE, 0), "its row was accepted, whatever address it has now"
    assert rows[3] == (Outcome.SET_ASIDE, 0), "its person was accepted, in another row"
    assert rows[4] == (Outcome.SET_ASIDE, 3), "the same original row a second time"


def test_forged_and_foreign_keys_are_no_keys(done: ImportJob, anna: Any, sandbox: Any) -> None:
    good = KeyRing().make(done.uuid, 3)
    forged = [good[:-1] + ("0" if good[-1] != "0" else "1"), good.replace("-3-", "-4-"), "é" * 40, "--", "x" * 5000]
    assert [KeyRing().read(text) for text in forged] == [None] * len(forged)
    text = f"{HEAD},{ROW_KEY}\n" + "".join(f"a{n}@example.com,A,,{key}\n" for n, key in enumerate(forged))
    back = make_job(anna, text)
    assert actions.recognise(back) is None
    with pytest.raises(actions.Refused, match="not_recognised"):
        actions.bring_in_as_follow_up(back, by=anna)


def test_a_file_without_a_column_that_is_used_says_which(done: ImportJob, anna: Any) -> None:
    back = make_job(anna, f"Mail address of work,{ROW_KEY}\na@example.com,{KeyRing().make(done.uuid, 3)}\n")
    with pytest.raises(actions.Refused, match="columns_missing") as refused:
        actions.bring_in_as_follow_up(back, by=anna)
    assert "First name" in refused.value.params["columns"]


def test_a_follow_up_of_an_import_whose_rows_are_gone_says_so(done: ImportJob, anna: Any) -> None:
    made = actions.follow_up(done, RowFilter(Outcome.INVALID), by=anna)
    for row_slice in done.slices.all():
        done.vault.delete(row_slice.table_name)
    actions.read_job(made.pk)
    made = fresh(made)
    assert made.state == JobState.UNREADABLE and made.fault is not None and made.fault["code"] == "rows_gone"


def test_the_story_of_a_follow_ups_row_is_its_own(done: ImportJob, anna: Any) -> None:
    made = read_and_checked(actions.follow_up(done, RowFilter(Outcome.INVALID), by=anna))
    story = row_story(made, 2)
    assert story is not None and story.row.outcome == Outcome.INVALID


def test_of_two_follow_ups_of_the_same_rows_only_one_reaches_them(done: ImportJob, anna: Any, boris: Any) -> None:
    jobs = [read_and_checked(actions.follow_up(done, RowFilter(Outcome.INVALID), by=by)) for by in (anna, boris)]
    for job in jobs:
        actions.correct_cells(job, {(2, 0): "daria@example.com"}, seen=job.check_version, by=anna)
    first, second = (closed(job) for job in jobs)
    actions.start_job(first, by=anna)
    with pytest.raises(actions.Refused, match="overtaken"):
        actions.start_job(second, by=boris)
    assert fresh(second).state == JobState.CHECKED
    actions.plan_again(second, seen=second.check_version)
    second = closed(second)
    assert totals(second).pending == 0 and totals(second).set_aside == 1


def test_a_rows_key_cannot_be_corrected(done: ImportJob, anna: Any) -> None:
    made = read_and_checked(actions.follow_up(done, RowFilter(Outcome.INVALID), by=anna))
    with pytest.raises(actions.Refused, match="nothing_corrected"):
        actions.correct_cells(made, {(2, 3): KeyRing().make(done.uuid, 2)}, seen=made.check_version, by=anna)


def test_a_row_knows_where_it_was_sent_once_more(anna: Any, sandbox: Any) -> None:
    rows = "".join(f"broken{n},A,\n" for n in range(30))
    done = make_done_job(anna, make_connection(sandbox), f"{HEAD}\na@example.com,A,\n{rows}")
    made = read_and_checked(actions.follow_up(done, RowFilter(Outcome.INVALID), by=anna))
    assert [list(actions.later_rows(done, number)) for number in (2, 3, 32)] == [[], [(made, 2)], [(made, 31)]]
