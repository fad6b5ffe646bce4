"""One row from its cells to the answer."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from imports.models import Connection, HistoryEvent, ImportJob
from tests.dashboard.test_results_page import FILE
from tests.factories import make_checked_job, make_done_job, make_job


@pytest.fixture
def job(anna: Any, account: Connection, sandbox: Any) -> ImportJob:
    """Row 2 set aside, row 3 invalid, row 5 rejected, rows 4 and 6 accepted."""
    sandbox.desk.change({"fail_every": 2})
    return make_done_job(anna, account, FILE)


def address(job: ImportJob, number: int) -> str:
    return reverse("job_row", args=[job.uuid, number])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_an_accepted_row_is_told_from_cell_to_profile_id(as_anna: Any, job: ImportJob, sandbox: Any) -> None:
    answer = as_anna.get(address(job, 6))
    text = text_of(answer)
    assert "Row 6: accepted" in text
    assert "8 900 000 00 05" in text
    assert "Batch 1, place 3 of 3" in text
    assert "Try 1: Answered" in text
    assert "HTTP 200" in text
    assert "Altcraft answered: accepted" in text
    shown = re.search(r'<pre[^>]*id="sent"[^>]*>(.*?)</pre>', text, re.S)
    assert shown
    assert json.loads(shown[1])["phones"] == ["+79000000005"]
    assert "no-store" in answer["Cache-Control"]


def test_a_rejected_row_quotes_the_answer(as_anna: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job, 5)))
    assert "Altcraft answered: rejected" in text
    assert 'Incorrect phone <span class="tech">1011</span>' in text


def test_an_invalid_row_marks_the_cell_and_says_what_to_do(as_anna: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job, 3)))
    assert "Our check: it cannot go" in text
    assert re.search(r'class="cell-bad">.*?no address', text)
    assert "Try 1" not in text


def test_a_row_set_aside_leads_to_the_one_that_is_sent(as_anna: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job, 2)))
    assert "Set aside" in text and "has the same key and is sent instead" in text
    assert f'href="{address(job, 4)}">row 4</a>' in text


def test_neighbours_follow_the_filter_of_the_list(as_anna: Any, job: ImportJob) -> None:
    every = text_of(as_anna.get(address(job, 4)))
    assert f'href="{address(job, 3)}" rel="prev"' in every
    assert f'href="{address(job, 5)}" rel="next"' in every
    accepted = text_of(as_anna.get(address(job, 4), {"outcome": "accepted"}))
    assert 'rel="prev"' not in accepted
    assert f'href="{address(job, 6)}?outcome=accepted" rel="next"' in accepted


def test_looking_is_recorded_without_what_was_seen(as_anna: Any, anna: Any, job: ImportJob) -> None:
    as_anna.get(address(job, 6))
    event = HistoryEvent.objects.newest_first().first()
    assert event is not None
    assert (event.verb, event.actor_id, event.details) == ("row_viewed", anna.pk, {"row": 6})


def test_an_auditor_sees_it_masked_and_that_is_no_look(as_vera: Any, job: ImportJob) -> None:
    text = text_of(as_vera.get(address(job, 6)))
    for secret in ("igor@example.org", "Igor", "8 900 000 00 05", 'id="sent"'):
        assert secret not in text
    assert "i•••@e•••.org" in text
    assert not HistoryEvent.objects.filter(verb="row_viewed").exists()


def test_an_unanswered_row_shows_what_came_back_and_leads_to_the_decision(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"login_page": True})
    job = make_done_job(anna, account, FILE, skip_triggers=False)
    text = text_of(as_anna.get(address(job, 6)))
    assert "Row 6: unknown" in text
    assert "What came back" in text
    assert f"{reverse('job_unknown', args=[job.uuid])}?batch=1" in text


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"profile_limit": 2}, r"Cut from batch 1, because the platform refused [\d.]+"),
        (
            {"path": "import_batch", "poison": "kamila"},
            "Cut from batch 1, which the platform refused as a whole: “400 ",
        ),
    ],
    ids=["too large", "refused"],
)
def test_a_row_of_a_batch_that_was_cut_says_from_what_and_why(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any, fault: dict[str, Any], told: str
) -> None:
    sandbox.desk.change(fault)
    people = "kamila@example.com,K\ndaria@example.com,D\nolga@example.com,O\n"
    job = make_done_job(anna, account, f"E-mail,First name\n{people}")

    assert re.search(told, text_of(as_anna.get(address(job, 2))))


def test_a_row_before_sending_has_no_answer_yet(as_anna: Any, anna: Any, account: Connection) -> None:
    text = text_of(as_anna.get(address(make_checked_job(anna, account, FILE), 6)))
    assert "Our check: fine" in text
    assert "Batch 1, place 3 of 3" in text
    assert "Altcraft answered" not in text


def test_a_row_before_the_check_shows_its_cells(as_anna: Any, anna: Any) -> None:
    text = text_of(as_anna.get(address(make_job(anna, FILE), 6)))
    assert "Not checked yet" in text
    assert "igor@example.org" in text


@pytest.mark.parametrize("number", [0, 1, 7, 10**12])
def test_a_row_the_file_does_not_have_is_not_found(as_anna: Any, job: ImportJob, number: int) -> None:
    assert as_anna.get(address(job, number)).status_code == 404


def test_what_the_file_holds_is_never_markup(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, "E-mail,<b>Note\nkamila@example.com,<script>alert(1)</script>\n")
    text = as_anna.get(address(job, 2)).content.decode()
    assert "<script>alert" not in text
    assert "<b>Note" not in text


def test_a_stranger_and_a_wrong_method_are_refused(client: Any, as_anna: Any, job: ImportJob) -> None:
    assert reverse("login") in client.get(address(job, 6))["Location"]
    assert as_anna.post(address(job, 6)).status_code == 405


def test_the_answer_for_the_row_alone_stands_beside_what_was_sent(as_anna: Any, as_vera: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job, 5)))
    shown = re.search(r'<pre[^>]*id="answered"[^>]*>(.*?)</pre>', text, re.S)
    assert shown
    assert json.loads(shown[1]) == {"error": 1011, "error_text": "Incorrect phone"}
    assert 'id="answered"' not in text_of(as_vera.get(address(job, 5)))
