"""The switch over all sending: its page, and the bar on every other page while it stands."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.models import SendingStop
from imports.states import JobState
from tests.factories import fresh, make_connection, make_sending_job

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_an_administrator_stops_all_sending_and_lets_it_go_on(as_boris: Any) -> None:
    page = reverse("sending_switch")
    assert "Sending is not stopped" in text_of(as_boris.get(page))

    as_boris.post(reverse("sending_stop"), {"reason": "Wrong price in the template"})
    text = text_of(as_boris.get(page))
    assert "All sending is stopped" in text
    assert "Wrong price in the template" in text

    text = text_of(as_boris.post(reverse("sending_go"), {"reason": "Mended"}, follow=True))
    assert "Sending goes on; 0 imports were waiting." in text
    assert "boris let it go on: Mended" in text
    assert not SendingStop.objects.standing().exists()


@pytest.mark.parametrize("name", ["sending_stop", "sending_go"])
def test_a_reason_is_asked_for(as_boris: Any, name: str) -> None:
    answer = as_boris.post(reverse(name), {"reason": " "})
    assert answer.status_code == 422
    assert "Say in a few words why" in text_of(answer)
    assert not SendingStop.objects.exists()


def test_a_second_press_is_told_and_changes_nothing(as_boris: Any) -> None:
    for _ in range(2):
        answer = as_boris.post(reverse("sending_stop"), {"reason": "price"}, follow=True)
    assert "All sending is stopped already." in text_of(answer)
    assert SendingStop.objects.count() == 1
    as_boris.post(reverse("sending_go"), {"reason": "over"})
    assert "Sending is not stopped." in text_of(as_boris.post(reverse("sending_go"), {"reason": "over"}, follow=True))


@pytest.mark.parametrize("name", ["home", "job_list", "history"])
def test_every_page_says_who_stopped_it_and_why(
    as_anna: Any, as_boris: Any, as_vera: Any, boris: Any, name: str
) -> None:
    actions.stop_sending(by=boris, reason="Wrong <price>")
    for browser in (as_anna, as_boris, as_vera):
        text = text_of(browser.get(reverse(name)))
        assert "All sending is stopped." in text
        assert "By boris: Wrong <price>." in text
    assert "<price>" not in as_vera.get(reverse(name)).content.decode()
    assert reverse("sending_switch") in text_of(as_boris.get(reverse(name)))
    assert reverse("sending_switch") not in text_of(as_anna.get(reverse(name)))
    actions.lift_stop(by=boris, reason="over")
    assert "All sending is stopped." not in text_of(as_anna.get(reverse(name)))


def test_the_page_of_an_import_says_why_it_waits(as_anna: Any, anna: Any, boris: Any, sandbox: Any) -> None:
    job = make_sending_job(anna, make_connection(sandbox))
    actions.stop_sending(by=boris, reason="Wrong price")
    text = text_of(as_anna.get(reverse("job_sending", args=[job.uuid])))
    assert "boris stopped all sending: Wrong price." in text
    assert "Paused at 0%" in text
    assert "All sending is stopped." not in text
    assert "All sending is stopped" in text_of(as_anna.get(reverse("home"))).partition('id="h-run"')[2]
    assert fresh(job).state == JobState.SENDING


def test_nobody_but_an_administrator_may(as_anna: Any, as_vera: Any) -> None:
    for browser in (as_anna, as_vera):
        for name in ("sending_stop", "sending_go"):
            assert browser.post(reverse(name), {"reason": "x"}).status_code == 403
    assert not SendingStop.objects.exists()
