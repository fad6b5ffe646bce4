"""Step 4: progress, the reason of every pause, stopping and continuing."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboard.presenting.batches import MOST_SQUARES, strip_of
from imports import actions, bells
from imports.models import Attempt, Batch, Connection, HistoryEvent, ImportJob, RowSlice, SweepRun
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection, make_done_job, make_sending_job

SIX = "E-mail\n" + "".join(f"person{number}@example.com\n" for number in range(6))
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def queue_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "queue_trouble", lambda: "")


@pytest.fixture
def account(sandbox: Any, db: None) -> Connection:
    return make_connection(sandbox, profiles_per_request=2, parallel=1)


def address(job: ImportJob, page: str = "job_sending") -> str:
    return reverse(page, args=[job.uuid])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def send_some(job: ImportJob, batches: int) -> ImportJob:
    for _ in range(batches):
        actions.send_next_batch(job.connection_id, job_id=job.pk)
    return fresh(job)


def test_progress_is_told_in_numbers_squares_and_the_open_sum(as_anna: Any, anna: Any, account: Connection) -> None:
    job = send_some(make_sending_job(anna, account, SIX), 1)
    text = text_of(as_anna.get(address(job)))
    assert "Sending: 33.3%" in text
    assert "2 of 6 profiles answered" in text
    assert 'href="#b-answered"' in text
    assert 'href="#b-ready"' in text
    assert "sumline open" in text
    assert f'hx-get="{address(job)}"' in text
    assert '<noscript><meta http-equiv="refresh"' in text


def test_a_poll_brings_the_live_part_the_heading_and_the_title(as_anna: Any, anna: Any, account: Connection) -> None:
    job = send_some(make_sending_job(anna, account, SIX), 2)
    part = text_of(as_anna.get(address(job), headers=HTMX))
    assert part.startswith("<title>66.7% · people.csv")
    assert '<span id="headline" hx-swap-oob="true">Sending: 66.7%</span>' in part
    assert "<html" not in part


def test_a_finished_import_leads_to_its_results(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, SIX)
    assert as_anna.get(address(job))["Location"] == address(job, "job_results")
    assert as_anna.get(address(job), headers=HTMX)["HX-Redirect"] == address(job, "job_results")


def test_before_send_there_is_no_progress(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, SIX)
    assert as_anna.get(address(job))["Location"] == address(job, "job")


def test_before_the_first_batch_it_says_when_it_starts(as_anna: Any, anna: Any, account: Connection) -> None:
    text = text_of(as_anna.get(address(make_sending_job(anna, account, SIX))))
    assert "Sending starts within 15 seconds." in text


def test_when_nothing_moves_for_a_minute_it_says_whom_to_ask(as_anna: Any, anna: Any, account: Connection) -> None:
    SweepRun.objects.create(pk=1, ended_at=timezone.now())  # a worker is there
    job = send_some(make_sending_job(anna, account, SIX), 1)
    ImportJob.objects.filter(pk=job.pk).update(last_claim_at=timezone.now() - timedelta(minutes=3))
    assert "Nothing has moved for 3 min" in text_of(as_anna.get(address(job)))


def test_a_platform_that_asks_to_wait_is_quoted_with_the_time(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    job = send_some(make_sending_job(anna, account, SIX), 1)
    assert "<dt>Time left</dt><dd>–</dd>" not in text_of(as_anna.get(address(job)))
    sandbox.desk.change({"status": 429, "retry_after": "90"})
    send_some(job, 1)
    text = text_of(as_anna.get(address(job)))
    assert "Paused until" in text and "<dt>Time left</dt><dd>–</dd>" in text
    assert "Altcraft asks to wait. Sending goes on by itself at" in text
    assert "Nothing is lost and nothing is sent twice" in text


def test_a_platform_that_only_asks_to_wait_is_told_with_since_when_and_whom_to_ask(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"status": 429, "retry_after": "90"})
    job = send_some(make_sending_job(anna, account, SIX), 1)
    assert "nothing else since" not in text_of(as_anna.get(address(job)))

    begun, first = timezone.now() - timedelta(hours=3), timezone.now() - timedelta(hours=2)
    ImportJob.objects.filter(pk=job.pk).update(started_at=begun)
    Attempt.objects.update(ended_at=first)
    text = text_of(as_anna.get(address(job)))
    assert f'It has said nothing else since <time datetime="{first:%Y-%m-%dT%H:%M:%SZ}"' in text
    assert "your administrator or Altcraft's support can tell" in text

    Connection.objects.update(blocked_until=None)  # others may go, this batch was refused more often and waits longer
    Batch.objects.update(next_try_at=timezone.now() + timedelta(minutes=2))
    assert "Altcraft asks to wait. Sending goes on by itself at" in text_of(as_anna.get(address(job)))


def test_after_another_answer_the_wish_to_wait_is_a_new_one(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    job = send_some(make_sending_job(anna, account, SIX), 1)
    Attempt.objects.update(ended_at=timezone.now() - timedelta(hours=2))
    ImportJob.objects.filter(pk=job.pk).update(started_at=timezone.now() - timedelta(hours=3))
    sandbox.desk.change({"status": 429, "retry_after": "90"})
    send_some(job, 1)
    text = text_of(as_anna.get(address(job)))
    assert "Altcraft asks to wait" in text and "nothing else since" not in text


def test_a_platform_that_cannot_be_reached_is_told_with_the_next_try(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    job = make_sending_job(anna, account, SIX)
    sandbox.stop()
    send_some(job, 1)
    Connection.objects.filter(pk=account.pk).update(blocked_until=timezone.now() + timedelta(minutes=2))
    assert "Altcraft cannot be reached. The next try is at" in text_of(as_anna.get(address(job)))


def test_a_refused_token_stops_it_and_continue_goes_on(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"error": 401, "times": 1})
    job = send_some(make_sending_job(anna, account, SIX), 1)
    assert job.state == JobState.HELD
    text = text_of(as_anna.get(address(job)))
    assert "Altcraft refused the token" in text
    assert "data-poll" not in text.split('id="toasts"')[0]
    answer = as_anna.post(address(job, "job_resume"))
    assert answer["Location"] == address(job, "job")
    assert fresh(job).state == JobState.SENDING
    actions.drain(job.pk)
    assert fresh(job).state == JobState.DONE


def test_an_answer_that_never_came_leads_to_the_decision(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"drop": "after", "times": 1})
    job = make_done_job(anna, account, SIX, skip_triggers=False)
    assert job.state == JobState.NEEDS_DECISION
    text = text_of(as_anna.get(address(job)))
    assert "For 2 profiles there is no readable answer." in text
    assert address(job, "job_unknown") in text


def test_reasons_of_rejected_rows_appear_as_they_come(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"fail_every": 2})
    job = send_some(make_sending_job(anna, account, SIX), 2)
    text = text_of(as_anna.get(address(job)))
    assert "Rejected so far, by reason" in text
    assert "1011 Incorrect phone" in text


def test_an_import_waits_its_turn_behind_another(as_anna: Any, anna: Any, account: Connection) -> None:
    other = make_sending_job(anna, account, SIX)
    Batch.objects.filter(job=other, number=1).update(state=BatchState.SENDING)
    text = text_of(as_anna.get(address(make_sending_job(anna, account, SIX))))
    assert "Waits for its turn." in text


def test_stop_says_what_has_gone_and_leaves_the_rest_not_sent(as_anna: Any, anna: Any, account: Connection) -> None:
    job = send_some(make_sending_job(anna, account, SIX), 1)
    text = text_of(as_anna.get(address(job)))
    assert "2 profiles have been answered; what was accepted stays in Altcraft." in text
    assert "Stop, leave 4 not sent" in text
    as_anna.post(address(job, "job_cancel"))
    assert fresh(job).state == JobState.CANCELLED
    assert "4 were not sent" in text_of(as_anna.get(address(job, "job_results")))


def test_stopping_waits_for_what_is_on_the_wire(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    Batch.objects.filter(job=job, number=1).update(state=BatchState.SENDING)
    as_anna.post(address(job, "job_cancel"))
    text = text_of(as_anna.get(address(job)))
    assert "Stopping: nothing more is sent." in text
    assert "1 batch is on the wire and will still be answered." in text
    assert 'popovertarget="stop"' not in text


@pytest.mark.parametrize("page", ["job_cancel", "job_pause", "job_resume"])
def test_what_is_over_is_told_not_broken(as_anna: Any, anna: Any, account: Connection, page: str) -> None:
    job = make_done_job(anna, account, SIX)
    answer = as_anna.post(address(job, page), follow=True)
    assert answer.status_code == 200
    assert 'role="alert"' in text_of(answer).partition('id="messages"')[2]


def test_thousands_of_batches_share_squares_and_keep_their_numbers(anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    kept = Batch.objects.filter(job=job).first()
    assert kept is not None
    Batch.objects.bulk_create(
        Batch(
            job=job,
            row_slice=RowSlice.objects.current(job)[0],
            number=number,
            **{"start": 0, "stop": 1, "first_row": number, "last_row": number, "rows": 1, "body_bytes": 1},
            state=BatchState.READY,
        )
        for number in range(10, 1010)
    )
    Batch.objects.filter(job=job, number=500).update(state=BatchState.UNKNOWN)
    strip = strip_of(job)
    assert len(strip.squares) <= MOST_SQUARES
    assert strip.each == 3
    assert strip.squares.count("unknown") == 1
    assert sum(count for _, _, count in strip.legend) == strip.count == 1003
    assert "1,003" in strip.label


def test_who_stopped_and_who_continued_stands_in_history(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    as_anna.post(address(job, "job_cancel"))
    event = HistoryEvent.objects.of_job(job.pk).filter(verb="job_cancelled").first()
    assert event is not None
    assert event.actor_id == anna.pk


def test_an_auditor_looks_on_without_buttons(as_vera: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    text = text_of(as_vera.get(address(job)))
    assert 'popovertarget="stop"' not in text
    assert address(job, "job_cancel") not in text
    for page in ("job_cancel", "job_pause", "job_resume"):
        assert as_vera.post(address(job, page)).status_code == 403
    assert fresh(job).state == JobState.SENDING


def test_a_stranger_is_sent_to_sign_in(client: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    assert reverse("login") in client.get(address(job))["Location"]
    for page in ("job_cancel", "job_pause", "job_resume"):
        assert reverse("login") in client.post(address(job, page))["Location"]
    assert fresh(job).state == JobState.SENDING


def test_the_wrong_method_is_refused(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    assert as_anna.post(address(job)).status_code == 405
    for page in ("job_cancel", "job_pause", "job_resume"):
        assert as_anna.get(address(job, page)).status_code == 405


# --- pausing ---


def test_pause_and_continue_say_who_and_when(as_anna: Any, anna: Any, account: Connection) -> None:
    job = send_some(make_sending_job(anna, account, SIX), 1)
    assert address(job, "job_pause") in text_of(as_anna.get(address(job)))

    as_anna.post(address(job, "job_pause"))

    assert fresh(job).state == JobState.PAUSED
    text = text_of(as_anna.get(address(job)))
    assert "Paused at 33.3%" in text
    assert "Paused by anna at" in text
    assert address(job, "job_pause") not in text
    assert address(job, "job_resume") in text
    assert 'data-poll="5000"' in text

    as_anna.post(address(job, "job_resume"))
    actions.drain(job.pk)
    assert fresh(job).state == JobState.DONE


def test_a_second_pause_is_told(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    as_anna.post(address(job, "job_pause"))
    text = text_of(as_anna.post(address(job, "job_pause"), follow=True))
    assert "This import is not being sent, so it cannot be paused." in text


def test_a_breaker_that_is_open_is_told_with_its_next_look(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, SIX)
    now = timezone.now()
    opened = {"opened_at": now, "failures_in_row": 5, "blocked_until": now + timedelta(minutes=1)}
    Connection.objects.filter(pk=account.pk).update(**opened)
    assert "Resting after 5 calls without an answer. The next look is at" in text_of(as_anna.get(address(job)))


# --- what a poll costs ---


@pytest.fixture
def long_job(anna: Any, account: Connection) -> ImportJob:
    """A job of a thousand batches, most of them waiting."""
    job = send_some(make_sending_job(anna, account, SIX), 1)
    row_slice = RowSlice.objects.current(job)[0]
    Batch.objects.bulk_create(
        Batch(
            job=job,
            row_slice=row_slice,
            number=number,
            **{"start": 0, "stop": 1, "first_row": number, "last_row": number, "rows": 1, "body_bytes": 1},
            state=BatchState.READY,
        )
        for number in range(10, 1010)
    )
    Batch.objects.filter(job=job, number__in=[20, 21]).update(state=BatchState.SENDING)
    return job


def as_shown(browser: Any, job: ImportJob) -> dict[str, str]:
    page = text_of(browser.get(address(job)))
    return dict(re.findall(r'<input type="hidden" name="(seen|was)" value="([^"]*)"', page))


def test_a_poll_asks_few_questions_and_brings_little(
    as_anna: Any, long_job: ImportJob, django_assert_max_num_queries: Any
) -> None:
    shown = as_shown(as_anna, long_job)
    with django_assert_max_num_queries(10):
        answer = as_anna.get(address(long_job), shown, headers=HTMX)
    assert len(answer.content) < 8_000
    assert b'id="strip-' not in answer.content
    with django_assert_max_num_queries(10):
        news = as_anna.get(address(long_job), {"part": "news"}, headers=HTMX)
    assert len(news.content) < 8_000
    assert b'id="tries"' in news.content
    assert b'id="happened" hx-swap-oob="true"' in news.content


def test_only_the_squares_that_changed_come_with_a_poll(as_anna: Any, long_job: ImportJob) -> None:
    shown = as_shown(as_anna, long_job)
    Batch.objects.filter(job=long_job, number=500).update(state=BatchState.UNKNOWN)
    text = text_of(as_anna.get(address(long_job), shown, headers=HTMX))
    assert len(re.findall(r'<span id="strip-\d+" hx-swap-oob="true">', text)) == 1
    assert 'id="strip-legend" hx-swap-oob="true"' in text
    assert 'id="pausing"' not in text


@pytest.mark.parametrize("seen", ["", "zz", "1-2-3"])
def test_a_page_that_fits_no_more_gets_all_squares(as_anna: Any, long_job: ImportJob, seen: str) -> None:
    text = text_of(as_anna.get(address(long_job), {"seen": seen, "was": "sending"}, headers=HTMX))
    assert 'id="strip" class="strip" role="img" aria-labelledby="strip-legend" hx-swap-oob="true"' in text


def test_a_pause_by_somebody_else_takes_the_button_away(as_anna: Any, boris: Any, long_job: ImportJob) -> None:
    shown = as_shown(as_anna, long_job)
    actions.pause_job(long_job, by=boris)
    text = text_of(as_anna.get(address(long_job), shown, headers=HTMX))
    assert 'id="pausing" hx-swap-oob="true"' in text
    assert address(long_job, "job_pause") not in text


def test_who_is_before_it_is_told_by_name_while_they_are_few(as_anna: Any, anna: Any, account: Connection) -> None:
    other = make_sending_job(anna, account, SIX)
    Batch.objects.filter(job=other, number=1).update(state=BatchState.SENDING)
    text = text_of(as_anna.get(address(make_sending_job(anna, account, SIX))))
    assert "1 other import of the same account is being sent; they take turns, batch by batch. “people.csv”." in text


def test_workers_that_are_busy_elsewhere_are_told(as_anna: Any, anna: Any, account: Connection, sandbox: Any) -> None:
    other = make_sending_job(anna, make_connection(sandbox, name="Other"), SIX)
    Batch.objects.filter(job=other, number=1).update(state=BatchState.SENDING)
    job = make_sending_job(anna, account, SIX)
    ImportJob.objects.filter(pk=job.pk).update(started_at=timezone.now() - timedelta(seconds=30))
    assert "The workers are busy with 1 import into another account." in text_of(as_anna.get(address(job)))


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (None, "Nobody listens to the queue: no worker has been seen yet."),
        (300, "Nobody listens to the queue: no worker has been seen since"),
        (5, "Nothing has moved for"),
    ],
)
def test_a_queue_nobody_listens_to_is_told(
    as_anna: Any, anna: Any, account: Connection, seen: int | None, told: str
) -> None:
    job = make_sending_job(anna, account, SIX)
    ImportJob.objects.filter(pk=job.pk).update(started_at=timezone.now() - timedelta(minutes=10))
    if seen is not None:
        SweepRun.objects.create(pk=1, ended_at=timezone.now() - timedelta(seconds=seen))
    assert told in text_of(as_anna.get(address(job)))
