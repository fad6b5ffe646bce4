"""A restored backup: what it shows unfinished may have been sent since, so a person decides and no machine sends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from imports import actions
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.models import Attempt, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import HELD_FOR_RESTORE, AttemptState, BatchState, JobState
from tests.factories import fresh, make_checked_job
from tests.faulty_server import FaultyServer
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True)]

TEXT = "E-mail,First name\none@example.com,One\n"


def job_in_the_backup(by: Any, server: FaultyServer, *, safe: bool) -> ImportJob:
    """Three batches: one answered, one on the wire, one ready."""
    connection = account(server.url, profiles_per_request=1, parallel=4)
    job = sending(by, connection, rows=3, skip_triggers=safe)
    actions.send_next_batch(connection.pk)
    under_way = claim_batch(connection.pk)
    assert isinstance(under_way, Claim)
    assert mark_on_wire(under_way, body_sha256="")
    return fresh(job)


def states(job: ImportJob) -> list[str]:
    return list(job.batches.order_by("number").values_list("state", flat=True))


@pytest.mark.parametrize(("safe", "parked"), [(True, BatchState.HELD), (False, BatchState.UNKNOWN)], ids=["S", "X"])
def test_what_may_have_been_sent_since_waits_for_a_person(
    anna: Any, platform: Platform, safe: bool, parked: BatchState
) -> None:
    server = platform(takes_all)
    job = job_in_the_backup(anna, server, safe=safe)
    asked = len(server.requests)

    found = actions.hold_after_restore()
    actions.reconcile()
    actions.send_next_batch(job.connection_id)

    assert states(job) == [BatchState.ANSWERED, parked, parked]
    assert (found.jobs, found.held, found.unknown) == ((1, 2, 0) if safe else (1, 0, 2))
    assert fresh(job).state == JobState.NEEDS_DECISION
    assert len(server.requests) == asked
    assert set(job.batches.filter(state=parked).values_list("held_for", flat=True)) == {HELD_FOR_RESTORE}
    assert not Attempt.objects.filter(state__in=[AttemptState.PREPARED, AttemptState.ON_WIRE]).exists()
    assert totals(fresh(job)).closes


def test_twice_is_as_once(anna: Any, platform: Platform) -> None:
    job = job_in_the_backup(anna, platform(takes_all), safe=False)
    actions.hold_after_restore()
    before = states(job), Attempt.objects.count()

    again = actions.hold_after_restore()

    assert (again.jobs, again.held, again.unknown) == (0, 0, 0)
    assert (states(job), Attempt.objects.count()) == before


def test_rows_of_a_batch_that_is_given_up_are_not_called_unsent(anna: Any, platform: Platform) -> None:
    """They may have arrived after the backup was made."""
    job = job_in_the_backup(anna, platform(takes_all), safe=True)
    actions.hold_after_restore()

    actions.cancel_job(fresh(job), by=anna)

    counted = totals(fresh(job))
    assert (counted.accepted, counted.not_sent, counted.unknown) == (1, 0, 2)


def test_an_import_goes_on_when_a_person_says_so(anna: Any, platform: Platform) -> None:
    job = job_in_the_backup(anna, platform(takes_all), safe=True)
    actions.hold_after_restore()

    actions.resume_job(fresh(job), by=anna)

    assert drained(job).state == JobState.DONE
    assert totals(fresh(job)).accepted == 3


def test_what_waited_for_send_is_checked_again(anna: Any, platform: Platform) -> None:
    """Somebody may have pressed Send after the backup was made: it is not one click away any more."""
    job = make_checked_job(anna, account(platform(takes_all).url), TEXT, database_id=1)

    found = actions.hold_after_restore()

    assert found.unchecked == 1
    assert fresh(job).state == JobState.READ
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="check_voided").exists()
    with pytest.raises(actions.Refused):
        actions.start_job(fresh(job), by=anna)


def test_the_operator_is_told_what_to_do(anna: Any, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    job_in_the_backup(anna, platform(takes_all), safe=False)

    call_command("after_restore")

    said = capsys.readouterr().out
    assert "1 imports wait for a person" in said
    assert "2 may have reached people since the backup" in said


def test_pages_tell_it(as_anna: Any, anna: Any, platform: Platform) -> None:
    job = job_in_the_backup(anna, platform(takes_all), safe=False)
    actions.hold_after_restore()

    told = as_anna.get(reverse("job_unknown", args=[job.uuid])).content.decode()

    assert "it may have been sent after the backup was made" in told
