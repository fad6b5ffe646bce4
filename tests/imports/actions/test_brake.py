"""The brake: too many rejections among the answered rows hold the job, once, and only when it is so."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from imports import actions
from imports.actions.answers import keep_answer
from imports.actions.claims import Claim, claim_batch
from imports.altcraft import Answer, AnswerClass
from imports.models import Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer, Peer, http_answer
from tests.imports.actions.test_at_once import at_once
from tests.platforms import account, drained, sending

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]
BAD = {"error": 1011, "error_text": "Incorrect phone", "profile_id": None}
GOOD = {"error": 0, "error_text": "Successful operation", "profile_id": "a" * 24}


def rejecting(*bad: int) -> Callable[[Peer], None]:
    """Refuse so many rows of each request in turn, then none."""
    left = list(bad)

    def behaviour(peer: Peer) -> None:
        rows = len(json.loads(peer.read_request().body)["data"])
        refused = left.pop(0) if left else 0
        result = [BAD] * refused + [GOOD] * (rows - refused)
        peer.send(http_answer(200, {"error": 0, "error_text": "", "result": result}))

    return behaviour


def braking(url: str, **limits: Any) -> Connection:
    return account(url, **({"profiles_per_request": 5, "parallel": 1, "brake_percent": 30, "brake_after": 10} | limits))


def test_it_pauses_by_itself_with_the_reason(anna: Any, platform: Platform) -> None:
    server = platform(rejecting(2, 2, 2, 2))
    job = drained(sending(anna, braking(server.url), rows=20))

    assert job.state == JobState.HELD
    assert job.hold == {
        "code": "brake",
        "params": {"answered": "10", "rejected": "4", "limit": "30", "most": "1011 Incorrect phone"},
    }
    assert (totals(job).rejected, totals(job).pending, len(server.requests)) == (4, 10, 2)
    told = HistoryEvent.objects.of_job(job.pk).get(verb="brake_pulled")
    assert told.details == {"answered": 10, "rejected": 4, "limit": 30, "error": "1011"}


@pytest.mark.parametrize("bad", [(1, 2), (3, 0)], ids=["the limit itself", "first many, then none"])
def test_the_limit_itself_is_not_passed(anna: Any, platform: Platform, bad: tuple[int, ...]) -> None:
    job = drained(sending(anna, braking(platform(rejecting(*bad)).url), rows=20))

    assert job.state == JobState.DONE


def test_nothing_is_held_up_when_nothing_is_left_to_send(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, braking(platform(rejecting(0, 0, 0, 5)).url, brake_percent=20), rows=20))

    assert (job.state, totals(job).rejected) == (JobState.DONE, 5)


def test_an_account_has_no_brake_until_an_admin_sets_it(anna: Any, platform: Platform) -> None:
    connection = account(platform(rejecting(5, 5, 5, 5)).url, profiles_per_request=5, parallel=1)
    Connection.objects.filter(pk=connection.pk).update(brake_after=1)

    assert drained(sending(anna, connection, rows=20)).state == JobState.DONE


def test_few_answers_do_not_brake(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, braking(platform(rejecting(5)).url, brake_after=100), rows=20))

    assert job.state == JobState.DONE


def test_an_account_may_go_without(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, braking(platform(rejecting(5, 5, 5, 5)).url, brake_percent=0), rows=20))

    assert (job.state, totals(job).rejected) == (JobState.DONE, 20)


def test_going_on_switches_it_off_for_this_import(anna: Any, boris: Any, platform: Platform) -> None:
    job = drained(sending(anna, braking(platform(rejecting(5, 5, 5, 5)).url), rows=20))

    job = drained(actions.go_on(job, by=boris))

    assert (job.state, totals(job).rejected) == (JobState.DONE, 20)
    released = HistoryEvent.objects.of_job(job.pk).get(verb="brake_released")
    assert (released.actor_name, released.details) == ("boris", {"limit": 0})
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="brake_pulled").count() == 1


def test_going_on_may_set_it_higher(anna: Any, platform: Platform) -> None:
    job = drained(sending(anna, braking(platform(rejecting(2, 2, 5)).url), rows=20))

    job = drained(actions.go_on(job, by=anna, brake_percent=50))

    assert (job.state, (job.hold or {})["params"]["limit"]) == (JobState.HELD, "50")
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="brake_pulled").count() == 2


@pytest.mark.parametrize(("percent", "code"), [(39, "brake_too_low"), (0, "brake_not_a_share"), (100, "brake_not_a")])
def test_a_limit_that_would_pause_at_once_is_refused(anna: Any, platform: Platform, percent: int, code: str) -> None:
    job = drained(sending(anna, braking(platform(rejecting(2, 2)).url), rows=20))

    with pytest.raises(actions.Refused, match=code):
        actions.go_on(job, by=anna, brake_percent=percent)

    assert fresh(job).state == JobState.HELD


def test_answers_that_come_together_hold_it_once_and_are_all_counted(anna: Any, platform: Platform) -> None:
    job = sending(anna, braking(platform(rejecting()).url, parallel=4), rows=25)  # one request is left
    claims = [claim_batch(job.connection_id or 0) for _ in range(4)]
    answer = Answer(kind=AnswerClass.ANSWERED, rows=((1011, "Incorrect phone", ""),) * 5, http_status=200)

    for claim in claims:
        assert isinstance(claim, Claim)
        keep_answer(claim, answer)
    keep_answer(claims[0], answer)  # type: ignore[arg-type]  # the same answer, found again on the disk

    job = fresh(job)
    assert (job.answered_rows, job.rejected_rows) == (20, 20)
    assert (job.state, totals(job).rejected) == (JobState.HELD, 20)
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="brake_pulled").count() == 1


def test_a_brake_among_the_first_rows_still_ends_in_the_look(anna: Any, platform: Platform) -> None:
    job = sending(anna, braking(platform(rejecting(2, 2, 2)).url, canary_rows=15), rows=20)
    job = drained(job)
    assert (job.hold or {})["code"] == "brake"

    job = drained(actions.go_on(job, by=anna))

    assert (job.state, (job.hold or {})["code"]) == (JobState.HELD, "canary")


def test_imports_that_went_before_there_was_a_brake_have_none(anna: Any, platform: Platform) -> None:
    job = sending(anna, braking(platform(rejecting(5, 5, 5, 5)).url), rows=20)
    ImportJob.objects.filter(pk=job.pk).update(brake_percent=None)

    assert drained(job).state == JobState.DONE


def test_four_workers_that_keep_their_answers_at_once_miss_no_row_and_brake_once(anna: Any, platform: Platform) -> None:
    job = sending(anna, braking(platform(rejecting()).url, parallel=4, brake_after=20), rows=25)
    claims = [claim_batch(job.connection_id or 0) for _ in range(4)]
    answer = Answer(kind=AnswerClass.ANSWERED, rows=((1011, "Incorrect phone", ""),) * 5, http_status=200)

    at_once(*(partial(keep_answer, claim, answer) for claim in claims if isinstance(claim, Claim)))

    job = fresh(job)
    assert (job.answered_rows, job.rejected_rows, job.state) == (20, 20, JobState.HELD)
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="brake_pulled").count() == 1


def test_two_people_who_let_it_go_on_at_once_are_one(anna: Any, boris: Any, platform: Platform) -> None:
    job = drained(sending(anna, braking(platform(rejecting(5, 5)).url), rows=20))

    said = at_once(*(partial(actions.go_on, job, by=by) for by in (anna, boris)))

    assert said == ["done", "nothing_to_look_at"]
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="brake_released").count() == 1
