"""The pages of people: an admin sees whom they answer for, and changes names, places and access."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from imports import actions
from imports.actions import Place
from imports.models import HistoryEvent, Team, home_team
from tests.signing import PASSWORD, with_factor

PROOF = {"proof": PASSWORD}


@pytest.fixture
def others(db: None) -> Team:
    return actions.make_team(name="Others", by=None)


@pytest.fixture
def as_dora(others: Team) -> Client:
    """An admin of the other team."""
    client = Client()
    client.force_login(actions.add_person(username="dora", password=PASSWORD, place=Place("admin", others), by=None))
    return client


def page(user: Any, name: str = "person_page") -> str:
    return reverse(name, args=[user.pk])


def anew(user: Any) -> Any:
    return get_user_model().objects.get(pk=user.pk)


def test_the_list_shows_role_team_factor_and_state(as_boris: Client, anna: Any, clara: Any) -> None:
    actions.switch_person_off(clara, by=None)
    text = as_boris.get(reverse("person_list")).text

    assert "anna" in text and "anna@example.com" in text
    assert "Marketer" in text and "Approver" in text and "Every team" in text
    assert "Switched off" in text and "never" in text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("q=ANN", {"anna"}),
        ("role=approver", {"clara"}),
        ("state=off", set[str]()),
        ("q=example", {"anna", "boris", "clara"}),
    ],
)
def test_the_list_is_narrowed(as_boris: Client, anna: Any, clara: Any, asked: str, shown: set[str]) -> None:
    found = as_boris.get(f"{reverse('person_list')}?{asked}").context["people"]

    assert {one.user.username for one in found} == shown


def test_an_admin_of_one_team_sees_its_people_only(as_dora: Client, others: Team, anna: Any, boris: Any) -> None:
    listed = as_dora.get(reverse("person_list"))

    assert [one.user.username for one in listed.context["people"]] == ["dora"]
    assert as_dora.get(page(anna)).status_code == 404
    assert as_dora.post(page(boris, "person_off")).status_code == 404
    assert anew(boris).is_active


def test_name_and_address_are_changed(as_boris: Client, anna: Any) -> None:
    given = {"first_name": "Anna", "last_name": "Kravtsova", "email": "a.k@example.com"} | PROOF
    answer = as_boris.post(page(anna), given, follow=True)

    assert "Anna Kravtsova" in answer.text
    assert anew(anna).email == "a.k@example.com"
    assert "name or address" in answer.text  # in what happened


def test_a_taken_address_is_told_beside_it(as_boris: Client, anna: Any, clara: Any) -> None:
    answer = as_boris.post(page(anna), {"first_name": "", "last_name": "", "email": "CLARA@example.com"} | PROOF)

    assert answer.status_code == 422
    assert "Somebody here has this e-mail address already." in answer.text


def test_role_and_team_are_changed(as_boris: Client, anna: Any, others: Team) -> None:
    answer = as_boris.post(page(anna, "person_place"), PROOF | {"role": "approver", "team": others.pk}, follow=True)

    assert actions.place_of(anna) == Place("approver", others)
    assert "from Marketer, Marketing to Approver, Others" in answer.text


def test_a_marketer_of_every_team_is_refused_in_words(as_boris: Client, anna: Any) -> None:
    answer = as_boris.post(page(anna, "person_place"), PROOF | {"role": "marketer", "team": ""})

    assert answer.status_code == 422
    assert "Marketers and approvers belong to one team." in answer.text
    assert actions.place_of(anna) == Place("marketer", home_team(None))


def test_an_admin_of_one_team_has_no_team_to_choose(as_dora: Client, others: Team) -> None:
    eva = actions.add_person(username="eva", password=None, place=Place("marketer", others), by=None)

    assert 'name="team"' not in as_dora.get(page(eva)).text
    as_dora.post(page(eva, "person_place"), PROOF | {"role": "approver", "team": home_team(None).pk})
    assert actions.place_of(eva) == Place("approver", others)


def test_switched_off_and_on(as_boris: Client, as_anna: Client, anna: Any) -> None:
    answer = as_boris.post(page(anna, "person_off"), follow=True)

    assert "Nobody can sign in as this person." in answer.text
    assert as_anna.get("/").status_code == 302
    as_boris.post(page(anna, "person_on"))
    assert anew(anna).is_active


def test_nobody_finds_buttons_against_themselves(as_boris: Client, boris: Any) -> None:
    text = as_boris.get(page(boris)).text

    assert page(boris, "person_off") not in text
    assert "Nobody changes their own role." in text
    assert (
        "Nobody changes their own role or switches themselves off."
        in as_boris.post(page(boris, "person_off"), follow=True).text
    )
    assert as_boris.post(page(boris, "person_factor")).status_code == 404


def test_a_lost_second_factor_is_reset(as_boris: Client, anna: Any) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    assert page(anna, "person_factor") in as_boris.get(page(anna)).text
    as_boris.post(page(anna, "person_factor"), PROOF)

    assert not actions.has_second_factor(anna)
    assert HistoryEvent.objects.get(verb="second_factor_reset").details["person"] == anna.pk


@pytest.mark.parametrize("proof", ["", "guess-work"])
def test_a_role_is_not_changed_without_a_proof(proof: str, as_boris: Client, anna: Any) -> None:
    before = actions.place_of(anna)
    wish = {"role": "admin", "team": home_team(None).pk, "proof": proof}

    answer = as_boris.post(page(anna, "person_place"), wish)

    assert answer.status_code == 422 and actions.place_of(anna) == before
    assert "your password" in answer.text.lower()
    assert HistoryEvent.objects.filter(verb="stepped_up_failed").exists() == bool(proof)


def test_names_alone_want_no_proof_but_another_address_does(as_boris: Client, anna: Any) -> None:
    kept = {"first_name": "Anna", "last_name": "K", "email": anna.email}

    assert as_boris.post(page(anna), kept).status_code == 302
    assert as_boris.post(page(anna), kept | {"email": "else@example.com"}).status_code == 422
    assert (anew(anna).last_name, anew(anna).email) == ("K", anna.email)


@pytest.mark.parametrize("proof", ["", "guess-work"])
def test_a_second_factor_is_not_reset_without_a_proof(proof: str, as_boris: Client, anna: Any) -> None:
    with_factor(anna)

    answer = as_boris.post(page(anna, "person_factor"), {"proof": proof})

    assert answer.status_code == 422 and actions.has_second_factor(anna)
    assert "your password" in answer.text.lower()
    assert HistoryEvent.objects.filter(verb="stepped_up_failed").exists() == bool(proof)


def test_the_list_costs_as_much_with_many(as_boris: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        as_boris.get(reverse("person_list"))
    for number in range(20):
        place = Place("marketer", home_team(None))
        actions.add_person(username=f"p{number}", password=None, place=place, by=None)
    with CaptureQueriesContext(connection) as many:
        as_boris.get(reverse("person_list"))

    assert len(many) == len(few)


def test_a_superuser_made_at_a_terminal_is_an_admin_of_every_team(client: Client, django_user_model: Any) -> None:
    chief = django_user_model.objects.create_superuser("chief", "", "a long one for tests")
    client.force_login(chief)

    assert client.get(reverse("team_list")).status_code == 200
    assert "Administrator" in client.get(page(chief)).text


def test_administration_leads_only_where_one_may_go(as_dora: Client, as_boris: Client) -> None:
    for browser in (as_dora, as_boris):
        entries = list(browser.get(reverse("administration")).context["entries"])
        assert all(browser.get(reverse(entry.url_name)).status_code == 200 for entry in entries)
