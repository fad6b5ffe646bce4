"""Files that are no table, or not yet: each ends in a sentence on the page, and never in an error page."""

import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .compounds import locked_workbook
from .conftest import Open

pytestmark = [pytest.mark.browser]

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(2000)
TABLE = "E-mail^First name\nkamila@example.com^Kamila\ndaria@example.com^Daria\n"
FILES = {
    "header.csv": (b"E-mail,First name,Phone\n", "no rows"),
    "program.csv": (PROGRAM, "not a table"),
    "locked.xlsx": (locked_workbook(), "password"),
    "broken.xlsx": (b"PK\x03\x04" + bytes(400), "damaged"),
    "mainframe.txt": (TABLE.encode("cp037"), "no rows"),
    "west.csv": ("E-mail,Имя\nkamila@example.com,Камила\n".encode("cp866"), "encoding was guessed"),
    "noise.txt": (random.Random(7).randbytes(3000), "not a table"),
    "one.csv": (TABLE.encode(), "Only one column"),
}


def said(page: Page) -> str:
    """What is told, wherever the page tells it."""
    places = page.locator("#upload-faults .notice, main .notice:visible, #preview p:visible, .errorlist:visible")
    places.first.wait_for()
    return " ".join(places.all_inner_texts())


def test_bad_file_is_told_in_a_sentence(browse: Open, account: Any, worker: Any, anna: Any) -> None:
    visit = browse(anna)
    visit.upload("empty.csv", b"")
    assert "empty" in said(visit.page)
    visit.watch.look()
    for name, (content, words) in FILES.items():
        visit.upload(name, content)
        visit.at("file")
        assert words in said(visit.page), name
    visit.watch.look()


def test_file_over_the_limit_is_refused_before_and_after_it_travels(browse: Open, anna: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    visit = browse(anna)
    visit.go("job_new")
    visit.page.set_input_files("#id_file", {"name": "big.csv", "mimeType": "text/csv", "buffer": b"a,b\n" * 1000})
    assert visit.page.evaluate("document.querySelector('#id_file').validationMessage")
    plain = browse(anna, scripts=False)
    plain.upload("big.csv", b"a,b\n" * 1000)
    expect(plain.page.locator(".error-summary")).to_be_visible()
    assert "larger than 1,000 bytes" in said(plain.page)
