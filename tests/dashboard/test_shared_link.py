"""Links for support: masked, for a week, taken back at once, nothing to guess, nothing in a log."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imports import actions
from imports.models import HistoryEvent, ImportJob, SharedLink
from tests.factories import make_checked_job, make_connection, make_done_job

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (
    "E-mail,First name,Phone\nkamila@example.com,Kamila,+79000000001\nnobody,Daria,+79000000002\n"
    "lev@example.com,Lev,+79000000003\n"
)


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def job(anna: Any, sandbox: Any) -> ImportJob:
    """Row 3 fails the check, one of the others is rejected."""
    sandbox.desk.change({"fail_every": 2})
    return make_done_job(anna, make_connection(sandbox), PEOPLE)


@pytest.fixture
def address(job: ImportJob, anna: Any) -> str:
    return reverse("shared", args=[actions.make_link(job, by=anna)[1]])


def test_it_is_made_on_the_page_and_shown_once(as_anna: Any, client: Client, job: ImportJob) -> None:
    page = reverse("job_links", args=[job.uuid])
    made = as_anna.post(page).text
    [token] = {part.split("/")[0] for part in made.split("http://testserver/shared/")[1:]}

    assert client.get(f"/shared/{token}/").status_code == 200
    assert token not in as_anna.get(page).text
    assert token not in str(SharedLink.objects.values().get())
    assert not any(token in str(event.details) + event.object_text for event in HistoryEvent.objects.all())


def test_it_shows_sum_and_reasons_and_nobody(client: Client, job: ImportJob, address: str) -> None:
    page = client.get(address).text

    assert "Incorrect phone" in page and "k•••@e•••.com" in page
    for secret in ("kamila@", "Kamila", "Daria", "nobody", "9000000", "people.csv"):
        assert secret not in page
    ids = [line["profile_id"] for line in client.get(address).context["table"].lines if line["profile_id"]]
    assert all("•" in one for one in ids)


def test_nothing_leads_further(client: Client, job: ImportJob, address: str) -> None:
    page = client.get(address).text

    assert f"/imports/{job.uuid}" not in page and "download" not in page
    assert client.post(address).status_code == 405


def test_it_is_neither_kept_nor_found_by_search_engines(client: Client, address: str) -> None:
    answer = client.get(address)

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"  # without one, browsers say "Origin: null" and no form works


def test_rows_can_be_narrowed_and_stay_masked(client: Client, address: str) -> None:
    page = client.get(address, {"outcome": "invalid"})

    assert [line["number"] for line in page.context["table"].lines] == [3]
    assert "nobody" not in page.text


def test_it_ends_after_a_week(client: Client, address: str) -> None:
    link = SharedLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(days=7)
    SharedLink.objects.update(made_at=timezone.now() - timedelta(days=8), expires_at=timezone.now())

    assert client.get(address).status_code == 404


def test_taken_back_it_opens_nothing(as_anna: Any, client: Client, job: ImportJob, address: str) -> None:
    link = SharedLink.objects.get()
    as_anna.post(reverse("job_link_revoke", args=[job.uuid, link.pk]))

    answer = client.get(address)
    assert answer.status_code == 404 and "This link opens nothing" in answer.text
    verbs = set(HistoryEvent.objects.filter(job_id=job.pk).values_list("verb", flat=True))
    assert {"link_made", "link_revoked"} <= verbs


def test_an_installation_may_have_none(
    as_anna: Any, client: Client, address: str, job: ImportJob, settings: Any
) -> None:
    settings.SHARED_LINKS = False

    assert client.get(address).status_code == 404
    page = as_anna.post(reverse("job_links", args=[job.uuid]))
    assert "/shared/" not in page.text
    assert SharedLink.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "a" * 43, "ключ", "%00", "a" * 5000])
def test_guesses_open_nothing_and_soon_are_not_even_looked_at(client: Client, db: None, token: str) -> None:
    answers = [client.get(f"/shared/{token}/").status_code for _ in range(12)]

    assert answers[0] == 404 and answers[-1] == 429


def test_visits_are_counted_and_limited_and_no_log_tells_the_address(
    client: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = {client.get(address).status_code for _ in range(62)}

    assert answers == {200, 429}
    assert SharedLink.objects.get().opened == 60
    assert HistoryEvent.objects.filter(verb="link_opened").count() == 1, "a visit is one line"
    assert address.split("/")[2] not in caplog.text


def test_before_anything_was_sent_there_is_nothing_to_show(anna: Any, sandbox: Any) -> None:
    job = make_checked_job(anna, make_connection(sandbox), PEOPLE)

    with pytest.raises(actions.Refused, match="link_too_early"):
        actions.make_link(job, by=anna)


def test_there_are_not_many_open_at_a_time(anna: Any, job: ImportJob) -> None:
    for _ in range(10):
        actions.make_link(job, by=anna)

    with pytest.raises(actions.Refused, match="links_too_many"):
        actions.make_link(job, by=anna)
