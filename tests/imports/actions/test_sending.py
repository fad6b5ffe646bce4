"""What becomes of rows when the platform misbehaves. The judge is what the server received."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from imports import actions
from imports.models import Attempt, Batch, Connection, HistoryEvent, ImportJob
from imports.results import reasons, totals
from imports.states import BatchState, JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer, answers, closed_port, drops, resets
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]

TOO_LARGE = answers(200, {"error": 400, "error_debug": "http: request body too large", "error_text": "Invalid request"})
SHORT = answers(200, {"error": 0, "error_text": "", "result": [{"error": 0, "profile_id": "a" * 24}]})
NO_TOKEN = answers(200, {"error": 401, "error_text": "API token required"})


def request_ids(server: FaultyServer) -> list[str]:
    return [dict(request.headers)["Request-ID"] for request in server.requests]


def rows_received(server: FaultyServer) -> list[int]:
    return [len(json.loads(request.body)["data"]) for request in server.requests]


@pytest.mark.parametrize("fault", [drops, resets, answers(502, "<html>Bad gateway</html>"), SHORT])
def test_a_repeatable_batch_without_an_answer_is_repeated_with_the_same_request_id(
    anna: Any, platform: Platform, fault: Any
) -> None:
    server = platform(fault, takes_all)

    job = drained(sending(anna, account(server.url)))

    assert job.state == JobState.DONE
    assert totals(job).accepted == 3
    assert len(set(request_ids(server))) == 1
    assert server.requests[0].body == server.requests[1].body


@pytest.mark.parametrize("fault", [drops, resets, answers(500, "oops"), SHORT])
def test_an_unrepeatable_batch_without_an_answer_is_unknown_and_sent_once(
    anna: Any, platform: Platform, fault: Any
) -> None:
    server = platform(fault, takes_all)

    job = drained(sending(anna, account(server.url), skip_triggers=False))

    assert job.state == JobState.NEEDS_DECISION
    assert totals(job).unknown == 3
    assert len(server.requests) == 1


def test_a_person_may_repeat_an_unknown_batch_with_the_same_request_id(anna: Any, platform: Platform) -> None:
    server = platform(drops, takes_all)
    job = drained(sending(anna, account(server.url), skip_triggers=False))

    actions.decide(job.batches.get(), "repeat", by=anna)
    job = drained(job)

    assert job.state == JobState.DONE
    assert totals(job).accepted == 3
    assert len(set(request_ids(server))) == 1


@pytest.mark.parametrize(
    ("choice", "outcome"), [("arrived", "accepted"), ("not_arrived", "not_sent"), ("close", "unknown")]
)
def test_a_decision_ends_an_unknown_batch(anna: Any, platform: Platform, choice: str, outcome: str) -> None:
    job = drained(sending(anna, account(platform(drops).url), skip_triggers=False))

    actions.decide(job.batches.get(), choice, by=anna, reason="looked them up")

    sums = totals(fresh(job))
    assert fresh(job).state == JobState.DONE
    assert getattr(sums, outcome) == 3
    assert sums.closes


def test_a_second_decision_on_the_same_batch_is_refused(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, account(platform(drops).url), skip_triggers=False))
    actions.decide(job.batches.get(), "close", by=anna)

    with pytest.raises(actions.Refused, match="decided_already"):
        actions.decide(job.batches.get(), "arrived", by=anna)


def test_a_refused_token_stops_the_job_at_the_first_batch(anna: Any, platform: Platform) -> None:
    server = platform(NO_TOKEN, takes_all)
    job = drained(sending(anna, account(server.url, profiles_per_request=1), rows=10))

    assert job.state == JobState.HELD
    assert job.hold["code"] == "token_refused"
    assert len(server.requests) == 1
    assert totals(job).pending == 10

    job = drained(actions.resume_job(job, by=anna))

    assert job.state == JobState.DONE
    assert totals(job).accepted == 10


def test_a_body_the_platform_finds_too_large_is_halved_until_it_fits(anna: Any, platform: Platform) -> None:
    server = platform(TOO_LARGE, TOO_LARGE, takes_all)

    job = drained(sending(anna, account(server.url), rows=16))

    assert job.state == JobState.DONE
    assert totals(job).accepted == 16
    assert sum(rows_received(server)[2:]) == 16
    assert max(rows_received(server)[2:]) <= 8


def test_a_single_row_too_large_for_the_platform_is_rejected_and_the_rest_goes(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, account(platform(TOO_LARGE).url), rows=4))

    assert job.state == JobState.DONE
    assert totals(job).rejected == 4


def test_answers_that_never_fit_end_held_and_not_shifted(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, account(platform(SHORT).url)))

    assert job.state == JobState.NEEDS_DECISION
    assert job.batches.get().state == BatchState.HELD
    assert totals(job).accepted == 0


def test_a_request_refused_as_a_whole_gives_every_row_its_code(anna: Any, platform: Platform) -> None:
    refuses = platform(answers(200, {"error": 404, "error_text": "No database"}))

    job = drained(sending(anna, account(refuses.url)))

    assert (job.state, totals(job).rejected) == (JobState.DONE, 3)
    assert [(reason.code, reason.text, reason.count) for reason in reasons(job)] == [("404", "No database", 3)]


def test_a_platform_that_is_not_there_holds_the_job_and_loses_nothing(
    anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports.actions.breaker.PATIENCE_AT_START", timezone.timedelta(seconds=0.05))

    job = drained(sending(anna, account(f"http://127.0.0.1:{closed_port()}")))

    assert job.state == JobState.HELD
    assert job.hold == {"code": "unreachable", "params": {"reason": "connection_refused"}}
    assert totals(job).pending == 3
    assert not Attempt.objects.filter(possibly_applied=True).exists()


def test_cancel_in_mid_send_leaves_the_rest_not_sent_and_the_sum_closes(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url, profiles_per_request=1), rows=5)
    actions.send_next_batch(job.connection_id)

    job = fresh(actions.cancel_job(job, by=anna))

    sums = totals(job)
    assert job.state == JobState.CANCELLED
    assert (sums.accepted, sums.not_sent, sums.closes) == (1, 4, True)


def test_jobs_of_one_connection_take_turns(anna: Any, platform: Platform) -> None:
    server = platform(takes_all)
    connection = account(server.url, profiles_per_request=1)
    long, short = sending(anna, connection, rows=6), sending(anna, connection, rows=2)

    for _ in range(4):
        actions.send_next_batch(connection.pk)
    actions.settle_job(short.pk)

    assert totals(long).accepted == 2
    assert fresh(short).state == JobState.DONE


def test_the_database_refuses_a_second_possibly_applied_attempt_of_an_unsafe_batch(
    anna: Any, platform: Platform
) -> None:
    job = drained(sending(anna, account(platform(drops).url), skip_triggers=False))
    first = Attempt.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            batch=first.batch, number=2, decision_number=0, unsafe=True, request_id=first.request_id,
            lease_token=first.lease_token, prepared_at=timezone.now(), possibly_applied=True,
        )  # fmt: skip
    assert job.state == JobState.NEEDS_DECISION


def test_the_token_is_nowhere_in_the_database(anna: Any, platform: Platform) -> None:
    echo = answers(200, {"error": 401, "error_text": "wrong token secret-token-of-the-account"})
    drained(sending(anna, account(platform(echo).url)))

    for model in (Attempt, Batch, Connection, HistoryEvent, ImportJob):
        assert "secret-token-of-the-account" not in str(list(model.objects.values()))
