"""Step 1: how a file was read, correcting that, files that cannot be read."""

from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.models import ImportJob
from imports.states import JobState
from tests.factories import CSV, fresh, make_job, make_uploaded_job

SEMICOLONS = "E-mail;City\nkamila@example.com;Kazan\n\ndaria@example.org;Perm\n"
HTMX = {"HX-Request": "true"}


def page_of(job: ImportJob) -> str:
    return reverse("job_file", args=[job.uuid])


def preview_of(job: ImportJob) -> str:
    return reverse("job_preview", args=[job.uuid])


def test_the_page_shows_what_was_found(as_anna: Any, anna: Any) -> None:
    text = as_anna.get(page_of(make_job(anna, SEMICOLONS))).content.decode()
    assert "people.csv" in text
    assert "kamila@example.com" in text
    assert 'value=";" selected' in text
    assert '<th scope="row" class="num">4</th>' in text  # the blank row keeps its number


def test_while_it_is_read_the_live_part_asks_again(as_anna: Any, anna: Any) -> None:
    job = make_uploaded_job(anna)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.READING, rows_read=12_640)
    live = as_anna.get(page_of(job), headers=HTMX).content.decode()
    assert "Reading the file: 12,640 rows so far" in live
    assert "data-poll" in live
    assert "<html" not in live
    assert "http-equiv" in as_anna.get(page_of(job)).content.decode()  # without script the page loads itself again


def test_when_it_is_read_the_live_part_stops_asking(as_anna: Any, anna: Any) -> None:
    assert "data-poll" not in as_anna.get(page_of(make_job(anna)), headers=HTMX).content.decode()


def test_another_delimiter_redraws_the_rows_and_changes_nothing(as_anna: Any, anna: Any) -> None:
    job = make_job(anna, SEMICOLONS)
    asked = {"encoding": "utf-8", "delimiter": ",", "header_row": "1"}
    answer = as_anna.get(preview_of(job), asked, headers=HTMX).content.decode()
    assert "kamila@example.com;Kazan" in answer
    assert "<html" not in answer
    assert fresh(job).read_options == job.read_options


def test_without_script_show_draws_the_whole_page(as_anna: Any, anna: Any) -> None:
    job = make_job(anna, SEMICOLONS)
    answer = as_anna.post(page_of(job), {"encoding": "utf-8", "delimiter": ",", "header_row": "1", "show": "1"})
    assert "kamila@example.com;Kazan" in answer.content.decode()
    assert "<html" in answer.content.decode()
    assert fresh(job).read_options == job.read_options


def test_a_correction_reads_the_file_again_and_goes_on(as_anna: Any, anna: Any) -> None:
    job = make_job(anna, SEMICOLONS)
    answer = as_anna.post(page_of(job), {"encoding": "utf-8", "delimiter": ";", "header_row": "0"})
    assert answer.url == reverse("job_columns", args=[job.uuid])
    assert (fresh(job).rows, fresh(job).read_options["header_row"]) == (3, 0)


def test_without_a_correction_nothing_is_read_again(as_anna: Any, anna: Any) -> None:
    job = make_job(anna, SEMICOLONS)
    answer = as_anna.post(page_of(job), {"encoding": "utf-8", "delimiter": ";", "header_row": "1"})
    assert answer.url == reverse("job_columns", args=[job.uuid])
    assert fresh(job).read_version == job.read_version


def test_a_choice_that_is_not_offered_is_told(as_anna: Any, anna: Any) -> None:
    answer = as_anna.post(page_of(make_job(anna)), {"encoding": "klingon", "delimiter": ",", "header_row": "1"})
    assert answer.status_code == 422
    assert "klingon" in answer.content.decode()


def test_a_header_row_below_the_last_row_is_told_in_the_preview(as_anna: Any, anna: Any) -> None:
    asked = {"encoding": "utf-8", "delimiter": ",", "header_row": "17"}
    answer = as_anna.get(preview_of(make_job(anna)), asked, headers=HTMX).content.decode()
    assert 'role="alert"' in answer
    assert "17" in answer


def test_a_picture_is_refused_with_its_reason_and_no_choices(as_anna: Any, anna: Any) -> None:
    job = actions.create_job(chunks=[b"\x89PNG\r\n\x1a\n" + bytes(200)], name="people.csv", by=anna)
    actions.read_job(job.pk)
    text = as_anna.get(page_of(job)).content.decode()
    assert 'role="alert"' in text
    assert "Take another file" in text
    assert "Match columns" not in text
    assert "not_a_table" not in text


