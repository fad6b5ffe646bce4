"""Step 3: what the check found, the exact JSON, and the button that sends."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.mapping import SubscriptionRule
from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.factories import fresh, make_checked_job, make_done_job, make_job, make_mapped_job

FOUR = (
    "E-mail,First name,Phone\n"
    "kamila@example.com,Kamila,+79000000001\n"
    "no address,Igor,+79000000002\n"
    "kamila@example.com,Kamila again,+79000000003\n"
    "daria@example.org,Daria,12\n"
)
HTMX = {"HX-Request": "true"}


def address(job: ImportJob, page: str = "job_check") -> str:
    return reverse(page, args=[job.uuid])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def checking(by: Any, account: Connection) -> ImportJob:
    return actions.begin_check(make_mapped_job(by, account, FOUR), by=by)


def test_while_the_check_runs_the_page_asks_again_and_says_how_far_it_is(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = checking(anna, account)
    answer = as_anna.get(address(job))
    text = text_of(answer)
    assert "0 of 4 rows checked" in text
    assert f'hx-get="{address(job)}"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "Nothing is sent while we check" in text
    assert "no-store" in answer["Cache-Control"]


def test_the_live_part_alone_is_answered_to_a_poll_and_loads_the_page_when_it_is_over(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = checking(anna, account)
    part = text_of(as_anna.get(address(job), headers=HTMX))
    assert part.strip().startswith('<div id="checking"')
    assert "<html" not in part
    actions.settle_dates(job.pk)
    actions.check_next_slices(job.pk, seconds=60)
    actions.close_check(job.pk)
    assert as_anna.get(address(job), headers=HTMX)["HX-Refresh"] == "true"


def test_the_verdict_the_sum_and_the_button_agree(as_anna: Any, anna: Any, account: Connection) -> None:
    text = text_of(as_anna.get(address(make_checked_job(anna, account, FOUR))))
    assert "1 profile is ready to send" in text
    assert "Nothing has been sent yet" in text
    assert re.search(r"Send 1 profile to “[^”]+”", text)
    assert "2 rows will not go until they are mended" in text


def test_problems_are_told_with_their_column_value_row_and_advice(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    text = text_of(as_anna.get(address(job)))
    assert "Column A “E-mail”." in text
    assert '<span class="val">no address</span>' in text
    assert f'href="{reverse("job_row", args=[job.uuid, 3])}"' in text
    assert "Column C “Phone”." in text
    assert '<span class="val">12</span>' in text


def test_rows_can_be_narrowed_to_one_kind_of_problem(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    only_phone = text_of(as_anna.get(address(job), {"outcome": "invalid", "code": "phone_invalid@2"}))
    table = only_phone.partition("Rows that are not sent")[2]
    assert reverse("job_row", args=[job.uuid, 5]) in table
    assert reverse("job_row", args=[job.uuid, 3]) not in table


def test_repeats_inside_the_file_are_told_with_the_rule_and_the_row_that_goes(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = make_checked_job(anna, account, FOUR)
    page = text_of(as_anna.get(address(job)))
    assert "1 row has the same key as another row" in page
    assert "The last row of each is sent" in page
    aside = text_of(as_anna.get(address(job), {"outcome": "aside"})).partition("Rows that are not sent")[2]
    assert reverse("job_row", args=[job.uuid, 2]) in aside


def test_many_problem_rows_come_in_pages_by_row_number(as_anna: Any, anna: Any, account: Connection) -> None:
    bad = "E-mail\n" + "".join(f"bad {number}\n" for number in range(30)) + "kamila@example.com\n"
    job = make_checked_job(anna, account, bad)
    first = text_of(as_anna.get(address(job)))
    assert "Rows 2–21" in first
    assert "?outcome=invalid&after=21#rows" in first
    second = text_of(as_anna.get(address(job), {"outcome": "invalid", "after": "21"}))
    assert "Rows 22–31" in second
    assert "before=22" in second


def test_the_destination_is_said_in_words(as_anna: Any, anna: Any, account: Connection) -> None:
    rule = SubscriptionRule("email", 28)
    job = make_checked_job(anna, account, FOUR, skip_triggers=False, subscriptions=(rule,))
    text = text_of(as_anna.get(address(job)))
    assert "Add new people, update known ones" in text
    assert "by e-mail" in text
    assert "Start triggers for these people? <b>Yes</b>" in text
    assert "Triggers run, and may write to people." in text
    assert "(28)" in text
    assert "Never repeated by itself" in text


def test_skipped_triggers_and_safe_repeats_are_said_too(as_anna: Any, anna: Any, account: Connection) -> None:
    text = text_of(as_anna.get(address(make_checked_job(anna, account))))
    assert "Start triggers for these people? <b>No</b>" in text
    assert "sent again by itself: here a repeat changes nothing" in text
    assert "No row has a problem" in text


def test_the_exact_json_of_a_row_is_shown_whole(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    (sent,) = [text for _, text in actions.sample_profiles(job)]
    part = text_of(as_anna.get(address(job, "job_json"), {"row": "4"}, headers=HTMX))
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", part, re.S)
    assert shown
    assert json.loads(shown[1]) == json.loads(sent)
    assert re.sub(r"\s", "", shown[1]) == re.sub(r"\s", "", sent)
    assert "<html" not in part


@pytest.mark.parametrize(
    ("row", "said"),
    [("3", "Row 3 is not sent"), ("2", "Row 2 is not sent"), ("1", "has no row 1"), ("99", "has no row 99")],
)
def test_a_row_that_is_not_sent_says_why(as_anna: Any, anna: Any, account: Connection, row: str, said: str) -> None:
    job = make_checked_job(anna, account, FOUR)
    assert said in text_of(as_anna.get(address(job, "job_json"), {"row": row}))


def test_a_row_number_that_is_none_is_no_error(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    for row in ("", "x", "-1", "٣", "9" * 30):
        assert as_anna.get(address(job, "job_json"), {"row": row}).status_code == 200


def test_send_starts_the_import_and_leads_to_its_progress(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    answer = as_anna.post(address(job, "job_start"), {"check": str(job.check_version)})
    assert answer["Location"] == address(job, "job_sending")
    assert fresh(job).state == JobState.SENDING


def test_a_check_done_again_meanwhile_voids_send(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    answer = as_anna.post(address(job, "job_start"), {"check": str(job.check_version - 1)}, follow=True)
    assert fresh(job).state == JobState.CHECKED
    assert "The check was done again meanwhile" in text_of(answer)


def test_nothing_to_send_is_not_sent(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, "E-mail\nno address\n")
    page = text_of(as_anna.get(address(job)))
    assert "No profile is ready to send" in page
    assert re.search(r"<button class=\"btn btn-primary btn-lg\" form=\"start\" disabled>", page)
    answer = as_anna.post(address(job, "job_start"), {"check": str(job.check_version)}, follow=True)
    assert fresh(job).state == JobState.CHECKED
    assert "There is no profile to send" in text_of(answer)


def test_send_pressed_twice_is_told_and_changes_nothing(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account)
    answer = as_anna.post(address(job, "job_start"), {"check": str(job.check_version)}, follow=True)
    assert answer.status_code == 200
    assert fresh(job).state == JobState.DONE


def test_a_checked_import_can_be_discarded(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    assert address(job, "job_cancel") in text_of(as_anna.get(address(job)))
    answer = as_anna.post(address(job, "job_cancel"), follow=True)
    assert fresh(job).state == JobState.CANCELLED
    assert "1 was not sent" in text_of(answer)


def test_before_the_columns_are_matched_there_is_no_check(as_anna: Any, anna: Any) -> None:
    job = make_job(anna)
    assert as_anna.get(address(job))["Location"] == address(job, "job")


def test_after_sending_the_check_stays_to_be_read(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, FOUR)
    text = text_of(as_anna.get(address(job)))
    assert "This check is over" in text
    assert "1 profile passed the check" in text
    assert address(job, "job_start") not in text


def test_an_auditor_reads_it_masked_and_cannot_send(as_vera: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FOUR)
    text = text_of(as_vera.get(address(job)))
    for secret in ("no address", "kamila@example.com", "+79000000001", "btn btn-primary", address(job, "job_download")):
        assert secret not in text
    assert as_vera.post(address(job, "job_start"), {"check": "1"}).status_code == 403
    assert as_vera.get(address(job, "job_json"), {"row": "2"}).status_code == 403
    assert fresh(job).state == JobState.CHECKED


def test_a_stranger_is_sent_to_sign_in(client: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account)
    for page in ("job_check", "job_json"):
        assert reverse("login") in client.get(address(job, page))["Location"]
    assert reverse("login") in client.post(address(job, "job_start"))["Location"]


def test_the_wrong_method_is_refused(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account)
    assert as_anna.post(address(job)).status_code == 405
    assert as_anna.get(address(job, "job_start")).status_code == 405
