"""Bringing a file or a pasted table in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.models import ImportJob
from imports.states import JobState
from tests.factories import CSV

NEW, PASTE = "/imports/new/", "/imports/paste/"


def a_file(content: bytes = CSV.encode(), name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


def test_the_page_says_types_and_limits(as_anna: Any) -> None:
    text = as_anna.get(NEW).content.decode()
    assert "XLSX, XLS, ODS, CSV, TSV, TXT or JSON" in text
    assert "512\xa0MB" in text
    assert 'data-limit="536870912"' in text


def test_a_file_becomes_a_job_that_is_read_at_once(as_anna: Any, anna: Any) -> None:
    answer = as_anna.post(NEW, {"file": a_file()})
    job = ImportJob.objects.get()
    assert answer.url == reverse("job_file", args=[job.uuid])
    assert (job.title, job.state, job.rows, job.created_by) == ("people.csv", JobState.READ, 2, anna)


def test_a_file_sent_by_the_script_is_followed_by_a_redirect_of_the_page(as_anna: Any) -> None:
    answer = as_anna.post(NEW, {"file": a_file()}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("job_file", args=[ImportJob.objects.get().uuid])


def test_a_large_file_waits_to_be_read(as_anna: Any) -> None:
    content = CSV.encode() + b"somebody@example.com,Somebody,\n" * 40_000
    as_anna.post(NEW, {"file": a_file(content)})
    assert ImportJob.objects.get().state == JobState.UPLOADED


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [({}, "No file was chosen"), ({"file": a_file(b"")}, "The file is empty")],
)
def test_no_file_or_an_empty_one_is_told(as_anna: Any, posted: dict[str, Any], sentence: str) -> None:
    answer = as_anna.post(NEW, posted)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_file_beyond_the_limit_is_told(as_anna: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 50
    answer = as_anna.post(NEW, {"file": a_file()}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "larger than 50 bytes" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_pasted_table_is_read_like_a_file(as_anna: Any) -> None:
    answer = as_anna.post(PASTE, {"text": "E-mail\tCity\nkamila@example.com\tKazan\n"})
    job = ImportJob.objects.get()
    assert answer.url == reverse("job_file", args=[job.uuid])
    assert (job.kind, job.headers, job.rows) == ("paste", ["E-mail", "City"], 1)


def test_nothing_pasted_is_told(as_anna: Any) -> None:
    answer = as_anna.post(PASTE, {"text": "  \n"})
    assert answer.status_code == 422
    assert "Nothing was pasted" in answer.content.decode()


def test_what_was_pasted_stays_when_it_is_refused(as_anna: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 10
    answer = as_anna.post(PASTE, {"text": "E-mail\nkamila@example.com"})
    assert answer.status_code == 422
    assert "kamila@example.com" in answer.content.decode()


def test_reading_and_pasting_have_their_methods(as_anna: Any) -> None:
    assert as_anna.get(PASTE).status_code == 405
    assert as_anna.put(NEW).status_code == 405


@pytest.mark.parametrize("address", [NEW, PASTE])
def test_an_auditor_may_not_bring_files(as_vera: Any, address: str) -> None:
    assert as_vera.post(address).status_code == 403


@pytest.mark.parametrize("address", [NEW, "/imports/form/", "/"])
def test_strangers_are_asked_to_sign_in(client: Any, db: None, address: str) -> None:
    assert client.get(address).url == f"/login/?next={address}"
