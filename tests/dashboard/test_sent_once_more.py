"""Rows that did not get in are taken up again from the results with one press, all or those of one reason."""

from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.factories import fresh, make_connection, make_done_job, make_sending_job

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = "E-mail,First name,Phone\n" + "".join(f"p{n}@example.com,P,\n" for n in range(4)) + "nobody,P,\n"


@pytest.fixture
def account(sandbox: Any) -> Connection:
    return make_connection(sandbox, profiles_per_request=2, parallel=1)


@pytest.fixture
def job(anna: Any, account: Connection, sandbox: Any) -> ImportJob:
    sandbox.desk.change({"fail_every": 2})
    return make_done_job(anna, account, PEOPLE)


def results(browser: Any, job: ImportJob) -> str:
    return browser.get(reverse("job_results", args=[job.uuid])).text


def test_the_rejected_are_sent_once_more_by_reason_or_all(as_anna: Any, job: ImportJob) -> None:
    page = results(as_anna, job)
    where = reverse("job_follow", args=[job.uuid])
    assert page.count(f'action="{where}"') == 3, "the rejected, one reason of them, and those that failed the check"
    assert '<input type="hidden" name="code" value="1011:Incorrect phone">' in page

    as_anna.post(where, {"outcome": "rejected", "code": "1011:Incorrect phone"})
    as_anna.post(where, {"outcome": "rejected"})

    made = ImportJob.objects.filter(follows=job).order_by("pk")
    assert [(one.rows, one.state) for one in made] == [(2, JobState.CHECKED)] * 2


def test_what_was_not_sent_can_be_sent_now(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account, PEOPLE)
    actions.send_next_batch(account.pk)
    assert "Send them now" not in results(as_anna, job)

    actions.cancel_job(fresh(job), by=anna)

    assert "2 rows were not sent" in results(as_anna, job)
    assert "Send them now" in results(as_anna, job)


def test_auditors_are_offered_nothing(as_vera: Any, job: ImportJob) -> None:
    assert reverse("job_follow", args=[job.uuid]) not in results(as_vera, job)
