"""Which pages show people in clear, and that each leaves a line in history: one an hour, none for who sees masks."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from imports.models import Connection, HistoryEvent, ImportJob
from tests.dashboard.test_results_page import FILE
from tests.factories import make_checked_job, make_done_job, make_job

CELL = "kamila"


def looks() -> list[tuple[str, str]]:
    events = HistoryEvent.objects.filter(verb="people_viewed").order_by("pk")
    return [(event.actor_name, event.details["page"]) for event in events]


PAGES = [
    ("job_file", {}, "file"),
    ("job_columns", {}, "columns"),
    ("job_check", {"outcome": "invalid"}, "check"),
    ("job_json", {"row": "2"}, "exact"),
    ("job_fix", {}, "fix"),
    ("job_repeats", {}, "repeats"),
]


@pytest.fixture
def checked(anna: Any, account: Connection) -> ImportJob:
    return make_checked_job(anna, account, FILE)


@pytest.mark.parametrize(("name", "asked", "page"), PAGES, ids=[page for *_, page in PAGES])
def test_a_page_with_cells_leaves_a_line(
    as_anna: Any, checked: ImportJob, name: str, asked: dict[str, str], page: str
) -> None:
    assert as_anna.get(reverse(name, args=[checked.uuid]), asked).status_code == 200

    assert looks() == [("anna", page)]


@pytest.mark.parametrize(("asked", "page"), [({}, "results"), ({"q": CELL}, "search")])
def test_results_and_searches_are_told_apart(
    as_anna: Any, anna: Any, account: Connection, asked: dict[str, str], page: str
) -> None:
    as_anna.get(reverse("job_results", args=[make_done_job(anna, account, FILE).uuid]), asked)

    assert looks() == [("anna", page)]


def test_turning_pages_for_an_hour_is_one_look(as_anna: Any, anna: Any, account: Connection) -> None:
    page = reverse("job_results", args=[make_done_job(anna, account, FILE).uuid])
    for after in ("0", "2", "3"):
        as_anna.get(page, {"after": after})

    assert looks() == [("anna", "results")]


def test_an_hour_later_it_is_another_look(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, FILE)
    told = {"verb": "people_viewed", "actor_id": anna.pk, "actor_name": "anna", "job_id": job.pk}
    HistoryEvent.objects.create(**told, details={"page": "results"}, at=timezone.now() - timedelta(minutes=61))
    as_anna.get(reverse("job_results", args=[job.uuid]))

    assert looks() == [("anna", "results")] * 2


def test_each_person_and_each_import_counts_for_itself(
    as_anna: Any, as_boris: Any, anna: Any, account: Connection
) -> None:
    for job in (make_done_job(anna, account, FILE), make_done_job(anna, account, FILE)):
        for client in (as_anna, as_boris):
            client.get(reverse("job_results", args=[job.uuid]))

    assert looks() == [("anna", "results"), ("boris", "results")] * 2


def test_who_sees_masks_looked_at_nobody(as_vera: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, FILE)
    for name in ("job_file", "job_columns", "job_check", "job_results"):
        assert CELL not in as_vera.get(reverse(name, args=[job.uuid])).content.decode()

    assert looks() == []


def test_a_file_nobody_could_read_shows_nobody(as_anna: Any, anna: Any) -> None:
    as_anna.get(reverse("job_file", args=[make_job(anna, "").uuid]))

    assert looks() == []
