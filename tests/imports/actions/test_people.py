"""Who may be what: never the last admin, never oneself, nobody gives more than they have, one address one person."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from imports import actions
from imports.actions import Place
from imports.models import HistoryEvent, Invitation, Person, Team, home_team, reach_of


@pytest.fixture
def others(db: None) -> Team:
    return actions.make_team(name="Others", by=None)


def made(name: str, place: Place, **more: Any) -> Any:
    return actions.add_person(username=name, password="a long one for tests", place=place, by=None, **more)


def refusal(verb: Any, *told: Any, **more: Any) -> str:
    with pytest.raises(actions.Refused) as refused:
        verb(*told, **more)
    return str(refused.value.code)


def anew(user: Any) -> Any:
    """As the next request has this person."""
    return get_user_model().objects.get(pk=user.pk)


def test_a_person_has_one_role_and_one_place(boris: Any, others: Team) -> None:
    person = made("dora", Place("marketer", others), email="Dora@example.com")

    assert actions.place_of(person) == Place("marketer", others)
    assert reach_of(anew(person)).team_id == others.pk
    actions.change_place(person, Place("auditor"), by=boris)
    assert actions.place_of(person) == Place("auditor")
    assert reach_of(anew(person)).every
    event = HistoryEvent.objects.get(verb="role_changed")
    told = {"person": person.pk, "role": "auditor", "from_role": "marketer", "from_team": others.pk}
    assert told.items() <= event.details.items()


def test_the_last_admin_stays(boris: Any, anna: Any) -> None:
    assert refusal(actions.switch_person_off, boris, by=None) == "last_admin"
    assert refusal(actions.change_place, boris, Place("auditor"), by=None) == "last_admin"
    second = made("dora", Place("admin"))
    actions.switch_person_off(boris, by=second)
    assert refusal(actions.switch_person_off, second, by=None) == "last_admin"


def test_an_admin_of_one_team_does_not_count_as_the_last_one(boris: Any) -> None:
    made("dora", Place("admin", home_team(None)))

    assert refusal(actions.switch_person_off, boris, by=None) == "last_admin"


def test_nobody_changes_their_own_role(boris: Any) -> None:
    made("dora", Place("admin"))

    assert refusal(actions.change_place, boris, Place("auditor"), by=boris) == "not_oneself"
    assert refusal(actions.switch_person_off, boris, by=boris) == "not_oneself"


@pytest.mark.parametrize("role", ["marketer", "approver"])
def test_who_works_belongs_to_a_team(role: str, db: None) -> None:
    assert refusal(made, "dora", Place(role)) == "role_needs_team"


def test_an_admin_of_one_team_gives_no_more_than_that(boris: Any, others: Team) -> None:
    dora, mine = made("dora", Place("admin", others)), Place("marketer", others)
    person = made("eva", mine)

    assert refusal(actions.change_place, person, Place("admin"), by=dora) == "every_team_not_yours"
    assert refusal(actions.change_place, person, Place("marketer", home_team(None)), by=dora) == "team_not_yours"
    assert refusal(actions.change_place, boris, mine, by=dora) == "person_not_yours"
    assert refusal(actions.switch_person_off, boris, by=dora) == "person_not_yours"
    assert refusal(actions.invite, email="x@example.com", place=Place("auditor"), by=dora) == "every_team_not_yours"
    actions.change_place(person, Place("approver", others), by=dora)
    assert actions.place_of(person) == Place("approver", others)


def test_whoever_is_switched_off_sees_nothing_and_their_sessions_are_over(boris: Any, anna: Any) -> None:
    actions.switch_person_off(anna, by=boris)

    assert not reach_of(anew(anna)).covers(home_team(None).pk)
    assert Person.objects.get(user=anna).sessions_from is not None
    assert refusal(actions.switch_person_off, anna, by=boris) == "person_off_already"
    actions.switch_person_on(anna, by=boris)
    assert reach_of(anew(anna)).covers(home_team(None).pk)


def test_what_somebody_has_invited_goes_with_them(boris: Any) -> None:
    dora = made("dora", Place("admin"))
    _first, token = actions.invite(email="x@example.com", place=Place("auditor"), by=dora)
    actions.change_place(dora, Place("auditor"), by=boris)

    assert actions.open_invitation(token) is None


def test_a_superuser_who_gets_a_role_is_none_any_more(boris: Any, django_user_model: Any) -> None:
    chief = django_user_model.objects.create_superuser("chief", "chief@example.com", "a long one for tests")
    assert actions.place_of(chief) == Place("admin")

    actions.change_place(chief, Place("marketer", home_team(None)), by=boris)

    chief = anew(chief)
    assert not (chief.is_superuser or chief.is_staff)
    assert not reach_of(chief).every


def test_an_address_belongs_to_one_person_in_whatever_letters(anna: Any, boris: Any) -> None:
    assert refusal(made, "dora", Place("admin"), email="ANNA@example.com") == "email_taken"
    assert refusal(actions.invite, email="Anna@Example.com", place=Place("admin"), by=boris) == "email_taken"
    names = {"first_name": "B", "last_name": "", "email": "ANNA@EXAMPLE.COM"}
    assert refusal(actions.change_person, boris, **names, by=boris) == "email_taken"
    actions.change_person(anna, first_name="A", last_name="K", email="Anna@Example.com", by=boris)
    event = HistoryEvent.objects.get(verb="person_changed")
    assert event.details == {"person": anna.pk, "changed": ["email", "first_name", "last_name"]}


@pytest.mark.parametrize(
    ("name", "why"), [("ANNA", "username_taken"), ("two words", "username_wrong"), ("", "username_wrong")]
)
def test_a_user_name_is_one_s_own(anna: Any, name: str, why: str) -> None:
    assert refusal(made, name, Place("admin")) == why


# --- teams ---


def test_a_team_with_people_or_imports_stays(boris: Any, anna: Any, others: Team) -> None:
    from tests.factories import make_uploaded_job

    mine = home_team(anna)
    make_uploaded_job(anna)
    assert refusal(actions.switch_team_off, mine, by=boris) == "team_has_people"
    actions.change_place(anna, Place("marketer", others), by=boris)
    assert refusal(actions.switch_team_off, mine, by=boris) == "team_has_imports"
    assert refusal(actions.switch_team_off, others, by=boris) == "team_has_people"


def test_a_team_is_switched_off_and_on(boris: Any, others: Team) -> None:
    _made, token = actions.invite(email="x@example.com", place=Place("marketer", others), by=boris)
    actions.switch_team_off(others, by=boris)
    others.refresh_from_db()

    assert actions.open_invitation(token) is None
    assert refusal(made, "dora", Place("marketer", others)) == "team_not_yours"
    assert refusal(actions.switch_team_off, home_team(None), by=boris) == "team_is_last"
    actions.switch_team_on(others, by=boris)
    others.refresh_from_db()
    assert made("dora", Place("marketer", others)).pk


def test_names_of_teams_are_told_apart(others: Team) -> None:
    assert refusal(actions.make_team, name=" others ", by=None) == "team_name_taken"
    assert refusal(actions.make_team, name="  ", by=None) == "team_name_missing"
    actions.rename_team(others, name="Else", by=None)
    assert HistoryEvent.objects.get(verb="team_renamed").details["before"] == "Others"


# --- invitations ---


def accepted(token: str, username: str = "nina") -> Any:
    names = {"username": username, "first_name": "Nina", "last_name": ""}
    return actions.accept_invitation(token, **names, password="a long one for tests")


def test_an_invitation_makes_one_person_once(boris: Any, others: Team) -> None:
    invitation, token = actions.invite(email="nina@example.com", place=Place("approver", others), by=boris)
    nina = accepted(token)

    assert actions.place_of(nina) == Place("approver", others)
    assert nina.email == "nina@example.com"
    assert token not in str(vars(Invitation.objects.get(pk=invitation.pk)))
    assert refusal(accepted, token, "other") == "invitation_closed"
    assert [event.verb for event in HistoryEvent.objects.order_by("pk")][-3:] == [
        "invitation_made", "person_added", "invitation_accepted",
    ]  # fmt: skip


def test_a_second_invitation_takes_the_place_of_the_first(boris: Any) -> None:
    _one, first = actions.invite(email="nina@example.com", place=Place("admin"), by=boris)
    _two, second = actions.invite(email="NINA@example.com", place=Place("auditor"), by=boris)

    assert actions.open_invitation(first) is None
    assert actions.open_invitation(second) is not None


def test_an_invitation_is_over_one_day(boris: Any) -> None:
    invitation, token = actions.invite(email="nina@example.com", place=Place("admin"), by=boris)
    past = timezone.now() - timedelta(days=9)
    Invitation.objects.filter(pk=invitation.pk).update(made_at=past, expires_at=past + timedelta(days=1))

    assert refusal(accepted, token) == "invitation_closed"


def test_an_invitation_is_taken_back_once(boris: Any) -> None:
    invitation, token = actions.invite(email="nina@example.com", place=Place("admin"), by=boris)
    actions.revoke_invitation(invitation, by=boris)
    actions.revoke_invitation(invitation, by=boris)

    assert HistoryEvent.objects.filter(verb="invitation_revoked").count() == 1
    assert refusal(accepted, token) == "invitation_closed"


@pytest.mark.parametrize("token", ["", "wrong", "x" * 200, "\x00"])
def test_other_texts_open_nothing(boris: Any, token: str) -> None:
    assert actions.open_invitation(token) is None
