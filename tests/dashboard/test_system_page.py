"""The page of the system's state: for admins and auditors, asked again by itself, never a green light too many."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.actions import state
from imports.models import Connection
from tests.factories import make_sending_job


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every line well, unless a test puts another in."""
    wells = {name: lambda: actions.Line(actions.WELL, "spool_none") for name in state.LOOKS}
    monkeypatch.setattr(state, "LOOKS", wells)
    return wells


@pytest.mark.parametrize("who", ["as_boris", "as_vera"])
def test_admins_and_auditors_see_every_line(request: pytest.FixtureRequest, who: str) -> None:
    text = text_of(request.getfixturevalue(who).get(reverse("system")))
    for name in ("Workers that send", "Last sweep", "Storage of files", "History verified", "Keys (FIELD_KEYS)"):
        assert name in text


@pytest.mark.parametrize("who", ["as_anna", "as_clara"])
def test_others_do_not(request: pytest.FixtureRequest, who: str) -> None:
    client = request.getfixturevalue(who)
    assert client.get(reverse("system")).status_code == 403
    assert reverse("system") not in text_of(client.get(reverse("home")))


def test_it_asks_again_for_its_live_part_alone(as_vera: Any) -> None:
    assert 'data-poll="10000"' in text_of(as_vera.get(reverse("system")))
    part = text_of(as_vera.get(reverse("system"), headers={"HX-Request": "true"}))
    assert 'id="state"' in part
    assert "<html" not in part


def test_the_headline_says_the_worst(as_boris: Any, lines: dict[str, Any]) -> None:
    assert "All is well" in text_of(as_boris.get(reverse("system")))
    lines["mail"] = lambda: actions.Line(actions.UNKNOWN, "mail_not_set")
    assert "What could be found out is well" in text_of(as_boris.get(reverse("system")))
    lines["keys"] = lambda: actions.Line(actions.LOOK, "keys_two", {"names": "a, b"})
    assert "1 thing needs a look" in text_of(as_boris.get(reverse("system")))
    lines["send"] = lambda: actions.Line(actions.BAD, "send_never")
    text = text_of(as_boris.get(reverse("system")))
    assert "1 thing is not well" in text
    assert "Start one: celery -A dashboard.celery worker -Q send" in text


def test_a_line_that_fails_is_unknown_and_not_green(as_boris: Any, lines: dict[str, Any]) -> None:
    def broken() -> actions.Line:
        raise TimeoutError

    for name in list(lines):
        lines[name] = broken
    text = text_of(as_boris.get(reverse("system")))
    assert "could not be found out just now (TimeoutError)" in text
    assert "is-accepted" not in text


def test_an_admin_is_led_to_what_stands_still(as_boris: Any, as_vera: Any, anna: Any, account: Connection) -> None:
    address = reverse("job", args=[make_sending_job(anna, account).uuid])
    assert address in text_of(as_boris.get(reverse("system")))
    assert address not in text_of(as_vera.get(reverse("system")))


def test_it_costs_the_database_little(as_boris: Any, django_assert_max_num_queries: Any) -> None:
    as_boris.get(reverse("system"))
    with django_assert_max_num_queries(40):
        as_boris.get(reverse("system"), headers={"HX-Request": "true"})


def test_a_secret_is_on_no_line(as_boris: Any, settings: Any) -> None:
    text = text_of(as_boris.get(reverse("system")))
    for key in (*settings.FIELD_KEYS, settings.SECRET_KEY):
        assert str(key) not in text
