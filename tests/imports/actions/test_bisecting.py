"""Rows that spoil a whole request are found, within a budget; what concerns every row alike costs next to nothing."""

from collections.abc import Callable
from math import ceil, log2
from typing import Any

import pytest

from imports import actions
from imports.models import Batch, HistoryEvent, ImportJob
from imports.results import reasons, totals
from imports.states import BatchState, JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer, answers
from tests.platforms import account, drained, refuses_with, sending

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]

REFUSED = answers(200, {"error": 404, "error_text": "No such database"})


def person(number: int) -> str:
    return f"person{number}@example.com"


def spoiled(by: Any, server: FaultyServer, rows: int, **choices: Any) -> ImportJob:
    return drained(sending(by, account(server.url, profiles_per_request=rows, brake_percent=0), rows=rows, **choices))


@pytest.mark.parametrize(
    ("rows", "bad"), [(2, [1]), (16, [0]), (64, [63]), (100, [37]), (1000, [0]), (1000, [999]), (200, [3, 150])]
)
def test_exactly_the_rows_that_spoil_the_request_are_rejected(
    anna: Any, platform: Platform, rows: int, bad: list[int]
) -> None:
    server = platform(refuses_with(*map(person, bad)))

    job = spoiled(anna, server, rows)

    refused = Batch.objects.filter(job=job, state=BatchState.REFUSED)
    assert job.state == JobState.DONE
    assert (totals(job).accepted, totals(job).rejected, totals(job).closes) == (rows - len(bad), len(bad), True)
    assert sorted(refused.values_list("first_row", flat=True)) == [number + 2 for number in bad]
    assert len(server.requests) <= 2 * len(bad) * ceil(log2(rows)) + 1


def test_a_batch_that_must_not_be_repeated_is_rejected_together_and_nothing_is_resent(
    anna: Any, platform: Platform
) -> None:
    server = platform(refuses_with(person(3)))

    job = spoiled(anna, server, 16, skip_triggers=False)

    assert (job.state, totals(job).rejected) == (JobState.DONE, 16)
    assert len(server.requests) == 1


def test_beyond_the_budget_the_rest_waits_for_a_person_with_words(anna: Any, platform: Platform) -> None:
    bad = [person(number) for number in range(0, 100, 9)]
    server = platform(refuses_with(*bad))

    job = spoiled(anna, server, 100)

    held = Batch.objects.filter(job=job, state=BatchState.HELD)
    assert job.state == JobState.NEEDS_DECISION
    assert len(server.requests) <= 65
    assert set(held.values_list("held_for", flat=True)) == {"too_many_refused"}
    assert totals(job).closes
    assert totals(job).accepted > 0


@pytest.mark.parametrize(("rows", "most"), [(16, 31), (64, 20), (1000, 20)])
def test_what_concerns_every_row_alike_is_noticed_early(anna: Any, platform: Platform, rows: int, most: int) -> None:
    server = platform(REFUSED)

    job = spoiled(anna, server, rows)

    assert (job.state, totals(job).rejected) == (JobState.DONE, rows)
    assert [(reason.code, reason.text, reason.count) for reason in reasons(job)] == [("404", "No such database", rows)]
    assert len(server.requests) <= most


def test_once_noticed_every_further_batch_costs_one_request(anna: Any, platform: Platform) -> None:
    server = platform(REFUSED)

    job = drained(sending(anna, account(server.url, profiles_per_request=100, parallel=1, brake_percent=0), rows=1000))

    assert (job.state, totals(job).rejected) == (JobState.DONE, 1000)
    assert len(server.requests) <= 20 + 9


def test_rows_refused_at_the_start_are_not_taken_for_all(anna: Any, platform: Platform) -> None:
    server = platform(refuses_with(*(person(number) for number in (0, 1, 99, 50))))

    job = drained(sending(anna, account(server.url, profiles_per_request=100, brake_percent=0), rows=300))

    assert job.common_refusal == ""
    assert (totals(job).accepted, totals(job).rejected) == (296, 4)


def test_a_piece_remembers_what_it_was_cut_from_and_why(anna: Any, platform: Platform) -> None:
    job = spoiled(anna, platform(refuses_with(person(0))), 2)

    parent = Batch.objects.get(job=job, parent=None)
    pieces = Batch.objects.filter(parent=parent)
    assert parent.refusal == "400 Invalid request"
    assert {(piece.cut_reason, piece.origin_id) for piece in pieces} == {("refused", parent.pk)}
    assert HistoryEvent.objects.get(job_id=job.pk, verb="batch_split").details["cut"] == "refused"


def test_a_batch_held_for_its_budget_may_be_tried_again_with_a_new_one(anna: Any, platform: Platform) -> None:
    bad = [person(number) for number in range(0, 100, 9)]
    job = spoiled(anna, platform(refuses_with(*bad)), 100)
    left = totals(job).pending

    job = drained(actions.resume_job(job, by=anna))

    assert totals(fresh(job)).pending < left
