"""An answer that came is kept, whatever the database and our own code do meanwhile; and it counts once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import InternalError, OperationalError

from imports import actions
from imports.actions import answers, spool
from imports.actions.answers import keep_answer, keep_once
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.actions.sweep import import_kept_answers
from imports.altcraft import Answer, AnswerClass
from imports.altcraft.rows import Rows
from imports.models import Attempt, HistoryEvent, ImportJob
from imports.results import answer_text, totals
from imports.states import AttemptState, BatchState, JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient", "empty_spool")]

ROWS = tuple((0, "", f"{n:024x}") for n in range(3))
TAKEN = Answer(kind=AnswerClass.ANSWERED, http_status=200, error=0, rows=ROWS, raw=b'{"error":0}')


@pytest.fixture
def empty_spool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(answers, "FIRST_PAUSE", 0.01)
    return tmp_path / "spool"


class Deadlock(Exception):
    sqlstate = "40P01"


class StoodStill(Exception):
    sqlstate = "25P03"


def on_wire(job: ImportJob) -> Claim:
    claim = claim_batch(job.connection_id)
    assert isinstance(claim, Claim)
    assert mark_on_wire(claim, body_sha256="")
    return claim


def fails(monkeypatch: pytest.MonkeyPatch, times: int, fault: Exception) -> list[int]:
    """Let the result transaction fail so often before it works."""
    whole, asked = answers._end_attempt, [0]

    def end_attempt(*args: Any) -> None:
        whole(*args)
        asked[0] += 1
        if asked[0] <= times:
            raise fault

    monkeypatch.setattr(answers, "_end_attempt", end_attempt)
    return asked


def spooled() -> list[Path]:
    return list((Path(settings.DATA_DIR) / "spool").glob("*"))


def internal(cause: Exception) -> InternalError:
    fault = InternalError("terminating connection due to idle-in-transaction timeout")
    fault.__cause__ = cause
    return fault


@pytest.mark.parametrize("skip_triggers", [True, False])
def test_the_answer_of_a_worker_that_stood_still_for_too_long_counts(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch, skip_triggers: bool
) -> None:
    """PostgreSQL ends its session, and psycopg calls that an internal error."""
    job = sending(anna, account(platform(takes_all).url), skip_triggers=skip_triggers)
    claim = on_wire(job)
    asked = fails(monkeypatch, 1, internal(StoodStill()))

    keep_answer(claim, TAKEN)
    actions.settle_job(job.pk)

    assert (asked, spooled()) == ([2], [])
    assert (fresh(job).state, totals(fresh(job)).accepted) == (JobState.DONE, 3)


@pytest.mark.parametrize("skip_triggers", [True, False])
def test_an_answer_is_written_once_the_database_is_back(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch, skip_triggers: bool
) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=skip_triggers)
    claim = on_wire(job)
    asked = fails(monkeypatch, 3, OperationalError("the connection was closed"))

    keep_answer(claim, TAKEN)
    actions.settle_job(job.pk)

    assert (asked, spooled()) == ([4], [])
    assert (fresh(job).state, totals(fresh(job)).accepted) == (JobState.DONE, 3)
    assert HistoryEvent.objects.filter(job_id=job.pk, verb="batch_answered").count() == 1


def test_a_worker_that_gives_up_leaves_the_answer_on_the_disk_and_the_sweep_imports_it_once(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=False)
    claim = on_wire(job)
    monkeypatch.setattr(answers, "AFTER_LEASE", -1_000.0)
    asked = fails(monkeypatch, 1, OperationalError("away"))
    with pytest.raises(OperationalError):
        keep_answer(claim, TAKEN)
    (file,) = spooled()
    assert ROWS[2][2].encode() not in file.read_bytes()

    import_kept_answers()
    import_kept_answers()
    actions.settle_job(job.pk)

    assert (asked, spooled()) == ([2], [])
    assert (fresh(job).state, totals(fresh(job)).accepted) == (JobState.DONE, 3)
    assert Attempt.objects.get().kind == "answered"


def test_an_answer_on_the_disk_still_resolves_a_batch_parked_meanwhile(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=False)
    claim = on_wire(job)
    spool.put(claim, TAKEN)
    actions.sweep.free_batch(claim.batch)
    assert job.batches.get().state == BatchState.UNKNOWN

    actions.reconcile()

    assert (fresh(job).state, totals(fresh(job)).accepted) == (JobState.DONE, 3)


def test_an_answer_written_and_imported_counts_once(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))
    claim = on_wire(job)
    spool.put(claim, TAKEN)

    keep_answer(claim, TAKEN)
    import_kept_answers()

    assert spooled() == []
    verbs = HistoryEvent.objects.filter(job_id=job.pk, verb__in=["batch_answered", "late_answer"])
    assert [event.verb for event in verbs] == ["batch_answered"]


def test_every_answer_comes_back_from_the_disk_as_it_went() -> None:
    whole = Answer(
        kind=AnswerClass.UNREADABLE, http_status=502, error=7, error_text="Ошибка", error_debug="inner", rows=None,
        retry_after=2.5, replayed=True, task_id="9", reason="counts_differ", raw=b"\xff\x00", seconds=1.5,
    )  # fmt: skip

    assert spool._answer(spool._plain(whole)) == whole
    assert spool._answer(spool._plain(TAKEN)) == TAKEN
    in_columns = replace(TAKEN, rows=Rows([0, 5], ["Fine", "No"], ["a", ""]))
    assert spool._answer(spool._plain(in_columns)) == in_columns


def test_a_deadlock_is_tried_again_three_times(anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    job = sending(anna, account(platform(takes_all).url))
    fault = OperationalError("deadlock detected")
    fault.__cause__ = Deadlock()
    asked = fails(monkeypatch, 3, fault)

    keep_once(on_wire(job), TAKEN)

    assert asked == [4]
    assert job.batches.get().state == BatchState.ANSWERED


@pytest.mark.parametrize(("skip_triggers", "state"), [(True, BatchState.READY), (False, BatchState.UNKNOWN)])
def test_a_bug_of_ours_in_reading_results_keeps_the_raw_answer(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch, skip_triggers: bool, state: str
) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=skip_triggers)
    claim = on_wire(job)
    monkeypatch.setattr(answers, "pack", lambda rows: 1 / 0)

    keep_answer(claim, TAKEN)

    attempt = Attempt.objects.get()
    assert (attempt.kind, attempt.reason) == ("unreadable", "unexpected")
    assert '{"error":0}' in answer_text(job, attempt)["raw"]
    assert job.batches.get().state == state


def test_a_fault_before_the_wire_is_no_lost_batch(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = platform(takes_all)
    job = sending(anna, account(server.url), skip_triggers=False)
    monkeypatch.setattr("imports.actions.sending.batch_texts", lambda *_: [][1])

    job = drained(job)

    assert (job.state, job.batches.get().held_for) == (JobState.NEEDS_DECISION, "not_sendable")
    assert (len(server.requests), Attempt.objects.filter(possibly_applied=True).count()) == (0, 0)


def test_a_database_that_is_away_at_the_mark_sends_nothing_and_loses_nothing(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = platform(takes_all)
    job = sending(anna, account(server.url), skip_triggers=False)
    whole, failed = mark_on_wire, []

    def mark(claim: Claim, **given: Any) -> bool:
        if not failed:
            failed.append(1)
            raise OperationalError("away")
        return whole(claim, **given)

    monkeypatch.setattr("imports.actions.sending.mark_on_wire", mark)

    job = drained(job)

    assert (job.state, len(server.requests)) == (JobState.DONE, 1)
    assert [one.kind for one in Attempt.objects.order_by("number")] == ["not_sent", "answered"]
    assert Attempt.objects.first().state == AttemptState.ENDED
