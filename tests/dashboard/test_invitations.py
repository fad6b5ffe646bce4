"""Invitations: a link or a letter, a page without sign-in, one calm page for every link that opens nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imports import actions
from imports.actions import Place
from imports.models import HistoryEvent, Invitation, Policy, Team, home_team
from tests.signing import PASSWORD

GIVEN = {
    "username": "nina",
    "first_name": "Nina",
    "last_name": "Orlova",
    "password1": "three quiet brown owls",
    "password2": "three quiet brown owls",
}
AUDITOR = {"email": "nina@example.com", "role": "auditor", "team": "", "proof": PASSWORD}


@pytest.fixture
def without_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def token(boris: Any) -> str:
    return actions.invite(email="nina@example.com", place=Place("approver", home_team(None)), by=boris)[1]


def page(token: str) -> str:
    return reverse("invitation", args=[token])


def test_without_mail_the_link_is_shown_once(as_boris: Client, without_mail: None) -> None:
    given = {"email": "nina@example.com", "role": "approver", "team": home_team(None).pk, "proof": PASSWORD}
    answer = as_boris.post(reverse("invitation_new"), given)
    link = answer.context["link"]

    assert link in answer.text and "It is shown only now" in answer.text
    assert Client().get(link.partition("://")[2].partition("/")[2].join(["/", ""])).status_code == 200
    listed = as_boris.get(reverse("person_list")).text
    assert "nina@example.com" in listed
    assert link.rstrip("/").rpartition("/")[2] not in listed


def test_with_mail_a_letter_goes_and_the_page_shows_no_link(as_boris: Client) -> None:
    answer = as_boris.post(reverse("invitation_new"), AUDITOR, follow=True)

    (letter,) = mail.outbox
    assert letter.to == ["nina@example.com"]
    assert "boris invites you" in letter.body
    assert "/invitation/" in letter.body and "/invitation/" not in answer.text


def test_a_mail_server_that_fails_leaves_the_link(as_boris: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.dashboard.no_such_mail_server.Backend"
    answer = as_boris.post(reverse("invitation_new"), AUDITOR)

    assert "The mail server did not take the letter." in answer.text
    assert "/invitation/" in answer.text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"email": "", "role": "auditor"}, "required"),
        ({"email": "anna@example.com", "role": "auditor"}, "has this e-mail address already"),
        ({"email": "nina@example.com", "role": "marketer", "team": ""}, "belong to one team"),
        ({"email": "nina@example.com", "role": "chief"}, "Select a valid choice"),
    ],
)
def test_a_wrong_invitation_is_told(as_boris: Client, anna: Any, given: dict[str, str], told: str) -> None:
    answer = as_boris.post(reverse("invitation_new"), given | {"proof": PASSWORD})

    assert answer.status_code == 422 and told in answer.text
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("proof", ["", "guess-work"])
def test_nobody_is_invited_without_a_proof(proof: str, as_boris: Client) -> None:
    answer = as_boris.post(reverse("invitation_new"), AUDITOR | {"proof": proof})

    assert answer.status_code == 422
    assert not Invitation.objects.exists()
    assert HistoryEvent.objects.filter(verb="stepped_up_failed").exists() == bool(proof)


def test_whoever_has_the_link_chooses_a_name_and_is_in(client: Client, token: str) -> None:
    shown = client.get(page(token))
    assert "nina@example.com" in shown.text and "Approver" in shown.text and " invites you<" in shown.text
    assert shown["Referrer-Policy"] == "same-origin"  # without one, browsers say "Origin: null" and no form works

    answer = client.post(page(token), GIVEN, follow=True)

    assert answer.redirect_chain[-1][0] == "/"
    nina = get_user_model().objects.get(username="nina")
    assert answer.context["user"] == nina and nina.check_password(GIVEN["password1"])
    assert actions.place_of(nina) == Place("approver", home_team(None))
    again = client.get(page(token))
    assert again.status_code == 404 and "You are signed in as Nina" in again.text  # it opens once


def test_whoever_must_have_a_second_factor_sets_it_up_first(client: Client, token: str) -> None:
    Policy.objects.create(second_factor_roles=["approver"])
    answer = client.post(page(token), GIVEN, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("second_factor")


def test_in_the_browser_of_who_invited_the_new_person_takes_the_session(as_boris: Client, token: str) -> None:
    answer = as_boris.post(page(token), GIVEN, follow=True)

    assert answer.context["user"].username == "nina"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "another one than that"}, "didn’t match"),
        ({"password1": "nina@example.com", "password2": "nina@example.com"}, "too similar"),
        ({"username": "boris"}, "is taken"),
        ({"username": "two words"}, "A user name has letters"),
        ({"first_name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_told_and_the_invitation_stays_open(
    client: Client, token: str, changed: dict[str, str], told: str
) -> None:
    answer = client.post(page(token), GIVEN | changed)

    assert answer.status_code == 422 and told in answer.text
    assert actions.open_invitation(token) is not None


@pytest.mark.parametrize("fate", ["over", "revoked", "used", "team_off", "never"])
def test_every_link_that_opens_nothing_shows_the_same_page(client: Client, boris: Any, fate: str) -> None:
    team = Team.objects.create(name="Else")
    invitation, token = actions.invite(email="nina@example.com", place=Place("marketer", team), by=boris)
    past = timezone.now() - timedelta(days=9)
    if fate == "over":
        Invitation.objects.filter(pk=invitation.pk).update(made_at=past, expires_at=past + timedelta(days=1))
    elif fate == "revoked":
        actions.revoke_invitation(invitation, by=boris)
    elif fate == "used":
        Client().post(page(token), GIVEN)
    elif fate == "team_off":
        actions.switch_team_off(team, by=boris)
    else:
        token = "x" * len(token)
    answers = [client.get(page(token)), client.post(page(token), GIVEN | {"username": "other"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    for answer in answers:
        assert "This invitation opens nothing" in answer.text and reverse("login") in answer.text
        assert "nina@example.com" not in answer.text and "Else" not in answer.text
    assert not get_user_model().objects.filter(username="other").exists()


def test_it_is_taken_back_from_the_list(as_boris: Client, token: str) -> None:
    as_boris.post(reverse("invitation_revoke", args=[Invitation.objects.get().pk]))

    assert actions.open_invitation(token) is None
    assert "nina@example.com" not in as_boris.get(reverse("person_list")).text
