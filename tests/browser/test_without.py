"""The whole import without JavaScript, and the whole import without a mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open
from .tables import flawed, people, table
from .visit import PRIMARY

pytestmark = [pytest.mark.browser]


def test_import_without_javascript(browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any) -> None:
    sandbox.desk.change({"fail_every": 4})
    visit = browse(anna, scripts=False)
    page = visit.page
    visit.upload("people.csv", table(flawed(12), delimiter=";").encode())
    visit.at("file")
    headers = page.locator("#preview thead th")
    expect(headers).to_have_count(4)
    page.select_option("select[name=delimiter]", "|")
    page.click("button[name=show]")
    expect(headers).to_have_count(2)
    page.select_option("select[name=delimiter]", ";")
    page.click("button[name=show]")
    expect(headers).to_have_count(4)
    visit.on_from_file()
    visit.on_from_columns()
    page.fill("#row", "5")
    page.click("form[action*='/check/json/'] button")
    visit.at("check/json")
    expect(page.locator("#exact-text")).to_contain_text('"email": "person4@example.com"')
    page.go_back()
    visit.send()
    visit.at("results")  # the page of sending loads itself again
    visit.expect_closed()
    sums = visit.sum()
    assert (sums["accepted"], sums["rejected"], sums["invalid"], sums["aside"]) == (8, 2, 1, 1)
    page.click("#rows .chip.is-rejected")
    assert len(visit.rows_shown()) == 2


FOCUS_SEEN = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const bar = document.querySelector(".actionbar");
    const bottom = bar && !bar.contains(one) ? Math.min(innerHeight, bar.getBoundingClientRect().top) : innerHeight;
    return {
        name: `${one.tagName}#${one.id}.${one.className}`,
        ring: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
        inside: box.bottom > 0 && box.top < bottom,
    };
}"""  # a bar that stays at the bottom must not lie over what has the focus (WCAG 2.4.11)


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Press Tab until this element has the focus; every stop on the way must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS_SEEN)
        assert stop["ring"] and stop["inside"], (selector, page.url, stop)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} was not reached by {most} steps on {page.url}")


def test_import_by_keyboard_alone(browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any) -> None:
    visit = browse(anna)
    page, keys = visit.page, visit.page.keyboard
    visit.go("home")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.matches('a.skip')")
    keys.press("Enter")
    tab_to(page, "a[href$='/imports/new/']")
    keys.press("Enter")
    page.wait_for_url("**/imports/new/")
    tab_to(page, "textarea[name=text]")
    keys.insert_text(table(people(7), delimiter="\t"))
    tab_to(page, "form[action$='/paste/'] button")
    keys.press("Enter")
    visit.at("file")
    expect(page.locator("#preview tbody tr")).to_have_count(7)  # the file has been read
    tab_to(page, "select[name=header_row]")
    keys.press("Home")
    keys.press("ArrowDown")
    expect(page.locator("#preview tbody tr")).to_have_count(6)
    keys.press("ArrowUp")
    expect(page.locator("#preview tbody tr")).to_have_count(7)
    tab_to(page, PRIMARY)
    keys.press("Enter")
    visit.at("columns")
    tab_to(page, "#field-1")
    keys.press("Home")
    expect(page.locator("#column-1.off")).to_be_visible()
    expect(page.locator("#field-1")).to_be_focused()
    tab_to(page, PRIMARY)
    keys.press("Enter")
    visit.at("check")
    expect(page.locator(".sum")).to_be_visible()
    tab_to(page, "#row")
    keys.insert_text("3")
    keys.press("Enter")
    expect(page.locator("#exact-text")).to_contain_text("person2@example.com")
    tab_to(page, "button[form=start]")
    keys.press("Enter")
    visit.at("results")
    visit.expect_closed()
    assert visit.sum()["accepted"] == 7
    keys.press("/")
    expect(page.locator("#search")).to_be_focused()
    keys.insert_text("person5@example.com")
    keys.press("Enter")
    page.wait_for_url("**q=person5**")
    expect(page.locator("#rows")).to_be_focused()
    tab_to(page, "#rows tbody a")
    keys.press("Enter")
    visit.at("rows/6")
    keys.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    tab_to(page, "details.person summary")
    keys.press("Enter")
    tab_to(page, "details.person button")
    keys.press("Enter")
    page.wait_for_url(re.compile("/login/"))
