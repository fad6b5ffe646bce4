"""An invitation accepted in a browser: the link, a name, a password, and in."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from imports import actions
from imports.actions import Place
from imports.models import home_team

from .conftest import Open

pytestmark = [pytest.mark.browser]


def test_somebody_who_was_invited_comes_in(browse: Open, boris: Any) -> None:
    place = Place("approver", home_team(None))
    _made, token = actions.invite(email="nina@example.com", place=place, by=boris)
    visit = browse()
    page = visit.page

    page.goto(visit.site + reverse("invitation", args=[token]))
    visit.watch.look(both_schemes=True)
    page.get_by_label("First name").fill("Nina")
    page.get_by_label("User name").fill("nina")
    page.get_by_label("Password", exact=True).fill("three quiet brown owls")
    page.get_by_label("The password once more").fill("three quiet brown owls")
    page.get_by_role("button", name="Come in").click()

    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()
    assert actions.place_of(get_user_model().objects.get(username="nina")) == place
    answer = page.goto(visit.site + reverse("invitation", args=[token]))
    assert answer and answer.status == 404
    visit.watch.look_sideways(360)
