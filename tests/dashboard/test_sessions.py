"""How long a session lasts: told by what is in it, so no test waits."""

from typing import Any

import pytest
from django.test import Client

from dashboard.signin.sessions import BEGAN, SEEN
from imports import actions
from imports.models import HistoryEvent, Policy
from tests.signing import PASSWORD

MINUTE, HOUR = 60, 3600


def age(client: Any, **seconds: float) -> None:
    """Make it as old as that."""
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()


def is_in(client: Any, **more: Any) -> bool:
    return bool(client.get("/", **more).status_code == 200)


def test_half_an_hour_without_a_page_ends_it(as_anna: Any, anna: Any) -> None:
    age(as_anna, **{BEGAN: 31 * MINUTE, SEEN: 31 * MINUTE})

    answer = as_anna.get("/", follow=True)

    assert answer.redirect_chain[0][0].startswith("/login/")
    assert "No page was opened for a while." in answer.content.decode()
    event = HistoryEvent.objects.get(verb="session_over")
    assert (event.actor_id, event.details) == (anna.pk, {"why": "idle"})


def test_a_page_in_between_keeps_it(as_anna: Any) -> None:
    age(as_anna, **{BEGAN: 20 * MINUTE, SEEN: 20 * MINUTE})
    assert is_in(as_anna)
    age(as_anna, **{BEGAN: 20 * MINUTE, SEEN: 20 * MINUTE})

    assert is_in(as_anna)


def test_a_page_that_asks_by_itself_keeps_nothing_alive(as_anna: Any) -> None:
    for _ in range(2):
        age(as_anna, **{BEGAN: 16 * MINUTE, SEEN: 16 * MINUTE})
        as_anna.get("/news/?since=1", headers={"HX-Request": "true", "X-Poll": "1"})

    assert not is_in(as_anna)


def test_no_work_keeps_it_longer_than_twelve_hours(as_anna: Any) -> None:
    age(as_anna, **{BEGAN: 12 * HOUR})

    assert "A session lasts only so long." in as_anna.get("/", follow=True).content.decode()


def test_the_policy_counts_from_the_next_page_on(as_anna: Any) -> None:
    age(as_anna, **{BEGAN: 10 * MINUTE, SEEN: 10 * MINUTE})
    Policy.objects.create(idle_minutes=5)

    assert not is_in(as_anna)


def test_the_cookie_lasts_as_long_as_the_policy_says(client: Any, anna: Any) -> None:
    Policy.objects.create(session_hours=48)
    client.post("/login/", {"username": "anna", "password": PASSWORD})

    assert 47 * HOUR < client.cookies["session"]["max-age"] <= 48 * HOUR


def test_sessions_ended_from_outside_are_over_at_once(as_anna: Any, anna: Any, boris: Any) -> None:
    actions.end_sessions(anna, by=boris)

    assert "Your sessions were ended from another place." in as_anna.get("/", follow=True).content.decode()
    event = HistoryEvent.objects.get(verb="sessions_ended")
    assert (event.actor_id, event.object_text) == (boris.pk, "anna")


def test_signing_in_again_after_that_works(client: Any, anna: Any, boris: Any) -> None:
    actions.end_sessions(anna, by=boris)
    client.post("/login/", {"username": "anna", "password": PASSWORD})

    assert is_in(client)


def test_others_of_one_s_own_are_ended_and_this_one_goes_on(as_anna: Any, anna: Any) -> None:
    other = Client()
    other.force_login(anna)

    as_anna.post("/sessions/end/")

    assert is_in(as_anna)
    assert not is_in(other)


def test_somebody_switched_off_is_out_at_once(as_anna: Any, anna: Any) -> None:
    anna.is_active = False
    anna.save()

    assert not is_in(as_anna)


def test_a_live_part_whose_session_went_idle_loads_its_page_again(as_anna: Any) -> None:
    age(as_anna, **{SEEN: HOUR})

    answer = as_anna.get("/news/?since=1", headers={"HX-Request": "true", "X-Poll": "1"}, follow=True)

    assert answer["HX-Refresh"] == "true"


def test_what_was_typed_outlives_an_idle_session(as_anna: Any, account: Any) -> None:
    age(as_anna, **{SEEN: HOUR})

    answer = as_anna.post("/imports/form/", {"connection": str(account.pk), "value-email": "kamila@example.com"})

    assert "What you typed is kept" in answer.content.decode()
    assert "kamila@example.com" in answer.content.decode()


@pytest.mark.parametrize("missing", [BEGAN, SEEN])
def test_a_session_that_did_not_begin_here_is_none(missing: str, as_anna: Any) -> None:
    session = as_anna.session
    del session[missing]
    session.save()

    assert not is_in(as_anna)
