"""Hostile, odd and mislabelled files and strings: each has an outcome with words, and no process notices."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports import actions
from imports.models import ImportJob
from imports.results import totals
from imports.states import JobState, Outcome
from imports.validation.text import TRIMMED
from imports.wording import CATALOGUE
from tests.factories import fresh, make_connection, make_sending_job
from tests.faults.ledger import rows_of
from tests.faults.strange_files import HOSTILE, MISLABELLED, NAMES, NAUGHTY, SPECTRUM, odd_texts
from tests.workbooks import csv_bytes

pytestmark = pytest.mark.django_db(transaction=True)

GROWTH = 50_000_000
KNOWN = {JobState.READ, JobState.UNREADABLE}


@contextmanager
def stays_small() -> Iterator[None]:
    """The process that takes the file keeps its number and its size; a parser that dies is somebody else."""
    pid, before = os.getpid(), most_memory()
    yield
    assert os.getpid() == pid
    assert most_memory() - before < GROWTH


def most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def taken_in(browser: Any, content: bytes, name: str = "people.csv") -> tuple[ImportJob | None, str]:
    """The import made of the file, if any, and what the page says."""
    file = SimpleUploadedFile(name, content)
    with stays_small():
        answer = browser.post(reverse("job_new"), {"file": file})
        if answer.status_code == 422:
            return None, unescape(answer.content.decode())
        assert answer.status_code == 302
        job = ImportJob.objects.order_by("-pk")[0]
        actions.read_job(job.pk)
        page = browser.get(answer["Location"])
    assert page.status_code == 200
    return fresh(job), unescape(page.content.decode())


def has_an_outcome(job: ImportJob | None, page: str) -> bool:
    """Refused on the page, read, or unreadable for a reason that has words."""
    if job is None:
        return "errorlist" in page or "notice" in page
    if job.state == JobState.UNREADABLE:
        return bool(job.fault and job.fault["code"] in CATALOGUE)
    return job.state == JobState.READ and all(code in CATALOGUE for code, _ in job.notes)


# --- files ---


@pytest.mark.fault(66)
@pytest.mark.parametrize("name", SPECTRUM)
def test_every_dialect_of_csv_is_read_exactly(as_anna: Any, name: str) -> None:
    content, rows = SPECTRUM[name]

    job, page = taken_in(as_anna, content)

    assert has_an_outcome(job, page)
    assert job is not None
    assert [row.cells for row in rows_of(job)] == rows


@pytest.mark.fault(66)
@pytest.mark.parametrize("name", MISLABELLED)
def test_a_mislabelled_file_is_what_it_holds(as_anna: Any, name: str) -> None:
    content, called = MISLABELLED[name]

    job, page = taken_in(as_anna, content, called)

    assert has_an_outcome(job, page)
    assert job is not None
    assert job.state == (JobState.READ if name.split()[0] in ("csv", "xlsx", "json") else JobState.UNREADABLE)


@pytest.mark.fault(66)
@pytest.mark.parametrize("make", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_workbook_is_refused_with_its_reason(as_anna: Any, make: Callable[[], bytes]) -> None:
    job, page = taken_in(as_anna, make(), "people.xlsx")

    assert has_an_outcome(job, page)
    assert job is not None
    assert job.state in KNOWN
    assert job.rows <= 2_000_000


@pytest.mark.fault(66)
@pytest.mark.parametrize("name", odd_texts())
def test_an_odd_text_has_an_outcome(as_anna: Any, name: str) -> None:
    job, page = taken_in(as_anna, odd_texts()[name])

    assert has_an_outcome(job, page)


@pytest.mark.fault(66)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_text_and_never_a_path(as_anna: Any, name: str) -> None:
    job, page = taken_in(as_anna, csv_bytes([["E-mail"], ["a@example.com"]]), name)

    assert has_an_outcome(job, page)
    if job is not None:
        assert "/" not in job.title
        assert "\\" not in job.title
        assert len(job.title) <= 300
        assert job.title.isprintable()
        listed = as_anna.get(reverse("job_list")).content.decode()
        assert "<img src=x" not in listed


# --- strings ---


@pytest.mark.fault(66)
def test_a_naughty_string_arrives_as_it_is_or_is_told_as_invalid(
    as_anna: Any, anna: Any, sandbox: Any, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [["E-mail", "First name"]] + [[f"person{n}@example.com", text] for n, text in enumerate(NAUGHTY)]
    job = make_sending_job(anna, make_connection(sandbox), csv_bytes(rows).decode(), database_id=1)

    actions.drain(job.pk)
    told = rows_of(fresh(job))

    assert fresh(job).state == JobState.DONE
    assert len(told) == len(NAUGHTY)
    assert totals(fresh(job)).closes
    for row, text in zip(told, NAUGHTY, strict=True):
        if row.outcome == Outcome.ACCEPTED:
            assert sandbox.platform.profile(row.cells[0]).get("_fname", "") == text.strip(TRIMMED), ascii(text)
        else:
            assert row.outcome == Outcome.INVALID, (ascii(text), row.outcome, row.error_text)
            assert all(code in CATALOGUE for _, code, _ in row.faults)
    for page in ("job_results", "job_history", "job_check"):
        shown = as_anna.get(reverse(page, args=[job.uuid]))
        assert shown.status_code == 200
        assert b"<script>alert(1)" not in shown.content
    assert "person1@example.com" not in caplog.text
