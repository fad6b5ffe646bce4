"""What was refused to somebody who is signed in is in the history: the page by its name, never its address."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from dashboard import refusals
from imports import actions
from imports.models import HistoryEvent, Person, Team
from tests.factories import make_uploaded_job


@pytest.fixture(autouse=True)
def _counters_of_its_own() -> None:
    cache.clear()


def refused() -> list[tuple[str, str, int, int]]:
    events = HistoryEvent.objects.filter(verb="access_refused").order_by("pk")
    return [(one.actor_name, one.details["route"], one.details["status"], one.details["times"]) for one in events]


def test_a_page_of_another_role(as_vera: Any) -> None:
    assert as_vera.get(reverse("job_new")).status_code == 403

    assert refused() == [("vera", "job_new", 403, 1)]


def test_an_import_of_another_team(as_anna: Any, anna: Any, boris: Any) -> None:
    job = make_uploaded_job(anna, name="secret-name.csv")
    job.team = Team.objects.create(name="Elsewhere")
    job.save(update_fields=["team"])
    Person.objects.filter(user=anna).update(every_team=False, team=Team.objects.exclude(pk=job.team_id)[0])

    assert as_anna.get(reverse("job_file", args=[job.uuid])).status_code == 404
    assert refused() == [("anna", "job_file", 404, 1)]
    event = HistoryEvent.objects.get(verb="access_refused")
    assert str(job.uuid) not in str(event.details) + event.object_text
    assert "secret-name" not in str(event.details) + event.object_text


def test_a_guessed_number(as_anna: Any, as_boris: Any) -> None:
    assert as_anna.post(reverse("preset_delete", args=[999_999])).status_code == 404
    assert as_boris.get(reverse("job", args=[uuid4()])).status_code == 404

    assert refused() == [("anna", "preset_delete", 404, 1), ("boris", "job", 404, 1)]


def test_a_row_that_an_own_import_does_not_have_is_no_refusal(as_anna: Any, anna: Any) -> None:
    assert as_anna.get(reverse("job_row", args=[make_uploaded_job(anna).uuid, 999])).status_code == 404

    assert refused() == []


def test_a_stranger_and_an_address_that_is_none_leave_nothing(client: Any, as_anna: Any) -> None:
    client.get(reverse("job_new"))
    as_anna.get("/no/such/page/")

    assert refused() == []


def test_a_scanner_fills_no_table_and_its_tries_are_counted(as_vera: Any) -> None:
    for _try in range(25):
        as_vera.get(reverse("job_new"))

    assert [times for *_, times in refused()] == [1, 2, 3, 4, 5, 10]


@pytest.mark.parametrize(("times", "told"), [(1, True), (5, True), (6, False), (10, True), (20, False), (1000, True)])
def test_which_tries_are_told(times: int, told: bool) -> None:
    assert refusals.is_told(times) is told


def test_without_a_counter_the_history_has_a_limit_of_its_own(vera: Any) -> None:
    written = [actions.record_refusal(by=vera, route="job_new", status=403) for _try in range(25)]

    assert sum(written) == len(refused()) == 10


def test_a_counter_that_is_away_changes_nothing_for_the_person(as_vera: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_asked: Any) -> int:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)

    assert as_vera.get(reverse("job_new")).status_code == 403
    assert refused() == [("vera", "job_new", 403, 1)]
