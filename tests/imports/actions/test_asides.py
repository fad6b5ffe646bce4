"""Who is set aside when the check closes: rows about one person by the rule chosen, and people sent before."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from imports import actions
from imports.actions import sentpeople
from imports.models import ImportJob, LastingSecret, RowSlice, SentPeople
from imports.results import group_page, row_page, row_story, totals
from imports.results.rows import RowFilter
from imports.states import Outcome
from tests.factories import fresh, make_checked_job, make_connection, make_done_job, make_sending_job

HEAD = "E-mail,First name,Phone\n"
PEOPLE = HEAD + (
    "a@example.com,Anna,\n"  # 2
    "b@example.com,Boris,\n"  # 3
    "A@example.com,,+79000000004\n"  # 4
    "c@example.com,Cyril,\n"  # 5
    "a@example.com,,\n"  # 6
)


def closed(job: ImportJob) -> ImportJob:
    actions.settle_dates(job.pk)
    while actions.check_next_slices(job.pk, seconds=60):
        pass
    assert actions.close_check(job.pk)
    return fresh(job)


def with_rule(job: ImportJob, rule: str, by: Any) -> ImportJob:
    return closed(actions.choose_duplicates(job, rule, seen=job.check_version, by=by))


def asides(job: ImportJob) -> dict[int, tuple[int | None, str]]:
    rows = row_page(job, RowFilter(Outcome.SET_ASIDE))[0]
    return {row.number: (row.doubles, row.aside_code) for row in rows}


@pytest.fixture
def connection(sandbox: Any) -> Any:
    return make_connection(sandbox)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("last", {2: (6, "duplicate_of"), 4: (6, "duplicate_of")}),
        ("first", {4: (2, "duplicate_of"), 6: (2, "duplicate_of")}),
        ("merge", {2: (6, "merged_into"), 4: (6, "merged_into")}),
        ("none", {2: (4, "none_of_group"), 4: (2, "none_of_group"), 6: (2, "none_of_group")}),
        ("all", {}),
    ],
)
def test_each_rule_says_of_every_row_where_it_went(
    anna: Any, connection: Any, rule: str, expected: dict[int, tuple[int, str]]
) -> None:
    job = with_rule(make_checked_job(anna, connection, PEOPLE), rule, anna)
    assert asides(job) == expected
    assert (totals(job).pending, totals(job).closes, job.duplicate_rows) == (5 - len(expected), True, 2)
    assert bool(job.unsafe_reasons) == (rule == "all")


def test_merging_takes_what_the_last_row_lacks_from_the_latest_earlier_one(anna: Any, connection: Any) -> None:
    job = make_checked_job(anna, connection, PEOPLE, duplicates="merge")
    story = row_story(job, 6)
    assert story is not None
    assert story.row.cells == ["a@example.com", "Anna", "+79000000004"]
    assert story.row.corrected == {1: ("", "", 2), 2: ("", "", 4)}
    assert "Anna" in story.sent and "79000000004" in story.sent


def test_what_was_merged_goes_with_the_rule(anna: Any, connection: Any) -> None:
    job = with_rule(make_checked_job(anna, connection, PEOPLE, duplicates="merge"), "last", anna)
    story = row_story(job, 6)
    assert story is not None and story.row.cells == ["a@example.com", "", ""] and not story.row.corrected
    assert RowSlice.objects.current(job).get().corrected == 0
    assert "Anna" not in story.sent


def test_nobodys_value_stays_with_somebody_else_when_a_key_is_corrected(anna: Any, connection: Any) -> None:
    job = make_checked_job(anna, connection, PEOPLE, duplicates="merge")
    actions.correct_cells(job, {(2, 0): "other@example.com"}, seen=job.check_version, by=anna)
    job = closed(job)
    story = row_story(job, 6)
    assert story is not None and story.row.cells == ["a@example.com", "", "+79000000004"]
    assert asides(job) == {4: (6, "merged_into")}


def test_merged_rows_that_do_not_pass_leave_the_group(anna: Any, connection: Any) -> None:
    text = HEAD + "a@example.com,Anna,\na@example.com,,+7 900\na@example.com,,\n"
    job = make_checked_job(anna, connection, text, duplicates="merge")
    assert (totals(job).invalid, totals(job).pending, totals(job).closes) == (1, 1, True)
    story = row_story(job, 4)
    assert story is not None and story.row.cells == ["a@example.com", "Anna", ""]


def test_groups_are_shown_page_by_page(anna: Any, connection: Any) -> None:
    text = HEAD + "".join(f"p{n % 7}@example.com,P{n},\n" for n in range(14))
    job = make_checked_job(anna, connection, text)
    page, more = group_page(job, size=5)
    assert more and [(count, [row.number for row in rows]) for count, rows in page][:2] == [(2, [2, 9]), (2, [3, 10])]
    rest, more = group_page(job, after=6, size=5)
    assert not more and [rows[0].number for _, rows in rest] == [7, 8]


def test_a_merged_row_is_accepted_once(anna: Any, connection: Any) -> None:
    job = make_done_job(anna, connection, PEOPLE, duplicates="merge")
    assert (totals(job).accepted, totals(job).set_aside) == (3, 2)


OTHERS = HEAD + "b@example.com,Boris,\nd@example.com,Dina,\nb@example.com,Boris,\n"


@pytest.mark.parametrize("kept", [True, False])
def test_people_of_earlier_imports_are_counted_and_can_be_left_out(anna: Any, connection: Any, kept: bool) -> None:
    first = make_done_job(anna, connection, PEOPLE)
    if kept:
        assert actions.write_missing_people() == 1 and actions.write_missing_people() == 0
        assert SentPeople.objects.get().people == 3
    job = make_checked_job(anna, connection, OTHERS)
    assert (job.sent_before, job.overlaps, totals(job).pending) == (2, [[first.pk, 1]], 2)
    job = closed(actions.choose_sent_before(job, "any", seen=job.check_version, by=anna))
    assert asides(job) == {2: (0, "sent_before"), 4: (0, "sent_before")}
    assert (totals(job).pending, totals(job).closes, job.sent_before) == (1, True, 2)
    job = closed(actions.choose_sent_before(job, "", seen=job.check_version, by=anna))
    assert totals(job).pending == 2


def test_people_are_known_when_their_data_is_gone(anna: Any, connection: Any) -> None:
    first = make_done_job(anna, connection, PEOPLE)
    actions.write_missing_people()
    for row_slice in first.slices.all():
        first.vault.delete(row_slice.keys_name(first.check_version))
    assert make_checked_job(anna, connection, OTHERS).overlaps == [[first.pk, 1]]


def test_people_an_earlier_version_kept_are_known(
    monkeypatch: pytest.MonkeyPatch, anna: Any, boris: Any, connection: Any
) -> None:
    first = make_done_job(anna, connection, PEOPLE)
    with monkeypatch.context() as earlier:
        ways = dict(reversed(sentpeople.people_keys().items()))  # the first is the one new hashes are made with
        earlier.setattr(sentpeople, "people_keys", lambda: ways)
        actions.write_missing_people()
    actions.destroy_by_hand(first, by=boris, reason="now")

    assert make_checked_job(anna, connection, OTHERS).overlaps == [[first.pk, 1]]
    assert [one.job for one in actions.ask_about_person("b@example.com", ImportJob.objects.all(), by=None)] == [first]


def test_people_kept_under_a_secret_that_is_gone_are_not_guessed_at(anna: Any, connection: Any) -> None:
    make_done_job(anna, connection, PEOPLE)
    actions.write_missing_people()
    LastingSecret.objects.all().delete()
    assert make_checked_job(anna, connection, OTHERS).overlaps == []


def test_people_are_known_after_the_keys_were_rotated(settings: Any, anna: Any, connection: Any) -> None:
    first = make_done_job(anna, connection, PEOPLE)
    actions.write_missing_people()
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    actions.rotate_keys()
    settings.FIELD_KEYS = [new]
    connection.refresh_from_db()
    assert make_checked_job(anna, connection, OTHERS).overlaps == [[first.pk, 1]]


def test_only_the_same_database_and_what_went_out_counts(anna: Any, connection: Any) -> None:
    make_checked_job(anna, connection, PEOPLE)  # nothing of it has gone out
    assert make_checked_job(anna, connection, OTHERS).overlaps == []


def test_an_import_under_way_counts_already(anna: Any, connection: Any) -> None:
    first = make_sending_job(anna, connection, PEOPLE)
    assert make_checked_job(anna, connection, OTHERS).overlaps == [[first.pk, 1]]


def test_people_of_a_stopped_import_were_not_sent(anna: Any, connection: Any) -> None:
    first = make_sending_job(anna, connection, PEOPLE)
    actions.cancel_job(first, by=anna)
    assert make_checked_job(anna, connection, OTHERS).overlaps == []


@pytest.mark.parametrize(("rule", "skip"), [("best", None), (None, "some"), (None, "followed")])
def test_choices_there_are_not_are_refused(anna: Any, connection: Any, rule: str | None, skip: str | None) -> None:
    job = make_checked_job(anna, connection, PEOPLE)
    choose: Any = actions.choose_duplicates if rule else actions.choose_sent_before
    with pytest.raises(actions.Refused, match="unknown"):
        choose(job, rule or skip, seen=job.check_version, by=anna)
