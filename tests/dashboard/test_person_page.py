"""A person's settings: their language, their clock on every page, and whether they get letters."""

from typing import Any

import pytest
from django.test import Client

from imports.models import ImportJob, Notice, Preferences
from imports.states import JobState
from tests.factories import make_job

PAGE = "/settings/"
CHOSEN = {"language": "", "time_zone": "Asia/Kamchatka", "mail": "ends"}


def test_nothing_is_chosen_at_first(as_anna: Any) -> None:
    page = as_anna.get(PAGE).text

    assert "Your settings" in page and "As this installation: UTC" in page
    assert not Preferences.objects.exists()


def test_times_are_told_by_the_chosen_clock_on_every_page(as_anna: Any, anna: Any) -> None:
    ImportJob.objects.filter(pk=make_job(anna).pk).update(
        created_at="2026-06-01T20:30:00Z", state_changed_at="2026-06-01T20:30:00Z"
    )
    assert "Times are UTC" in as_anna.get("/").text

    assert as_anna.post(PAGE, CHOSEN, follow=True).status_code == 200

    home = as_anna.get("/").text
    assert "Times are Asia/Kamchatka, UTC+12" in home
    assert "2 Jun 2026, 08:30" in home and "2026-06-01 20:30:00 UTC" in home


def test_the_choice_is_there_again_after_signing_in_elsewhere(as_anna: Any, anna: Any) -> None:
    as_anna.post(PAGE, CHOSEN)
    other = Client()
    other.force_login(anna)

    assert "Times are Asia/Kamchatka" in other.get("/").text


def test_nobody_elses_clock_is_touched(as_anna: Any, as_boris: Any) -> None:
    as_anna.post(PAGE, CHOSEN)

    assert "Times are UTC" in as_boris.get("/").text


def test_the_language_chosen_comes_before_the_browsers(as_anna: Any) -> None:
    as_anna.post(PAGE, CHOSEN | {"language": "ru"})
    assert '<html lang="ru">' in as_anna.get("/", headers={"Accept-Language": "en"}).text

    as_anna.post(PAGE, CHOSEN)
    assert '<html lang="en">' in as_anna.get("/", headers={"Accept-Language": "en"}).text
    assert '<html lang="ru">' in as_anna.get("/", headers={"Accept-Language": "ru"}).text


def test_the_switch_in_the_frame_is_kept_for_the_person(as_anna: Any, anna: Any) -> None:
    as_anna.post(PAGE, CHOSEN | {"language": "en"})
    as_anna.post("/language/", {"language": "ru", "next": "/"})

    assert '<html lang="ru">' in as_anna.get("/").text
    chosen = Preferences.objects.get(user=anna)
    assert (chosen.language, chosen.time_zone, chosen.mail) == ("ru", "Asia/Kamchatka", "ends")


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"language": "tlh"}, {"mail": "hourly"}, {"mail": ""}]
)
def test_what_is_not_on_the_page_is_refused_and_changes_nothing(as_anna: Any, wrong: dict[str, str]) -> None:
    assert as_anna.post(PAGE, CHOSEN | wrong).status_code == 422
    assert not Preferences.objects.exists()


def test_a_zone_that_is_no_more_falls_back_to_that_of_the_installation(as_anna: Any) -> None:
    session = as_anna.session
    session["zone"] = "Mars/Olympus"
    session.save()

    assert "Times are UTC" in as_anna.get("/").text


# --- news on whatever page


@pytest.fixture
def job(anna: Any) -> ImportJob:
    return make_job(anna)


def told(job: ImportJob, user: Any, state: str = JobState.DONE) -> Notice:
    kind = Notice.ENDED if state == JobState.DONE else Notice.NEEDS
    return Notice.objects.create(user=user, job=job, kind=kind, state=state)


def test_an_import_that_ended_elsewhere_is_told_once(as_anna: Any, anna: Any, job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.SENDING)
    told(job, anna)

    first = as_anna.get("/news/?since=1").text
    assert "“people.csv” has ended." in first
    since = first.split("since=")[1].split('"')[0]

    assert "people.csv" not in as_anna.get(f"/news/?since={since}").text


def test_it_asks_on_only_while_something_of_mine_runs(as_anna: Any, as_boris: Any, job: ImportJob) -> None:
    assert "data-poll" not in as_anna.get("/news/?since=1").text
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.SENDING)
    assert "data-poll" in as_anna.get("/news/?since=1").text
    assert "data-poll" not in as_boris.get("/news/?since=1").text


def test_the_page_of_the_import_itself_needs_no_news_of_it(as_anna: Any, anna: Any, job: ImportJob) -> None:
    told(job, anna, JobState.NEEDS_DECISION)

    assert "waits for you" in as_anna.get("/news/?since=1").text
    here = {"HX-Current-URL": f"http://testserver/imports/{job.uuid}/sending/"}
    assert "waits for you" not in as_anna.get("/news/?since=1", headers=here).text


def test_news_are_of_ones_own_imports(as_boris: Any, anna: Any, job: ImportJob) -> None:
    told(job, anna)

    assert "people.csv" not in as_boris.get("/news/?since=1").text


@pytest.mark.parametrize("since", ["", "yesterday", "-1e400", "1e400", "nan"])
def test_nonsense_in_the_address_tells_nothing_old(as_anna: Any, anna: Any, job: ImportJob, since: str) -> None:
    told(job, anna)

    answer = as_anna.get("/news/", {"since": since})
    assert answer.status_code == 200 and "people.csv" not in answer.text
