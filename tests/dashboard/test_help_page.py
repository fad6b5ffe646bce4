"""The help page: at the same place on every page, every outcome explained."""

from typing import Any

import pytest
from django.urls import reverse

from dashboard.badges import OUTCOMES
from dashboard.presenting.helptexts import OUTCOMES_EXPLAINED


def test_every_outcome_is_explained_in_its_order() -> None:
    assert [one.badge for one in OUTCOMES_EXPLAINED] == list(OUTCOMES.values())


@pytest.mark.parametrize("role", ["as_anna", "as_vera"])
def test_everybody_finds_it_at_the_foot_of_a_page(role: str, request: pytest.FixtureRequest) -> None:
    client: Any = request.getfixturevalue(role)
    link = f'href="{reverse("help")}"'
    assert link in client.get(reverse("home")).content.decode().partition("<footer")[2]
    answer = client.get(reverse("help"))
    assert answer.status_code == 200
    assert all(str(one.meaning).split("'")[0] in answer.content.decode() for one in OUTCOMES_EXPLAINED)


def test_a_stranger_is_not_led_there(client: Any, db: None) -> None:
    assert reverse("help") not in client.get(reverse("login")).content.decode()
