"""The columns of a messy file by keyboard: remarks, what mends them, drafts in two windows, all without script too."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from imports.models import Preset
from tests.factories import make_job

from .conftest import Open
from .messy import messy
from .visit import Visit

pytestmark = [pytest.mark.browser]

ALL_SHOWN = "section.map:visible"


def opened(visit: Visit, job: Any) -> Page:
    visit.page.goto(visit.site + reverse("job_columns", args=[job.uuid]))
    return visit.page


@pytest.mark.parametrize("where", [{"width": 1440}, {"lang": "ru-RU", "width": 360, "scheme": "dark"}], ids=str)
def test_remarks_are_mended_by_keyboard_and_the_numbers_follow(
    where: dict[str, Any], browse: Open, account: Any, anna: Any
) -> None:
    visit = browse(anna, **where)
    page = opened(visit, messy(anna, account))
    visit.watch.look(both_schemes=True)
    bad = page.locator("#bad-3")
    bad.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#fix-3 .notice")).to_have_class(re.compile("is-accent"))
    expect(page.locator("#bad-3")).to_be_focused()
    expect(page.locator("#bad-3")).to_have_value("empty")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    visit.watch.look(both_schemes=True)
    page.reload()
    expect(page.locator("#bad-3")).to_have_value("empty")


def test_only_columns_with_remarks_are_shown_when_asked(browse: Open, account: Any, anna: Any) -> None:
    visit = browse(anna)
    page = opened(visit, messy(anna, account))
    expect(page.locator(ALL_SHOWN)).to_have_count(9)
    page.locator("#shown-all").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(ALL_SHOWN)).to_have_count(4)
    visit.watch.look()


def test_every_choice_beside_the_columns_is_kept_and_shows_in_the_numbers(
    browse: Open, account: Any, anna: Any
) -> None:
    visit = browse(anna)
    page = opened(visit, make_job(anna, "E-mail,Phone\nkamila@example.com,9120000001\n"))
    expect(page.locator("#fix-1")).to_have_count(0)
    page.select_option("#id_phone_region", "")
    expect(page.locator("#fix-1")).to_contain_text("1 value does not fit")
    page.check("#id_run_triggers")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("#id_run_triggers")).to_be_checked()
    expect(page.locator("#id_phone_region")).to_have_value("")


def test_two_windows_do_not_destroy_each_others_work(browse: Open, account: Any, anna: Any) -> None:
    job = messy(anna, account)
    first, second = (opened(browse(anna), job) for _ in range(2))
    first.select_option("#field-5", "_region")
    expect(first.locator("#saved")).to_contain_text("Draft saved")
    second.select_option("#field-5", "")
    expect(second.locator("#window")).to_contain_text("were changed in another window")
    expect(second.locator("#field-5")).to_have_value("")
    second.click("#window a")
    expect(second.locator("#field-5")).to_have_value("_region")


def test_a_preset_is_applied_and_saved_without_script(browse: Open, account: Any, anna: Any) -> None:
    visit = browse(anna, scripts=False)
    page = opened(visit, messy(anna, account))
    expect(page.locator("#preset")).to_contain_text("The file has changed:")
    page.select_option("#field-6", "_vendor")
    page.click("#preset button[value=update]")
    expect(page.locator("#preset")).not_to_contain_text("New column")
    expect(page.locator("#preset")).to_contain_text("part of the dates are in another order")  # they still are
    assert len(Preset.objects.get().mapping.targets) == 7
