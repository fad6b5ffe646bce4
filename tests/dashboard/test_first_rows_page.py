"""A trial with the first rows, and the brake, as people meet them: chosen on the check, looked at while it is sent."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imports import actions
from imports.models import Connection, ImportJob
from imports.results import totals
from imports.states import JobState
from tests.factories import fresh, make_checked_job, make_connection

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "E-mail,First name,Phone\n"


@pytest.fixture
def account(sandbox: Any) -> Connection:
    return make_connection(sandbox)


@pytest.fixture
def job(anna: Any, account: Connection) -> ImportJob:
    people = "".join(f"person{n}@example.com,Person {n},\n" for n in range(6))
    return make_checked_job(anna, account, HEAD + people)


def address(name: str, job: ImportJob) -> str:
    return reverse(name, args=[job.uuid])


def start(browser: Client, job: ImportJob, **chosen: Any) -> ImportJob:
    browser.post(address("job_start", job), {"check": job.check_version, **chosen})
    return fresh(job)


def test_the_check_offers_a_trial_and_the_page_shows_its_answers(as_anna: Any, job: ImportJob) -> None:
    assert 'name="alone"' in as_anna.get(address("job_check", job)).text
    start(as_anna, job, alone="1", first="2")
    actions.drain(job.pk)

    page = as_anna.get(address("job_sending", job)).text

    assert "The first rows were sent alone: 2 accepted, 0 rejected. 4 wait for you." in page
    assert "person0@example.com" in page and "person1@example.com" in page
    assert "person2@example.com" not in page
    assert "Let the other 4 rows go" in page

    as_anna.post(address("job_go_on", job))
    actions.drain(job.pk)
    assert (fresh(job).state, totals(fresh(job)).accepted) == (JobState.DONE, 6)


def test_a_number_without_the_tick_sends_all_at_once(as_anna: Any, job: ImportJob) -> None:
    assert start(as_anna, job, first="2").canary_rows == 0


def test_nonsense_is_a_sentence_and_sends_nothing(as_anna: Any, job: ImportJob) -> None:
    answer = as_anna.post(
        address("job_start", job), {"check": job.check_version, "alone": "1", "first": "5000"}, follow=True
    )

    assert "So many rows cannot go alone." in answer.text
    assert fresh(job).state == JobState.CHECKED


def test_an_account_that_asks_for_it_leaves_no_choice(as_anna: Any, job: ImportJob, account: Connection) -> None:
    actions.change_connection(account, by=None, canary_rows=3)

    assert "at least 3 rows to be sent alone" in as_anna.get(address("job_check", job)).text
    assert start(as_anna, job).canary_rows == 3


def test_auditors_see_the_first_rows_masked_and_no_button(as_anna: Any, as_vera: Any, job: ImportJob) -> None:
    start(as_anna, job, alone="1", first="2")
    actions.drain(job.pk)

    page = as_vera.get(address("job_sending", job)).text

    assert "p•••@e•••.com" in page and "person0@example.com" not in page
    assert address("job_go_on", job) not in page


def test_the_brake_tells_the_reason_and_takes_a_new_limit(
    as_anna: Any, job: ImportJob, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"fail_every": 2})
    actions.change_connection(account, by=None, parallel=1, brake_percent=20, brake_after=4)
    start(as_anna, job, alone="1", first="4")
    actions.drain(job.pk)

    page = as_anna.get(address("job_sending", job)).text
    assert "2 of 4 were rejected" in page and "limit 20 %" in page

    answer = as_anna.post(address("job_go_on", job), {"brake": "30"}, follow=True)
    assert "50 % are rejected so far" in answer.text
    as_anna.post(address("job_go_on", job), {"brake": "60"})
    actions.drain(job.pk)
    assert ((fresh(job).hold or {})["code"], fresh(job).brake_percent) == ("canary", 60)
