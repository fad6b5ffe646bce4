"""The first rows alone: they go, the rest stays frozen until a person has looked, and no row goes twice or never."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from imports import actions
from imports.models import Batch, Connection, HistoryEvent, ImportJob
from imports.results import row_story, totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job
from tests.faulty_server import FaultyServer, drops
from tests.platforms import account, drained, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]


@pytest.fixture
def server(platform: Platform) -> FaultyServer:
    return platform(takes_all)


def checked(by: Any, to: Connection, rows: int = 10, **choices: Any) -> ImportJob:
    people = "\n".join(f"person{n}@example.com,Person" for n in range(rows))
    return make_checked_job(by, to, f"E-mail,First name\n{people}\n", database_id=1, **choices)


def sent_people(server: FaultyServer) -> list[list[str]]:
    """The people of each request, in the order in which they came."""
    return [[one["email"] for one in json.loads(request.body)["data"]] for request in server.requests]


def people(*numbers: int) -> list[str]:
    return [f"person{n}@example.com" for n in numbers]


@pytest.mark.parametrize("unsafe", [False, True], ids=["repeatable", "unsafe"])
def test_only_the_first_rows_go_and_the_rest_after_a_look(anna: Any, server: FaultyServer, unsafe: bool) -> None:
    to = account(server.url, profiles_per_request=6)
    job = actions.start_job(checked(anna, to, skip_triggers=not unsafe), by=anna, first_rows=4)

    job = drained(job)

    assert sent_people(server) == [people(0, 1, 2, 3)]
    assert (job.state, (job.hold or {})["code"]) == (JobState.HELD, "canary")
    assert (totals(job).accepted, totals(job).pending, totals(job).closes) == (4, 6, True)

    job = drained(actions.go_on(job, by=anna))

    assert sorted(sum(sent_people(server), [])) == sorted(people(*range(10)))
    assert (job.state, totals(job).accepted) == (JobState.DONE, 10)
    verbs = HistoryEvent.objects.of_job(job.pk).values_list("verb", "actor_name")
    assert [one for one in verbs if one[0].startswith("canary")] == [("canary_answered", ""), ("canary_passed", "anna")]


def test_batches_that_fit_whole_are_not_cut(anna: Any, server: FaultyServer) -> None:
    job = actions.start_job(checked(anna, account(server.url, profiles_per_request=2)), by=anna, first_rows=4)

    drained(job)

    assert sorted(sent_people(server)) == [people(0, 1), people(2, 3)]
    assert not job.batches.filter(state=BatchState.SPLIT).exists()


@pytest.mark.parametrize("first", [10, 11, 1000])
def test_as_many_first_rows_as_there_are_hold_nothing_back(anna: Any, server: FaultyServer, first: int) -> None:
    job = actions.start_job(checked(anna, account(server.url)), by=anna, first_rows=first)

    assert (drained(job).state, fresh(job).canary_rows) == (JobState.DONE, 0)


def test_an_account_may_ask_for_it(anna: Any, server: FaultyServer) -> None:
    job = actions.start_job(checked(anna, account(server.url, canary_rows=3)), by=anna, first_rows=2)

    assert (drained(job).state, sent_people(server)) == (JobState.HELD, [people(0, 1, 2)])


@pytest.mark.parametrize("first", [-1, 1001])
def test_a_number_out_of_range_changes_nothing(anna: Any, server: FaultyServer, first: int) -> None:
    job = checked(anna, account(server.url))

    with pytest.raises(actions.Refused, match="canary_out_of_range"):
        actions.start_job(job, by=anna, first_rows=first)

    assert fresh(job).state == JobState.CHECKED


def test_a_stop_after_the_look_sends_nothing_more(anna: Any, server: FaultyServer) -> None:
    job = drained(actions.start_job(checked(anna, account(server.url)), by=anna, first_rows=4))

    job = actions.cancel_job(job, by=anna)

    assert job.state == JobState.CANCELLED
    assert (totals(job).accepted, totals(job).not_sent, totals(job).closes) == (4, 6, True)
    assert not Batch.objects.filter(job=job, state=BatchState.FROZEN).exists()


def test_continue_is_no_look(anna: Any, server: FaultyServer) -> None:
    job = drained(actions.start_job(checked(anna, account(server.url)), by=anna, first_rows=4))

    with pytest.raises(actions.Refused, match="look_first"):
        actions.resume_job(job, by=anna)

    assert fresh(job).state == JobState.HELD
    assert len(server.requests) == 1


def test_two_people_who_let_it_go_on_send_nobody_twice(anna: Any, boris: Any, server: FaultyServer) -> None:
    job = drained(actions.start_job(checked(anna, account(server.url)), by=anna, first_rows=4))
    actions.go_on(job, by=anna)

    with pytest.raises(actions.Refused, match="nothing_to_look_at"):
        actions.go_on(job, by=boris)

    drained(job)
    assert sent_people(server) == [people(0, 1, 2, 3), people(4, 5, 6, 7, 8, 9)]


def test_first_rows_without_an_answer_are_decided_before_the_look(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = platform(drops, takes_all)
    to = account(server.url, profiles_per_request=6)
    job = drained(actions.start_job(checked(anna, to, skip_triggers=False), by=anna, first_rows=4))
    assert job.state == JobState.NEEDS_DECISION
    batch = job.batches.get(state=BatchState.UNKNOWN)

    actions.decide(batch, "arrived", by=anna, reason="seen in Altcraft")

    assert (fresh(job).state, (fresh(job).hold or {})["code"]) == (JobState.HELD, "canary")
    assert drained(actions.go_on(job, by=anna)).state == JobState.DONE
    assert sorted(sum(sent_people(server), [])) == sorted(people(*range(10)))


def test_a_pause_in_the_middle_ends_in_the_look(anna: Any, server: FaultyServer) -> None:
    job = actions.start_job(checked(anna, account(server.url, profiles_per_request=2)), by=anna, first_rows=4)
    actions.send_next_batch(job.connection_id or 0)
    actions.pause_job(job, by=anna)
    assert fresh(job).state == JobState.PAUSED

    actions.resume_job(job, by=anna)

    assert drained(job).state == JobState.HELD


def test_a_restored_backup_gives_the_rest_to_people_too(anna: Any, server: FaultyServer) -> None:
    job = drained(actions.start_job(checked(anna, account(server.url)), by=anna, first_rows=4))

    actions.hold_after_restore()

    assert not Batch.objects.filter(job=job, state=BatchState.FROZEN).exists()
    assert job.batches.filter(held_for="after_restore").count() == 1


def test_a_row_of_the_first_ones_says_where_it_was_cut_from(anna: Any, server: FaultyServer) -> None:
    job = drained(actions.start_job(checked(anna, account(server.url)), by=anna, first_rows=4))

    story = row_story(job, 2)

    assert story is not None and story.batch is not None
    assert (story.batch.rows, story.batch.cut_reason, story.row.outcome) == (4, "first_alone", "accepted")
