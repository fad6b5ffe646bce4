"""Files for the e-mails of a scenario, in a real browser: with scripts they appear at once, without they stay too."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import fresh, make_job

from .conftest import Open

pytestmark = pytest.mark.browser

PDF = {"name": "price 🎁.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 price list"}
TXT = {"name": "terms.txt", "mimeType": "text/plain", "buffer": b"terms"}
EMPTY = {"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""}


def test_a_file_appears_when_chosen_and_survives_other_choices(browse: Open, anna: Any, account: Any) -> None:
    job = make_job(anna)
    visit = browse(anna)
    page = visit.page
    visit.go("job_columns", job.uuid)
    page.check("input[name=operation][value=scenario]")
    page.set_input_files("input[name=files]", [PDF, TXT])
    expect(page.locator(".attached li")).to_have_count(2)
    assert page.input_value("input[name=files]") == ""
    page.set_input_files("input[name=files]", EMPTY)
    expect(page.locator("#files_error")).to_contain_text("empty.pdf")
    page.locator(".attached button").nth(1).click()
    expect(page.locator(".attached li")).to_have_count(1)
    page.check("input[name=operation][value=import]")
    expect(page.locator("#attached")).to_have_count(0)
    page.check("input[name=operation][value=scenario]")
    expect(page.locator(".attached li")).to_contain_text("price 🎁.pdf")
    page.select_option("select[name=scenario]", "12")
    page.click(".actionbar .btn-primary")
    visit.at("check")
    (kept,) = fresh(job).destination.attach  # type: ignore[union-attr]
    assert fresh(job).vault.get(kept.vault) == PDF["buffer"]


def test_without_scripts_a_file_stays_when_the_page_comes_back(browse: Open, anna: Any, account: Any) -> None:
    job = make_job(anna)
    visit = browse(anna, scripts=False)
    page = visit.page
    visit.go("job_columns", job.uuid)
    page.check("input[name=operation][value=scenario]")
    page.click("button[name=show] >> nth=0")
    page.set_input_files("input[name=files]", PDF)
    page.click(".actionbar .btn-primary")
    expect(page.locator(".attached li")).to_contain_text("price 🎁.pdf")
    expect(page.locator(".error-summary")).to_be_visible()
    page.select_option("select[name=scenario]", "12")
    page.click(".actionbar .btn-primary")
    visit.at("check")
    (kept,) = fresh(job).destination.attach  # type: ignore[union-attr]
    assert fresh(job).vault.get(kept.vault) == PDF["buffer"]
