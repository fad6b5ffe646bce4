"""The start page: what waits, what runs, what ended last."""

from typing import Any

from django.urls import reverse

from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.factories import make_checked_job, make_done_job, make_job, make_sending_job

HTMX = {"HX-Request": "true"}


def text_of(browser: Any, **more: Any) -> str:
    return browser.get("/", **more).content.decode()


def set_state(job: ImportJob, state: JobState, **changes: Any) -> None:
    ImportJob.objects.filter(pk=job.pk).update(state=state, **changes)


def test_the_first_visit_offers_the_first_thing_to_do(as_anna: Any, account: Connection) -> None:
    text = text_of(as_anna)
    assert "Your imports will be listed here" in text
    assert 'href="/imports/new/"' in text
    assert "data-poll" not in text.split('id="toasts"')[0]


def test_without_an_account_an_admin_is_asked_to_connect_one(as_boris: Any) -> None:
    assert 'href="/connections/new/"' in text_of(as_boris)


def test_without_an_account_a_marketer_is_told_who_can_help(as_anna: Any) -> None:
    text = text_of(as_anna)
    assert "An administrator has to add one" in text
    assert 'href="/connections/new/"' not in text


def test_a_finished_check_waits_for_its_person(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account)
    text = text_of(as_anna)
    assert "1 import waits for you" in text
    assert "The check is over: 2 profiles can be sent" in text
    assert reverse("job_check", args=[job.uuid]) in text


def test_a_check_nobody_passed_says_so(as_anna: Any, anna: Any, account: Connection) -> None:
    make_checked_job(anna, account, "E-mail,First name\nno-address,Kamila\n")
    text = text_of(as_anna)
    assert "No row passed the check" in text
    assert "1 row failed the check" in text


def test_a_held_import_says_why(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_sending_job(anna, account)
    set_state(job, JobState.HELD, hold={"code": "token_refused", "params": {"error": "401"}})
    text = text_of(as_anna)
    assert "Sending is held up, 2 profiles wait" in text
    assert "Altcraft refused the token (401)" in text
    assert reverse("job_sending", args=[job.uuid]) in text


def test_unknown_outcomes_come_first(as_anna: Any, anna: Any, account: Connection) -> None:
    make_checked_job(anna, account)
    job = make_sending_job(anna, account)
    job.batches.update(state="unknown")
    set_state(job, JobState.NEEDS_DECISION)
    text = text_of(as_anna)
    assert "2 imports wait for you" in text
    assert text.index("2 profiles: no readable answer from Altcraft") < text.index("The check is over")
    assert reverse("job_unknown", args=[job.uuid]) in text


def test_a_file_that_could_not_be_read_waits_too(as_anna: Any, anna: Any, account: Connection) -> None:
    set_state(make_job(anna), JobState.UNREADABLE, fault={"code": "empty_file", "params": {}})
    assert "A file could not be read" in text_of(as_anna)


def test_a_running_import_is_shown_and_asked_about_again(as_anna: Any, anna: Any, account: Connection) -> None:
    make_sending_job(anna, account)
    text = text_of(as_anna)
    assert "Running now" in text
    assert "0 of 2" in text
    live = text_of(as_anna, headers=HTMX)
    assert "data-poll" in live
    assert 'id="waiting" hx-swap-oob="true"' in live
    assert "<html" not in live


def test_ended_imports_show_their_sums(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account)
    text = text_of(as_anna)
    assert "Last imports" in text
    assert reverse("job", args=[job.uuid]) in text
    assert 'aria-label="Accepted 2"' in text


def test_drafts_of_others_name_their_person(as_anna: Any, anna: Any, boris: Any, account: Connection) -> None:
    make_job(anna, name="mine.csv")
    make_job(boris, name="his.csv")
    text = text_of(as_anna)
    assert text.index("mine.csv") < text.index("his.csv")
    assert "boris, 2 rows, stopped at the columns" in text


def test_an_auditor_sees_it_without_buttons(as_vera: Any, anna: Any, account: Connection) -> None:
    make_done_job(anna, account)
    make_checked_job(anna, account)
    text = text_of(as_vera)
    assert "Last imports" in text
    assert "1 import waits for a person" in text
    assert "New import" not in text


def test_a_person_without_a_role_is_refused(client: Any, django_user_model: Any, db: None) -> None:
    client.force_login(django_user_model.objects.create(username="nobody"))
    assert client.get("/").status_code == 403


def test_the_page_asks_few_questions(
    as_anna: Any, anna: Any, account: Connection, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        make_done_job(anna, account)
        make_checked_job(anna, account)
    as_anna.get("/")
    with django_assert_max_num_queries(15):
        as_anna.get("/")


def test_only_looking_is_possible(as_anna: Any) -> None:
    assert as_anna.post("/").status_code == 405
