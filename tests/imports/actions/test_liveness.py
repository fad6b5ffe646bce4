"""Whether a worker is gone: by its process on this host, by its session lock on PostgreSQL, by its lease everywhere."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from imports import actions
from imports.actions import liveness
from imports.actions.claims import Claim, claim_batch, mark_on_wire, sender_gone
from imports.actions.liveness import is_gone, show_alive, stop_showing, this_worker
from imports.models import Attempt
from imports.states import AttemptState, BatchState
from tests.faults.clock import HandClock
from tests.faults.services import wait_until
from tests.faulty_server import FaultyServer
from tests.platforms import account, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alive() -> Iterator[str]:
    show_alive()
    yield this_worker()
    stop_showing()


def elsewhere(worker: str) -> str:
    """The same worker as another host sees it: by its lock alone."""
    return f"elsewhere:{worker.partition(':')[2]}"


def claimed(anna: Any, platform: Platform, **choices: Any) -> Claim:
    job = sending(anna, account(platform(takes_all).url), **choices)
    claim = claim_batch(job.connection_id)
    assert isinstance(claim, Claim)
    return claim


# --- on one host ---


def test_a_worker_of_this_host_is_known_to_be_there_or_gone() -> None:
    here = this_worker()
    host, pid, _ = here.split(":")

    assert not is_gone(here)
    assert is_gone(f"{host}:{pid}:1")
    assert not is_gone(f"elsewhere:{pid}:1")
    assert not is_gone(str(uuid.uuid4()))


def test_a_killed_worker_is_gone_before_anybody_buries_it_and_a_paused_one_is_not() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    named = f"{this_worker().partition(':')[0]}:{child.pid}:{liveness._started(child.pid)}"

    child.send_signal(19)
    assert not is_gone(named)
    child.kill()
    wait_until(lambda: is_gone(named), "the dead child is seen")
    child.wait()
    assert is_gone(named)


# --- on several ---


@pytest.mark.postgres
def test_another_host_sees_the_lock_of_a_living_worker_and_its_end(alive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "SETTLING_SECONDS", 0.0)

    assert alive.count(":") == 3
    assert not is_gone(elsewhere(alive))
    stop_showing()
    wait_until(lambda: is_gone(elsewhere(alive)), "the lock is free")


@pytest.mark.postgres
def test_a_host_of_the_same_name_is_not_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_showing()
    worker = f"{this_worker().partition(':')[0]}:{os.getpid()}:1"
    assert is_gone(worker)

    monkeypatch.setattr(liveness, "_process_space", lambda: "others")

    assert not is_gone(worker)
    assert len(this_worker()) <= Attempt._meta.get_field("worker").max_length - len(":") - len(str(2**62))


@pytest.mark.postgres
def test_a_lost_session_is_taken_again(alive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "SETTLING_SECONDS", 0.0)
    monkeypatch.setattr(liveness, "PULSE_SECONDS", 0.05)
    stop_showing()
    show_alive()
    again = this_worker()

    with connection.cursor() as cursor:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"  # others' tests run too
        held = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND {here}"
        cursor.execute(held)

    wait_until(lambda: is_gone(elsewhere(again)), "the session is gone")
    wait_until(lambda: not is_gone(elsewhere(again)), "the lock is held again")


@pytest.mark.postgres
def test_right_after_its_start_the_database_is_not_believed(alive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "SETTLING_SECONDS", 1e9)
    stop_showing()

    assert not is_gone(elsewhere(alive))


# --- what follows ---


@pytest.mark.parametrize("on_wire", [False, True])
def test_the_sender_of_a_living_worker_is_not_gone_until_its_lease_and_deadline_are_over(
    anna: Any, platform: Platform, clock: HandClock, on_wire: bool
) -> None:
    claim = claimed(anna, platform)
    if on_wire:
        mark_on_wire(claim, body_sha256="")
    attempt = Attempt.objects.select_related("batch__job__connection").get()

    assert not sender_gone(attempt)
    clock.sleep(120 + 30 + 119)
    assert not sender_gone(attempt)
    clock.sleep(2)
    assert sender_gone(attempt)


def test_the_sender_of_a_dead_worker_is_gone(anna: Any, platform: Platform) -> None:
    claim = claimed(anna, platform)
    host, pid, _ = this_worker().split(":")
    Attempt.objects.update(worker=f"{host}:{pid}:1")
    assert mark_on_wire(claim, body_sha256="")

    assert sender_gone(Attempt.objects.get())


def test_an_attempt_that_ended_by_itself_has_no_sender_any_more(anna: Any, platform: Platform) -> None:
    claimed(anna, platform)
    Attempt.objects.update(state=AttemptState.ENDED, reason="deadline")

    assert sender_gone(Attempt.objects.get())


def test_a_batch_whose_lease_was_taken_from_a_paused_worker_still_has_a_sender(
    anna: Any, platform: Platform, clock: HandClock
) -> None:
    claim = claimed(anna, platform, skip_triggers=False)
    mark_on_wire(claim, body_sha256="")
    clock.sleep(120 + 30 + 1)
    actions.reconcile()

    assert claim.job.batches.get().state == BatchState.UNKNOWN
    assert not sender_gone(Attempt.objects.get())
    clock.sleep(timedelta(seconds=121).total_seconds())
    assert sender_gone(Attempt.objects.get())
