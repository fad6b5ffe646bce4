"""Several people typed by keyboard and pasted from a spreadsheet, on a desk, on a phone and without a script."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from .conftest import Open
from .visit import PRIMARY, Visit

pytestmark = [pytest.mark.browser]

PASSWORD = "a-long-enough-one"
# The page puts the focus where it belongs a moment after the cells have come: typing before that would go astray.
PASTE = """text => new Promise(settled => {
    document.addEventListener("htmx:afterSettle", () => settled(), {once: true});
    const held = new DataTransfer();
    held.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
})"""
EXCEL = 'kamila@example.com\t8 900 000-00-01\t"Kamila\r\nof the ""North"""\r\ndaria@example.org\t\tDaria\r\n'
TABLE = "Имя\tПочта\nОлег\toleg@example.com\nНина\tnina@example.org\n"


def cell(page: Page, row: int, name: str) -> Any:
    return page.locator(f"#cell-{row}-{name}")


def paste(page: Page, row: int, name: str, text: str) -> None:
    cell(page, row, name).focus()
    page.evaluate(PASTE, text)


def opened(visit: Visit) -> Page:
    visit.go("form_several")
    return visit.page


@pytest.mark.parametrize("where", [{"width": 1440}, {"lang": "ru-RU", "width": 360, "scheme": "dark"}], ids=str)
def test_people_are_pasted_mended_and_sent(
    where: dict[str, Any], browse: Open, account: Any, worker: Any, anna: Any
) -> None:
    visit = browse(anna, **where)
    page = opened(visit)
    visit.watch.look(both_schemes=True)
    paste(page, 4, "email", EXCEL)
    expect(cell(page, 5, "email")).to_have_value("daria@example.org")
    expect(cell(page, 4, "_fname")).to_have_value('Kamila\nof the "North"')
    expect(cell(page, 4, "email")).to_be_focused()
    cell(page, 5, "phones").fill("12")
    page.click(PRIMARY)
    wrong = cell(page, 5, "phones")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_be_focused()
    visit.watch.look(both_schemes=True)
    page.click(".error-summary a")
    expect(wrong).to_be_focused()
    wrong.fill("")
    page.click(PRIMARY)
    visit.send()
    visit.at("results")
    visit.expect_closed()
    assert visit.sum()["accepted"] == 2
    page.goto(visit.site + reverse("job_row", args=[visit.uuid(), 5]))
    expect(page.locator("main")).to_contain_text("daria@example.org")


def test_a_header_in_what_was_pasted_is_matched(browse: Open, account: Any, anna: Any) -> None:
    visit = browse(anna)
    page = opened(visit)
    paste(page, 1, "email", TABLE)
    expect(page.locator("#pasted-field-0")).to_have_value("_fname")
    expect(page.locator("#first-line")).to_be_checked()
    visit.watch.look()
    page.select_option("#pasted-field-0", "_lname")
    page.click("#place")
    expect(cell(page, 2, "email")).to_have_value("nina@example.org")
    expect(cell(page, 2, "_lname")).to_have_value("Нина")
    expect(page.locator("#pasted-columns")).to_have_count(0)


def test_the_keys_of_a_spreadsheet_go_between_cells(browse: Open, account: Any, worker: Any, anna: Any) -> None:
    visit = browse(anna)
    page, keys = opened(visit), visit.page.keyboard
    cell(page, 1, "email").focus()
    keys.insert_text("kamila@example.com")
    keys.press("Tab")
    expect(cell(page, 1, "phones")).to_be_focused()
    keys.press("Enter")
    expect(cell(page, 2, "phones")).to_be_focused()
    keys.press("ArrowLeft")
    expect(cell(page, 2, "email")).to_be_focused()
    keys.press("ArrowUp")
    expect(cell(page, 1, "email")).to_be_focused()
    cell(page, 1, "_fname").focus()
    keys.insert_text("Kamila")
    keys.press("Alt+Enter")
    keys.insert_text("North")
    expect(cell(page, 1, "_fname")).to_have_value("Kamila\nNorth")
    keys.press("ArrowUp")  # within the cell
    expect(cell(page, 1, "_fname")).to_be_focused()
    cell(page, 5, "email").focus()
    keys.press("Enter")
    expect(cell(page, 6, "email")).to_be_focused()
    expect(cell(page, 1, "email")).to_have_value("kamila@example.com")
    cell(page, 1, "_lname").focus()
    keys.press("Tab")
    expect(cell(page, 2, "email")).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("ArrowRight")
    expect(page.locator("[name=remove_row][value='1']")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("[data-grid] tbody tr")).to_have_count(9)
    expect(cell(page, 1, "email")).to_have_value("kamila@example.com")


def test_the_grid_works_without_javascript(browse: Open, account: Any, worker: Any, anna: Any) -> None:
    visit = browse(anna, scripts=False)
    page = opened(visit)
    page.click("#paste-here summary")
    page.fill("#pasted", TABLE)
    page.click("#paste")
    page.click("#place")
    expect(cell(page, 2, "email")).to_have_value("nina@example.org")
    cell(page, 3, "email").fill("kamila@example.com")
    page.click(PRIMARY)
    visit.at("check")
    assert visit.sum()["pending"] == 3


def test_what_was_typed_outlives_the_session(browse: Open, account: Any, anna: User) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    visit = browse()
    page = visit.page
    visit.go("login")
    sign_in(page)
    page.wait_for_url(visit.site + "/")
    opened(visit)
    paste(page, 1, "email", EXCEL)
    expect(cell(page, 2, "email")).to_have_value("daria@example.org")
    page.context.clear_cookies(name="session")
    page.click("#add-rows")  # a live part asks, and the sign-in page takes the place of all
    expect(page.locator("input[name=kept]")).to_have_count(1)
    visit.watch.look()
    sign_in(page)
    expect(cell(page, 2, "email")).to_have_value("daria@example.org")
    expect(cell(page, 1, "_fname")).to_have_value('Kamila\nof the "North"')
    page.click(PRIMARY)
    visit.at("check")


def sign_in(page: Page) -> None:
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
