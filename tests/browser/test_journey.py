"""An import from the file to the history, in both languages, on a desk and on a phone."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from .conftest import Open
from .tables import HEADER, flawed, table

pytestmark = [pytest.mark.browser]

ENGLISH = {"lang": "en-GB", "width": 1440, "scheme": "light"}
RUSSIAN = {"lang": "ru-RU", "width": 360, "scheme": "dark"}
PASSWORD = "a-long-enough-one"
PROBLEMS = ["person3.example.com", "person6@example.com", "person11@example.com"]


@pytest.mark.parametrize("where", [ENGLISH, RUSSIAN], ids=["english-desk", "russian-phone"])
def test_file_becomes_answers_row_by_row(
    where: dict[str, Any], browse: Open, account: Any, worker: Any, sandbox: Any, anna: User
) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    sandbox.desk.change({"fail_every": 4})
    visit = browse(**where)
    page, watch = visit.page, visit.watch

    visit.go("home")
    assert page.locator("html").get_attribute("lang") == where["lang"][:2]
    watch.look()
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(visit.site + reverse("home"))
    watch.look()

    visit.upload("people.csv", table(flawed(12)).encode())
    visit.at("file")
    expect(page.locator("#preview tbody tr")).to_have_count(12)
    watch.look()
    visit.on_from_file()
    assert [page.locator(f"#field-{place}").input_value() for place in range(3)] == ["email", "_fname", "phones"]
    watch.look()
    visit.on_from_columns()
    assert visit.sum() == {
        "total": 12, "accepted": 0, "rejected": 0, "invalid": 1, "aside": 1, "notsent": 0, "unknown": 0, "pending": 10,
    }  # fmt: skip
    expect(page.locator("#rows")).to_contain_text("person3.example.com")
    page.fill("#row", "5")
    page.press("#row", "Enter")
    expect(page.locator("#exact pre")).to_contain_text('"email": "person4@example.com"')
    watch.look()

    visit.send()
    visit.at("results")
    visit.expect_closed()
    assert visit.sum() == {
        "total": 12, "accepted": 8, "rejected": 2, "invalid": 1, "aside": 1, "notsent": 0, "unknown": 0, "pending": 0,
    }  # fmt: skip
    watch.look()
    page.click("#rows .chip.is-rejected")
    page.wait_for_url("**outcome=rejected**")
    rejected = visit.rows_shown()
    assert len(rejected) == 2 and all("Incorrect phone" in row for row in rejected)
    watch.look()

    for asked in ("person7@example.com", "+7 900 000-00-07", "8"):
        page.fill("#search", asked)
        page.press("#search", "Enter")
        page.wait_for_url("**q=**")
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        expect(page.locator("#rows tbody tr")).to_contain_text("person7@example.com")
    page.click("#rows tbody tr a")
    visit.at("rows/8")
    expect(page.locator("#sent")).to_contain_text('"person7@example.com"')
    watch.look()
    page.go_back()

    page.click("details.menu:has(a[href*=download]) summary")
    book = openpyxl.load_workbook(io.BytesIO(visit.download("a[href*='only=problems&form=xlsx']")), read_only=True)
    [head, *lines] = list(book.active.iter_rows(values_only=True))
    assert list(head[:3]) == HEADER
    assert [line[0] for line in lines] == PROBLEMS
    page.click("details.menu:has(a[href*=download]) summary")
    text = visit.download("details.menu a[href*='only=problems&form=csv']").decode("utf-8-sig")
    dialect = csv.Sniffer().sniff(text, delimiters=",;")
    [head, *lines] = list(csv.reader(io.StringIO(text), dialect))
    assert head[:3] == HEADER and [line[0] for line in lines] == PROBLEMS

    visit.go("history")
    expect(page.locator("main table")).to_contain_text("people.csv")
    watch.look()
    visit.go("job_list")
    expect(page.locator("main table")).to_contain_text("people.csv")
    watch.look()
