"""The pages of teams, for admins of every team."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imports import actions
from imports.actions import Place
from imports.models import HistoryEvent, Team, home_team


def page(team: Team, name: str = "team_page") -> str:
    return reverse(name, args=[team.pk])


def test_a_team_is_made_and_listed(as_boris: Client) -> None:
    answer = as_boris.post(reverse("team_list"), {"name": " Loyalty  programme "}, follow=True)

    assert "Nobody belongs to this team yet" in answer.text
    text = as_boris.get(reverse("team_list")).text
    assert "Loyalty programme" in text and "Marketing" in text and "30 days" in text


@pytest.mark.parametrize("name", ["", "marketing", "x" * 101])
def test_a_bad_name_is_told(as_boris: Client, name: str) -> None:
    answer = as_boris.post(reverse("team_list"), {"name": name})

    assert answer.status_code == 422
    assert Team.objects.count() == 1


def test_a_team_is_renamed(as_boris: Client) -> None:
    as_boris.post(page(home_team(None)), {"name": "Shops"})

    assert home_team(None).name == "Shops"
    assert HistoryEvent.objects.get(verb="team_renamed").details["before"] == "Marketing"


def test_a_team_in_use_is_not_switched_off(as_boris: Client, anna: Any) -> None:
    answer = as_boris.post(page(home_team(anna), "team_off"), follow=True)

    assert "People belong to this team: 1." in answer.text
    assert home_team(anna).disabled_at is None


def test_an_empty_team_is_switched_off_and_on(as_boris: Client) -> None:
    team = actions.make_team(name="Empty", by=None)

    assert "Nobody and nothing new" in as_boris.post(page(team, "team_off"), follow=True).text
    as_boris.post(page(team, "team_on"))
    team.refresh_from_db()
    assert team.disabled_at is None


def test_a_team_shows_what_belongs_to_it(as_boris: Client, anna: Any, sandbox: Any) -> None:
    from tests.factories import make_connection, make_uploaded_job

    make_uploaded_job(anna)
    make_connection(sandbox, name="Own account", team=home_team(anna))
    text = as_boris.get(page(home_team(anna))).text

    assert "anna" in text and "Own account" in text


def test_an_admin_of_one_team_is_kept_out(client: Client, db: None) -> None:
    client.force_login(
        actions.add_person(username="dora", password=None, place=Place("admin", home_team(None)), by=None)
    )

    assert client.get(reverse("team_list")).status_code == 403
    assert client.get(page(home_team(None))).status_code == 403


def test_a_file_is_uploaded_for_the_team_that_was_chosen(as_boris: Client, as_anna: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from imports.models import ImportJob

    assert 'name="team"' not in as_boris.get(reverse("job_new")).text  # one team: nothing to choose
    team = actions.make_team(name="Loyalty", by=None)
    assert 'name="team"' in as_boris.get(reverse("job_new")).text
    assert 'name="team"' not in as_anna.get(reverse("job_new")).text

    file = SimpleUploadedFile("people.csv", b"E-mail\nnina@example.com\n")
    as_boris.post(reverse("job_new"), {"file": file, "team": team.pk})
    as_boris.post(reverse("job_paste"), {"text": "E-mail\nnina@example.com", "team": home_team(None).pk})

    assert list(ImportJob.objects.order_by("pk").values_list("team__name", flat=True)) == ["Loyalty", "Marketing"]


def test_nobody_uploads_into_another_team(as_anna: Client, anna: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from imports.models import ImportJob

    team = actions.make_team(name="Loyalty", by=None)
    file = SimpleUploadedFile("people.csv", b"E-mail\nnina@example.com\n")
    as_anna.post(reverse("job_new"), {"file": file, "team": team.pk})

    assert ImportJob.objects.get().team == home_team(anna)
    with pytest.raises(actions.Refused, match="team_not_yours"):
        actions.create_job(chunks=[b"E-mail\n"], name="people.csv", by=anna, team=team)
