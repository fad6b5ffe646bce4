"""Where work is waited for, a page says that the queue takes no messages, and why; elsewhere it is not even asked."""

from typing import Any

import pytest
from django.urls import reverse

from dashboard.presenting.queue import FAULTS
from imports import actions, bells
from imports.models import ImportJob
from tests.factories import make_connection, make_mapped_job, make_sending_job, make_uploaded_job

CALM = "work starts by itself when it is back"
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the queue is found to be; each question takes one of them."""
    answers: list[str] = []
    monkeypatch.setattr(bells, "queue_trouble", lambda: answers.pop())
    return answers


def being_read(anna: Any, sandbox: Any) -> tuple[str, ImportJob]:
    return "job_file", make_uploaded_job(anna)


def being_checked(anna: Any, sandbox: Any) -> tuple[str, ImportJob]:
    return "job_check", actions.begin_check(make_mapped_job(anna, make_connection(sandbox)), by=anna)


def being_sent(anna: Any, sandbox: Any) -> tuple[str, ImportJob]:
    return "job_sending", make_sending_job(anna, make_connection(sandbox))


@pytest.mark.parametrize("trouble", ["", *FAULTS])
@pytest.mark.parametrize("work", [being_read, being_checked, being_sent])
def test_a_page_that_waits_for_work_says_why_it_may_not_begin(
    as_anna: Any, anna: Any, sandbox: Any, asked: list[str], work: Any, trouble: str
) -> None:
    page, job = work(anna, sandbox)
    asked.append(trouble)

    told = as_anna.get(reverse(page, args=[job.uuid])).content.decode()

    assert asked == []
    assert (CALM in told) is bool(trouble)
    assert all((str(fault) in told) is (code == trouble) for code, fault in FAULTS.items())


def test_the_start_page_says_it_while_something_runs(as_anna: Any, anna: Any, sandbox: Any, asked: list[str]) -> None:
    assert CALM not in as_anna.get("/").content.decode()

    make_sending_job(anna, make_connection(sandbox))
    asked.append(bells.FULL)

    assert str(FAULTS[bells.FULL]) in as_anna.get("/").content.decode()
