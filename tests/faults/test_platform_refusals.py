"""The platform refuses: some rows, the whole request, its size, its rate, everybody, or sends us elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from math import log2
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from imports import actions
from imports.models import Connection, ImportJob
from imports.results import reasons, totals
from imports.states import BatchState, JobState
from tests.faults.clock import HandClock
from tests.faults.ledger import book_of, rows_of, violations
from tests.faults.trials import S_AND_X, begun, begun_on, ended, people
from tests.faulty_server import FaultyServer, answers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]


def check(job: ImportJob, sandbox: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


# --- some rows ---


@pytest.mark.fault(42)
@pytest.mark.parametrize("every", [0, 3, 1], ids=["no row", "some rows", "all rows"])
@pytest.mark.parametrize(**S_AND_X)
def test_exactly_the_refused_rows_are_rejected_with_the_exact_code_and_text(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, every: int, safe: bool
) -> None:
    sandbox.desk.change({"path": "import_batch", "fail_every": every, "fail_code": 1011, "fail_text": "Odd № {n}"})

    job = ended(begun(anna, sandbox.url, token=sandbox.token, rows=9, safe=safe), clock)

    told = [(row.outcome, row.error, row.error_text) for row in rows_of(job)]
    bad = [place for place in range(9) if every and not (place + 1) % every]
    wrong = {place: ("rejected", 1011, f"Odd № {number}") for number, place in enumerate(bad, 1)}
    assert [one for place, one in enumerate(told) if place in wrong] == list(wrong.values())
    assert all(one[:2] == ("accepted", 0) for place, one in enumerate(told) if place not in wrong)
    assert job.state == JobState.DONE
    check(job, sandbox, caplog)


@pytest.mark.fault(43)
def test_ten_thousand_unknown_codes_are_kept_and_the_page_stays_light(
    as_anna: Any, anna: Any, sandbox: Any, clock: HandClock, django_assert_max_num_queries: Any
) -> None:
    sandbox.desk.change({"path": "import_batch", "fail_every": 1, "fail_code": 77_777, "fail_text": "Mood {n} is odd"})
    job = ended(begun(anna, sandbox.url, token=sandbox.token, rows=10_000, profiles_per_request=10_000), clock)

    kept = reasons(job)
    with django_assert_max_num_queries(40):
        page = as_anna.get(reverse("job_results", args=[job.uuid]))

    assert (job.state, totals(job).rejected) == (JobState.DONE, 10_000)
    assert sum(reason.count for reason in kept) == 10_000
    assert {reason.code for reason in kept} == {"77777"}
    assert len(kept) < 200  # texts that differ are counted together; each row keeps its own
    assert page.status_code == 200
    assert len(page.content) < 300_000


# --- the size ---


@pytest.mark.fault(44)
@pytest.mark.parametrize("limit", [{"profile_limit": 5}, {"body_limit": 700}], ids=["rows", "bytes"])
@pytest.mark.parametrize(**S_AND_X)
def test_a_body_too_large_is_halved_until_it_fits_and_the_limit_is_remembered(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, limit: dict[str, int], safe: bool
) -> None:
    sandbox.desk.change(limit)

    job = ended(begun(anna, sandbox.url, token=sandbox.token, rows=64, safe=safe, profiles_per_request=32), clock)

    deliveries = sandbox.platform.deliveries
    assert (job.state, totals(job).accepted) == (JobState.DONE, 64)
    assert sum(each.profiles for each in deliveries if each.applied) == 64
    smallest = min(each.profiles for each in deliveries if each.applied)
    assert len(deliveries) <= 2 * 64 / smallest + log2(64)
    assert job.batches.filter(rows=32, attempts__isnull=False).count() == 1
    check(job, sandbox, caplog)


@pytest.mark.fault(44)
@pytest.mark.parametrize(**S_AND_X)
def test_a_single_row_too_large_is_rejected_and_the_others_arrive(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    connection = actions.add_connection(name="Account", base_url=sandbox.url, token=sandbox.token, by=None)
    long = "x" * 400 + "@example.com"  # no address the platform knows is too long; only the body is
    sandbox.desk.change({"body_limit": 450})
    job = begun_on(anna, connection, [*people(2), "y" * 60 + "@example.com", long[-200:]], safe=safe)

    job = ended(job, clock)

    sums = totals(job)
    assert (job.state, sums.accepted + sums.rejected + sums.invalid) == (JobState.DONE, 4)
    assert sums.accepted >= 2
    check(job, sandbox, caplog)


# --- the whole request ---


@pytest.mark.fault(46)
@pytest.mark.parametrize(**S_AND_X)
def test_a_request_refused_as_a_whole_gives_every_row_its_code_and_x_is_not_resent(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    sandbox.desk.change({"path": "import_batch", "error": 404, "error_text": "No database"})

    job = ended(begun(anna, sandbox.url, token=sandbox.token, safe=safe), clock)

    assert (job.state, totals(job).rejected) == (JobState.DONE, 4)
    assert safe or len(sandbox.platform.deliveries) == 1
    check(job, sandbox, caplog)


# --- everybody ---


@pytest.mark.fault(47)
@pytest.mark.parametrize("error", [401, 403])
@pytest.mark.parametrize(**S_AND_X)
def test_a_refused_token_among_many_batches_stops_at_one_and_a_new_one_goes_on(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, error: int, safe: bool
) -> None:
    job = begun(anna, sandbox.url, token=sandbox.token, rows=24, safe=safe, profiles_per_request=1)
    sandbox.desk.change({"path": "import_batch", "skip": 8, "error": error})

    job = ended(job, clock)

    assert job.state == JobState.HELD
    assert len(sandbox.platform.deliveries) == 9
    check(job, sandbox, caplog)

    sandbox.desk.change({"reset": True})
    sandbox.platform.token = "another-token-0815"
    actions.change_connection(job.connection, by=anna, token=sandbox.platform.token)
    job = ended(actions.resume_job(job, by=anna), clock)

    assert (job.state, totals(job).accepted) == (JobState.DONE, 24)
    assert violations(job, replace(book_of(sandbox), rotated=True), logged=caplog.text) == []


@pytest.mark.fault(48)
@pytest.mark.parametrize(**S_AND_X)
def test_a_used_up_tariff_holds_the_import_and_the_page_says_so(
    as_anna: Any, anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    sandbox.desk.change({"path": "import_batch", "error": 402, "error_text": "limit"})

    job = ended(begun(anna, sandbox.url, token=sandbox.token, safe=safe), clock)

    assert (job.state, job.hold["code"]) == (JobState.HELD, "tariff_limit")
    assert "tariff" in text_of(as_anna.get(reverse("job_sending", args=[job.uuid]))).lower()
    assert len(sandbox.platform.deliveries) == 1
    check(job, sandbox, caplog)


# --- the rate ---


@pytest.mark.fault(49)
@pytest.mark.parametrize(
    ("wish", "least", "most"),
    [
        ("30", 30, 40),
        ("date:30", 28, 40),
        ("-5", 1, 2),
        ("99999", 900, 1100),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 900, 1100),
        ("", 1, 10),
        ("soon", 1, 10),
    ],
)
@pytest.mark.parametrize(**S_AND_X)
def test_a_wish_to_wait_is_kept_by_every_worker_and_every_import(
    anna: Any,
    sandbox: Any,
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
    wish: str,
    least: int,
    most: int,
    safe: bool,
) -> None:
    sandbox.desk.change({"path": "import_batch", "times": 1, "status": 429, "retry_after": wish})
    job = begun(anna, sandbox.url, token=sandbox.token, rows=4, safe=safe, profiles_per_request=1)
    other = begun_on(anna, job.connection, people(2, start=50), safe=safe)

    asked = timezone.now()
    actions.send_next_batch(job.connection_id)
    refusals = [actions.send_next_batch(job.connection_id) for _ in range(3)]
    blocked = Connection.objects.get().blocked_until

    assert all(isinstance(step, actions.Later) for step in refusals)
    assert blocked is not None
    assert timedelta(seconds=least) <= blocked - asked <= timedelta(seconds=most)
    assert len(sandbox.platform.deliveries) == 1

    clock.sleep(most)
    job, other = ended(job, clock), ended(other, clock)
    assert (totals(job).accepted, totals(other).accepted) == (4, 2)
    check(job, sandbox, caplog)


@pytest.mark.fault(49)
@pytest.mark.parametrize(**S_AND_X)
def test_a_platform_that_still_asks_to_wait_after_twenty_hours_leaves_the_import_to_a_person(
    anna: Any, sandbox: Any, clock: HandClock, caplog: pytest.LogCaptureFixture, safe: bool
) -> None:
    sandbox.desk.change({"path": "import_batch", "status": 429, "retry_after": "900"})

    job = begun(anna, sandbox.url, token=sandbox.token, rows=4, safe=safe)
    actions.send_next_batch(job.connection_id)
    clock.sleep(timedelta(hours=19).total_seconds())
    actions.send_next_batch(job.connection_id)
    assert len(sandbox.platform.deliveries) == 2
    clock.sleep(timedelta(hours=1).total_seconds())

    job = ended(job, clock)

    assert job.state == JobState.NEEDS_DECISION and job.batches.get().state == BatchState.HELD
    assert len(sandbox.platform.deliveries) == 2
    check(job, sandbox, caplog)

    sandbox.desk.change({"reset": True})
    job = ended(actions.resume_job(job, by=anna), clock)
    assert (job.state, totals(job).accepted) == (JobState.DONE, 4)


# --- elsewhere ---


@pytest.mark.fault(51)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(**S_AND_X)
def test_a_redirect_is_not_followed_and_holds_the_import(
    anna: Any,
    sandbox: Any,
    clock: HandClock,
    platform: Callable[..., FaultyServer],
    caplog: pytest.LogCaptureFixture,
    status: int,
    safe: bool,
) -> None:
    elsewhere = platform(answers(200, {}))
    sandbox.desk.change({"path": "import_batch", "status": status, "redirect": f"{elsewhere.url}/api"})

    job = ended(begun(anna, sandbox.url, token=sandbox.token, safe=safe), clock)

    assert (job.state, job.hold["code"]) == (JobState.HELD, "redirected")
    assert elsewhere.connections == []
    assert len(sandbox.platform.deliveries) == 1
    assert job.batches.get().state == BatchState.HELD
    check(job, sandbox, caplog)
