"""Setting up the second factor and signing in with it, as a person does, in both languages."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.signing import PASSWORD, code_of

from .conftest import Open

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("lang", ["en-GB", "ru-RU"])
def test_it_is_set_up_where_the_role_has_to_have_one_and_opens_the_next_time(
    lang: str, browse: Open, boris: Any
) -> None:
    from imports.models import Policy

    Policy.objects.create(second_factor_roles=["admin"])
    visit = browse(None, lang=lang)
    page = visit.page

    visit.go("login")
    page.fill("input[name=username]", "boris@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/second-factor/")
    visit.go("connection_list")
    page.wait_for_url("**/second-factor/")  # nothing else opens
    visit.watch.look(both_schemes=True)
    visit.watch.look_sideways(360)
    expect(page.locator("main svg path").first).to_be_visible()
    secret = page.locator("#secret").inner_text().replace(" ", "")

    page.fill("#id_code", code_of(secret))
    page.click(".actionbar .btn-primary")
    expect(page.locator("#codes li")).to_have_count(10)
    visit.watch.look(both_schemes=True)
    recovery = page.locator("#codes li").first.inner_text()
    page.click(".actionbar .btn-primary")
    page.wait_for_url(visit.site + "/")

    page.click("details.person summary")
    page.click("details.person form button")
    page.wait_for_url("**/login/")
    page.fill("input[name=username]", "boris")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/login/code/")
    visit.watch.look(both_schemes=True)
    visit.watch.look_sideways(360)
    page.fill("#id_code", recovery)
    page.click("main form button")
    page.wait_for_url(visit.site + "/")
    visit.go("second_factor")
    visit.watch.look(both_schemes=True)


def test_a_poll_says_that_nobody_is_at_work(browse: Open, anna: Any) -> None:
    """What keeps a session alive is decided by this header: dashboard/signin/sessions.py."""
    visit = browse(anna)
    with visit.page.expect_request("**/news/**") as waiting:
        visit.go("home")

    assert waiting.value.headers["x-poll"] == "1"
