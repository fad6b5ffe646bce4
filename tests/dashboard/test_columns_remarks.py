"""What is wrong with a column's values is told beside it, with the choices that mend it."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from imports.actions import sampling
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_job

HTMX = {"HX-Request": "true"}
PEOPLE = (
    "E-mail,Пол,Родился,Тел\n"
    "kamila@example.com,жен.,14/03/1987,9120000001\n"
    "daria@example,дама,11/24/1990,+79120000002\n"
    "alla@example.com,дама,soon,<b>12</b>\n"
    "irina@example.com,муж,01/02/1990,\n"
)
CHOICES = {
    "database": "1",
    "operation": "import",
    "matching": "email",
    "duplicates": "last",
    "phone_region": "",
    "field-0": "email",
    "field-1": "_sex",
    "field-2": "_bdate",
    "field-3": "phones",
}


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


def address(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def changed(client: Any, account: Connection, place: int, job: ImportJob, **choices: str) -> str:
    """The column's part as it comes back after a choice in it."""
    given = CHOICES | {"connection": str(account.pk), "row": str(place)} | choices
    return re.sub(r"\s+", " ", client.post(address(job), given, headers=HTMX).content.decode())


def test_shares_of_valid_values_and_what_is_wrong_stand_beside_the_column(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    text = as_anna.get(address(make_job(anna, PEOPLE))).content.decode()
    assert "75% valid" in text and "With remarks 4" in text
    assert "daria@example" in text and "row 3" in text
    assert "There is no such date." in text


def test_a_value_of_the_file_is_shown_as_text(as_anna: Any, anna: Any, account: Connection) -> None:
    text = as_anna.get(address(make_job(anna, PEOPLE))).content.decode()
    assert "<b>12</b>" not in text and "&lt;b&gt;12&lt;/b&gt;" in text


def test_a_word_is_given_a_meaning_and_the_numbers_follow_at_once(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, PEOPLE)
    before = changed(as_anna, account, 1, job)
    assert "2 values mean nothing to the field “Gender”." in before and "2 rows stay behind." in before
    chosen = {"word-1-0": "дама", "means-1-0": "set:female"}
    after = changed(as_anna, account, 1, job, **chosen)
    assert "2 rows go all the same." in after and "stay behind" not in after.split("<ul")[0]
    assert '<option value="set:female" selected>This is “Female”</option>' in after


def test_the_button_beside_a_word_does_the_same(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, "E-mail,Пол\nkamila@example.com,femal\n")
    page = changed(as_anna, account, 1, job)
    assert 'name="means" value="1:0:set:female"' in page
    after = changed(as_anna, account, 1, job, means="1:0:set:female", **{"word-1-0": "femal"})
    assert '<option value="set:female" selected>' in after


def test_meanings_are_checked_with_and_sent(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, PEOPLE)
    words = {"word-1-0": "дама", "means-1-0": "set:female", "bad-2": "empty", "bad-0": "empty", "bad-3": "empty"}
    as_anna.post(address(job), CHOICES | {"connection": str(account.pk)} | words)
    job = fresh(job)
    assert job.mapping.targets[1].values == (("дама", "set:female"),)
    assert sum(one.good for one in job.slices.all()) == 3  # the row without its key stays behind


def test_a_meaning_of_another_field_is_forgotten_with_the_field(as_anna: Any, anna: Any, account: Connection) -> None:
    words = {"word-1-0": "дама", "means-1-0": "set:female", "field-1": "_city"}
    job = make_job(anna, PEOPLE)
    as_anna.post(address(job), CHOICES | {"connection": str(account.pk)} | words)
    assert fresh(job).mapping.targets[1].values == ()


def test_the_country_of_phones_mends_them(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, PEOPLE)
    before = changed(as_anna, account, 3, job)
    assert "2 values do not fit" in before and 'name="region-3"' in before.split('id="fix-3"')[1]
    assert "1 value does not fit" in changed(as_anna, account, 3, job, **{"region-3": "RU"})


def test_dates_in_two_orders_are_told_with_their_numbers(as_anna: Any, anna: Any, account: Connection) -> None:
    fix = changed(as_anna, account, 2, make_job(anna, PEOPLE)).split('id="fix-2"')[1]
    assert "1 begin with the day, 1 begin with the month, 1 can be read in two ways." in fix
    assert 'name="order-2"' in fix


def test_the_sign_before_a_fraction_can_be_chosen_where_it_is_open(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = make_job(anna, "E-mail,Sum\nkamila@example.com,12.000\ndaria@example.com,5\n")
    whole = {"field-1": "points", "field-2": "", "field-3": ""}
    assert 'name="decimal-1"' in changed(as_anna, account, 1, job, **whole)
    mended = changed(as_anna, account, 1, job, **whole, **{"decimal-1": "comma"})
    assert "all are valid" in mended and 'id="fix-1"' not in mended
    assert '<option value="comma" selected>' in mended


def test_empty_cells_of_all_columns_are_chosen_at_once(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, PEOPLE)
    text = as_anna.get(address(job)).content.decode()
    assert "Erases what profiles have in 1 field." in text
    as_anna.post(address(job), CHOICES | {"connection": str(account.pk), "empty_all": "clear"})
    assert [target.empty for target in fresh(job).mapping.targets] == ["keep", "clear", "clear", "clear"]


def test_what_is_required_is_told_with_repeats(as_anna: Any, anna: Any, account: Connection) -> None:
    people = "E-mail\nkamila@example.com\nKamila@example.com\n\ndaria@example.com\n"
    text = as_anna.get(address(make_job(anna, people))).content.decode()
    assert "A: E-mail, filled in all rows, 1 repeat" in text


@pytest.mark.parametrize(
    ("language", "share", "before"),
    [
        ("en", "50% valid in the 2 rows looked at so far", "In the 2 rows looked at so far:"),
        ("ru", "верны 50\u00a0% в 2 уже просмотренных строках", "В 2 уже просмотренных строках:"),
    ],
)
def test_what_is_known_of_a_part_of_the_rows_is_not_said_of_all(
    language: str, share: str, before: str, as_anna: Any, anna: Any, account: Connection, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sampling, "MOST_ROWS", 2)
    monkeypatch.setattr(sampling, "LEAST_ROWS", 2)
    dates = "E-mail,Born\nkamila@example.com,14/03/1987\nx,y\ndaria@example,11/24/1990\nz,\n"
    page = as_anna.get(address(make_job(anna, dates)), headers={"Accept-Language": language}).content.decode()
    email, born = (page.split(f'id="fix-{place}"')[1].split("</div>")[0] for place in (0, 1))
    assert share in page
    assert before in email and before in born
    assert page.split('id="fix-0"')[1].index(before) < page.split('id="fix-0"')[1].index("<b>")


def test_an_auditor_sees_numbers_but_no_words(as_vera: Any, anna: Any, account: Connection) -> None:
    text = as_vera.get(address(make_job(anna, PEOPLE))).content.decode()
    assert "75% valid" in text
    assert "дама" not in text and "daria@example" not in text


def test_the_head_of_the_page_names_where_people_go_and_their_key(as_anna: Any, anna: Any, account: Connection) -> None:
    text = as_anna.get(address(make_job(anna, PEOPLE))).content.decode()
    name = account.part("databases")[0]["name"]
    assert f"<dt>Database</dt><dd>{name} (1), Sandbox</dd>" in text
    assert "<dt>Key</dt><dd>E-mail</dd>" in text