def test_an_unreadable_text_can_be_corrected(as_anna: Any, anna: Any) -> None:
    job = make_job(anna, CSV)
    actions.choose_options(job, actions.read_options(job.options, {"header_row": "9"}), by=anna)
    actions.read_job(job.pk)
    text = as_anna.get(page_of(job)).content.decode()
    assert "Read it this way" in text
    answer = as_anna.post(page_of(job), {"encoding": "utf-8", "delimiter": ",", "header_row": "1"})
    assert answer.url == reverse("job_columns", args=[job.uuid])


def test_the_same_bytes_uploaded_before_are_named(as_anna: Any, anna: Any, boris: Any) -> None:
    earlier = make_job(boris)
    text = as_anna.get(page_of(make_job(anna, name="again.csv"))).content.decode()
    assert "This very file has been here before" in text
    assert "boris" in text
    assert reverse("job", args=[earlier.uuid]) in text


def test_of_a_file_that_cannot_be_read_nobody_is_told_to_import_it_again(as_anna: Any, anna: Any, boris: Any) -> None:
    make_job(boris, "%PDF-1.4")
    assert "You can import it again" not in as_anna.get(page_of(make_job(anna, "%PDF-1.4"))).content.decode()


def test_a_different_file_is_not_called_the_same(as_anna: Any, anna: Any, boris: Any) -> None:
    make_job(boris, SEMICOLONS)
    assert "This very file" not in as_anna.get(page_of(make_job(anna))).content.decode()


@pytest.mark.parametrize(
    ("state", "page"),
    [
        (JobState.READING, "job_file"),
        (JobState.UNREADABLE, "job_file"),
        (JobState.READ, "job_columns"),
        (JobState.CHECKED, "job_check"),
        (JobState.HELD, "job_sending"),
        (JobState.DONE, "job_results"),
    ],
)
def test_an_import_opens_at_its_step(as_vera: Any, anna: Any, state: JobState, page: str) -> None:
    job = make_job(anna)
    ImportJob.objects.filter(pk=job.pk).update(state=state)
    assert as_vera.get(reverse("job", args=[job.uuid])).url == reverse(page, args=[job.uuid])


def test_an_auditor_sees_masked_rows_and_no_choices(as_vera: Any, anna: Any) -> None:
    job = make_job(anna)
    text = as_vera.get(page_of(job)).content.decode()
    assert "kamila@example.com" not in text
    assert "k•••@e•••.com" in text
    assert '<button class="btn btn-primary' not in text
    assert as_vera.post(page_of(job), {"header_row": "0"}).status_code == 403
    assert as_vera.get(preview_of(job)).status_code == 403


def test_a_file_of_nobody_is_not_found(as_anna: Any) -> None:
    assert as_anna.get("/imports/8c9d2a5e-6f3b-4c55-9f70-0d8a3a1b2c3d/file/").status_code == 404


def test_pages_with_people_are_not_kept_by_the_browser(as_anna: Any, anna: Any) -> None:
    assert "no-store" in as_anna.get(page_of(make_job(anna))).headers["Cache-Control"]


def test_methods(as_anna: Any, anna: Any) -> None:
    job = make_job(anna)
    assert as_anna.put(page_of(job)).status_code == 405
    assert as_anna.post(preview_of(job)).status_code == 405


def test_a_hundred_columns_are_shown_in_part(as_anna: Any, anna: Any) -> None:
    header = ",".join(f"c{place}" for place in range(100))
    text = as_anna.get(page_of(make_job(anna, f"{header}\n{header}\n"))).content.decode()
    assert "and 60 more columns" in text


def test_rows_that_were_sent_cannot_be_read_differently(as_anna: Any, anna: Any) -> None:
    job = make_job(anna)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    answer = as_anna.post(page_of(job), {"encoding": "utf-8", "delimiter": ",", "header_row": "0"}, follow=True)
    assert "The rows have been sent, so the file cannot be read differently any more." in answer.content.decode()
    assert fresh(job).state == JobState.DONE


def test_a_file_given_up_before_it_was_read_has_a_page(as_anna: Any, anna: Any) -> None:
    job = actions.cancel_job(make_uploaded_job(anna), by=anna)
    assert as_anna.get(page_of(job)).status_code == 200
    assert as_anna.get(reverse("job_columns", args=[job.uuid])).url == page_of(job)


def test_a_json_file_offers_only_what_json_can_differ_in(as_anna: Any, anna: Any) -> None:
    job = make_job(anna, '{"email": "ivan@example.com", "phones": ["+79000000001"]}\n', name="people.jsonl")

    page = as_anna.get(reverse("job_file", args=[job.uuid]))

    assert job.headers == ["email", "phones"]
    assert b"ivan@example.com" in page.content
    assert b'name="delimiter"' not in page.content
