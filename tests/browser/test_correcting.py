"""Bad rows corrected in a real browser: by keyboard alone, on a phone, and without JavaScript."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from imports.results import totals
from tests.factories import fresh, make_checked_job

from .conftest import Open
from .visit import PRIMARY

pytestmark = [pytest.mark.browser]

BAD = "E-mail,First name,Phone\nkamila@example.com,Kamila,\nbroken,Daria,\nolga@ex.con x,Olga,\nrita@ex.con x,Рита,\n"


def cell(page: Page, row: int, column: int) -> Any:
    return page.locator(f"#cell-{row}-{column}")


@pytest.mark.parametrize("where", [{"width": 1440}, {"lang": "ru-RU", "width": 360, "scheme": "dark"}], ids=str)
def test_rows_are_corrected_by_keyboard_then_all_alike_then_undone(
    where: dict[str, Any], browse: Open, account: Any, worker: Any, anna: Any
) -> None:
    job = make_checked_job(anna, account, BAD)
    visit = browse(anna, **where)
    page = visit.page
    page.goto(visit.site + reverse("job_fix", args=[job.uuid]))
    visit.watch.look(both_schemes=True)
    cell(page, 3, 0).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("daria@example.com")
    page.keyboard.press("Enter")
    expect(cell(page, 4, 0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, 3, 0)).to_be_focused()
    page.locator(PRIMARY).focus()
    page.keyboard.press("Enter")
    expect(cell(page, 3, 0)).to_have_count(0)
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    page.fill("#id_find", ".con x")
    page.fill("#id_put", ".com")
    page.keyboard.press("Enter")
    page.locator("#alike [role=status] button").click()
    expect(page.locator("#rows tbody .cell-bad")).to_have_count(0)
    visit.watch.look()
    assert totals(fresh(job)).pending == 4
    page.locator("form[action$='/undo/'] button").first.click()
    expect(page.locator("#rows tbody .cell-bad")).to_have_count(2)


def test_rows_are_corrected_and_sent_without_javascript(browse: Open, account: Any, worker: Any, anna: Any) -> None:
    job = make_checked_job(anna, account, BAD)
    visit = browse(anna, scripts=False)
    page = visit.page
    page.goto(visit.site + reverse("job_check", args=[job.uuid]))
    page.locator("a[href$='/check/fix/']").first.click()
    cell(page, 3, 0).fill("daria@example.com")
    page.locator(PRIMARY).click()
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    page.goto(visit.site + reverse("job_check", args=[job.uuid]))
    visit.send()
    visit.at("results")
    visit.expect_closed()
    assert (visit.sum()["accepted"], visit.sum()["invalid"]) == (2, 2)
