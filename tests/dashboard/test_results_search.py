"""Looking for people among the rows of an import: what is found, and what is said about where it was looked for."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from imports.models import Connection, ImportJob
from imports.results import search
from tests.factories import make_done_job
from tests.imports.results.conftest import in_small_slices

FILE = "E-mail,First name,Phone,Friend\n" + "".join(
    f"person{number}@example.com,Person {number},+7900000{number:04d},friend{number % 3}@example.org\n"
    for number in range(30)
)


@pytest.fixture
def job(anna: Any, account: Connection, monkeypatch: pytest.MonkeyPatch) -> ImportJob:
    in_small_slices(monkeypatch)
    return make_done_job(anna, account, FILE)


def page(client: Any, job: ImportJob, **asked: str) -> str:
    return unescape(client.get(reverse("job_results", args=[job.uuid]), asked).content.decode())


def rows_of(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'rows/(\d+)/[^"]*">\d+</a></th>', text.partition('id="rows"')[2])]


def links(text: str) -> dict[str, str]:
    return {words: address for address, words in re.findall(r'<a href="(\?q=[^"]*)">([^<]*)</a>', text)}


def test_a_contact_says_which_columns_were_searched_and_leads_to_all(as_anna: Any, job: ImportJob) -> None:
    text = page(as_anna, job, q="person7@example.com")

    assert rows_of(text) == [9]
    assert "Looked for in A “E-mail”, C “Phone”, and in what is sent for them." in text
    assert links(text) == {"Look in every column": "?q=person7%40example.com&in=all#rows"}


def test_an_address_of_another_column_is_found_through_that_link(as_anna: Any, job: ImportJob) -> None:
    nothing = page(as_anna, job, q="friend1@example.org")
    everything = as_anna.get(reverse("job_results", args=[job.uuid]) + links(nothing)["Look in every column"])

    assert rows_of(nothing) == []
    assert "Nothing was found there." in nothing
    assert len(rows_of(unescape(everything.content.decode()))) == 10


def test_a_text_that_is_nowhere_is_said_to_be_nowhere(as_anna: Any, job: ImportJob) -> None:
    text = page(as_anna, job, q="Nobody")

    assert "No row has this number, and no cell is equal to this text." in text
    assert links(text) == {}


def test_a_long_search_says_how_far_it_came_and_goes_on(
    as_anna: Any, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.presenting.searching.search", lambda *a, **asked: search(*a, **asked, seconds=0))
    text, found = page(as_anna, job, q="Person 29"), []
    assert "Rows 1–8 were looked at so far." in text
    while "Look further" in links(text):
        text = unescape(
            as_anna.get(reverse("job_results", args=[job.uuid]) + links(text)["Look further"]).content.decode()
        )
        found += rows_of(text)

    assert found == [31]
    assert "to the end." in text


def test_an_auditor_looks_rows_up_by_number_and_nothing_else(as_vera: Any, job: ImportJob) -> None:
    assert rows_of(page(as_vera, job, q="9")) == [9]
    for asked in ("79000000007", "9000000007", "+79000000007", "person7@example.com", "Person 7"):
        text = page(as_vera, job, q=asked)
        assert rows_of(text) == []
        assert "No row has this number." in text
