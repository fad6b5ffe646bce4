"""How long a session lasts: told by what is in it, so no test waits."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from dashboard.signin.browsers import browser_of
from dashboard.signin.sessions import BEGAN, SEEN
from imports import actions
from imports.models import HistoryEvent, Policy, SignedIn
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


# --- one's own, on the page of the settings ---

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(anna: Any, browser: str = FIREFOX, address: str = "192.0.2.7") -> Any:
    client = Client(headers={"User-Agent": browser}, REMOTE_ADDR=address)
    client.post("/login/", {"username": anna.username, "password": PASSWORD})
    return client


def test_the_settings_show_where_one_is_signed_in(as_anna: Any, anna: Any, boris: Any) -> None:
    signed_in(anna)
    signed_in(boris, address="192.0.2.8")

    page = as_anna.get("/settings/").content.decode()

    assert "Firefox, Windows" in page and "192.0.2.7" in page and "this browser" in page
    assert "192.0.2.8" not in page


def test_one_of_them_is_ended_and_the_others_go_on(as_anna: Any, anna: Any) -> None:
    lost, other = signed_in(anna), signed_in(anna)
    found = SignedIn.objects.get(session_key=lost.session.session_key)

    as_anna.post(f"/sessions/{found.pk}/end/")

    assert (is_in(lost), is_in(other), is_in(as_anna)) == (False, True, True)
    event = HistoryEvent.objects.get(verb="session_ended")
    assert (event.actor_id, event.details) == (anna.pk, {"person": anna.pk})
    assert as_anna.post(f"/sessions/{found.pk}/end/").status_code == 404


def test_nobody_ends_a_session_of_somebody_else(as_boris: Any, anna: Any) -> None:
    theirs = signed_in(anna)
    found = SignedIn.objects.get(user=anna)

    assert as_boris.post(f"/sessions/{found.pk}/end/").status_code == 404
    assert is_in(theirs)


def test_this_one_is_not_ended_there(as_anna: Any, anna: Any) -> None:
    found = SignedIn.objects.get(user=anna)

    as_anna.post(f"/sessions/{found.pk}/end/")

    assert is_in(as_anna)


def test_what_is_over_is_not_shown(as_anna: Any, anna: Any) -> None:
    idle, out, kept = signed_in(anna), signed_in(anna), signed_in(anna)
    then = timezone.now() - timedelta(minutes=31)
    SignedIn.objects.filter(session_key=idle.session.session_key).update(seen_at=then)
    out.post("/logout/")

    keys = {one.session_key for one in actions.sessions_of(anna)}

    assert keys == {as_anna.session.session_key, kept.session.session_key}
    as_anna.post("/sessions/end/")
    assert [one.session_key for one in actions.sessions_of(anna)] == [as_anna.session.session_key]


def test_a_page_keeps_it_among_them_and_a_new_password_too(as_anna: Any, anna: Any) -> None:
    SignedIn.objects.all().delete()
    age(as_anna, **{SEEN: MINUTE})
    as_anna.get("/")
    assert [one.session_key for one in actions.sessions_of(anna)] == [as_anna.session.session_key]

    new = "correct horse battery staple"
    as_anna.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert [one.session_key for one in actions.sessions_of(anna)] == [as_anna.session.session_key]


def test_sessions_that_are_over_are_cleared_by_the_run_of_the_night(as_anna: Any, anna: Any) -> None:
    old = signed_in(anna)
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now() - timedelta(minutes=1))

    actions.run_retention()

    assert not Session.objects.filter(pk=old.session.session_key).exists()
    assert [one.session_key for one in SignedIn.objects.all()] == [as_anna.session.session_key]
    assert is_in(as_anna)


CHROME = "AppleWebKit/537.36 Chrome/140.0"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari, macOS"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} YaBrowser/25.8 Safari/537.36", "Yandex, Linux"),
        (f"Mozilla/5.0 (Linux; Android 15) {CHROME} Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_told_in_two_words(told: str, shown: str) -> None:
    assert browser_of(told) == shown


def test_signing_in_over_somebody_else_begins_a_session_of_ones_own(client: Any, anna: Any, clara: Any) -> None:
    client.force_login(anna)
    anna.set_password("changed elsewhere")
    anna.save()
    client.force_login(clara)

    assert SignedIn.objects.get(user=clara).session_key == client.session.session_key
