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
from .visit import Visit

pytestmark = [pytest.mark.browser]

ENGLISH = {"lang": "en-GB", "width": 1440, "scheme": "light"}
RUSSIAN = {"lang": "ru-RU", "width": 360, "scheme": "dark"}
PASSWORD = "a-long-enough-one"
ROWS = 12  # the third is invalid, the first is repeated by the last; of each batch of five the fourth is refused
CHECKED = {"invalid": 1, "aside": 1, "pending": 10}
SENT = {"accepted": 8, "rejected": 2, "invalid": 1, "aside": 1}
PROBLEMS = ["person3.example.com", "person6@example.com", "person11@example.com"]


@pytest.mark.parametrize("where", [ENGLISH, RUSSIAN], ids=["english-desk", "russian-phone"])
def test_file_becomes_answers_row_by_row(
    where: dict[str, Any], browse: Open, account: Any, worker: Any, sandbox: Any, anna: User
) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    sandbox.desk.change({"fail_every": 4})
    visit = browse(**where)
    visit.go("home")
    assert visit.page.locator("html").get_attribute("lang") == where["lang"][:2]
    sign_in(visit)
    check(visit)
    visit.send()
    visit.at("results")
    visit.expect_closed()
    assert counted(visit) == {"total": ROWS, **SENT}
    visit.watch.look()
    filter_and_find(visit)
    download(visit)
    look_back(visit)


def counted(visit: Visit) -> dict[str, int]:
    return {name: count for name, count in visit.sum().items() if count}


def sign_in(visit: Visit) -> None:
    visit.watch.look()
    visit.page.fill("input[name=username]", "anna")
    visit.page.fill("input[name=password]", PASSWORD)
    visit.page.press("input[name=password]", "Enter")
    visit.page.wait_for_url(visit.site + reverse("home"))


def check(visit: Visit) -> None:
    """From the file over the columns, which are guessed, to what was found and the exact text of one row."""
    page = visit.page
    visit.upload("people.csv", table(flawed(ROWS)).encode())
    visit.at("file")
    expect(page.locator("#preview tbody tr")).to_have_count(ROWS)
    visit.watch.look()
    visit.on_from_file()
    assert [page.locator(f"#field-{place}").input_value() for place in range(3)] == ["email", "_fname", "phones"]
    visit.watch.look()
    visit.on_from_columns()
    assert counted(visit) == {"total": ROWS, **CHECKED}
    expect(page.locator("#rows")).to_contain_text("person3.example.com")
    page.fill("#row", "5")
    page.press("#row", "Enter")
    expect(page.locator("#exact pre")).to_contain_text('"email": "person4@example.com"')
    visit.watch.look()


def filter_and_find(visit: Visit) -> None:
    """By outcome; by e-mail, phone and row number; then one row's story."""
    page = visit.page
    page.click("#rows .chip.is-rejected")
    page.wait_for_url("**outcome=rejected**")
    rejected = visit.rows_shown()
    assert len(rejected) == 2 and all("Incorrect phone" in row for row in rejected)
    for asked in ("person7@example.com", "+7 900 000-00-07", "8"):
        page.fill("#search", asked)
        page.press("#search", "Enter")
        page.wait_for_url("**q=**")
        expect(page.locator("#search")).to_have_value(asked)
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        expect(page.locator("#rows tbody tr")).to_contain_text("person7@example.com")
    page.click("#rows tbody tr a")
    visit.at("rows/8")
    expect(page.locator("#sent")).to_contain_text('"person7@example.com"')
    visit.watch.look()


def download(visit: Visit) -> None:
    """The rows with a problem, in the file's own columns, as a workbook and as text."""
    visit.go("job_results", visit.uuid())
    visit.page.click("details.menu:has(a[href*=download]) summary")
    book = openpyxl.load_workbook(io.BytesIO(visit.download("a[href*='only=problems&form=xlsx']")), read_only=True)
    assert book.active
    told_as_before([[str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)])
    visit.page.click("details.menu:has(a[href*=download]) summary")
    text = visit.download("details.menu a[href*='only=problems&form=csv']").decode("utf-8-sig")
    told_as_before(list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text, delimiters=",;"))))


def told_as_before(rows: list[list[str]]) -> None:
    head, *lines = rows
    assert head[:3] == HEADER
    assert [line[0] for line in lines] == PROBLEMS


def look_back(visit: Visit) -> None:
    for name in ("history", "job_list", "home"):
        visit.go(name)
        expect(visit.page.locator("main")).to_contain_text("people.csv")
        visit.watch.look()
