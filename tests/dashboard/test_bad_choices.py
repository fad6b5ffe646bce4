"""Choices and values that cannot be, on the pages: each is told where it was made, before anything is sent."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from imports import actions
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_connection, make_job
from tests.faulty_server import FaultyServer, answers
from tests.platforms import account as account_at


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


@pytest.fixture
def account(sandbox: Any, db: None) -> Connection:
    made = make_connection(sandbox)
    actions.refresh_catalogue(made, "scenarios")
    return made


def page_of(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def check_of(browser: Any, job: ImportJob) -> str:
    text: str = browser.get(reverse("job_check", args=[job.uuid])).content.decode()
    return text


def choices(account: Connection, **changed: Any) -> dict[str, Any]:
    where = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    return where | {"duplicates": "last", "phone_region": "RU", "field-0": "email"} | changed


def said(answer: Any) -> str:
    """The list of what is wrong at the top of a page that was refused."""
    assert answer.status_code == 422
    found = re.search(r'error-summary".*?<ul>(.*?)</ul>', answer.content.decode(), re.S)
    assert found
    return found[1]


def test_a_mapping_without_the_key(as_anna: Any, anna: Any, account: Connection) -> None:
    answer = as_anna.post(page_of(make_job(anna)), choices(account, matching="phone"))
    assert "No column feeds the field people are found by: Phone." in said(answer)


def test_two_columns_on_one_field(as_anna: Any, anna: Any, account: Connection) -> None:
    answer = as_anna.post(page_of(make_job(anna)), choices(account, **{"field-1": "email"}))
    assert "E-mail, First name" in said(answer)


def test_a_scenario_of_another_database(as_anna: Any, anna: Any, account: Connection) -> None:
    given = choices(account, operation="scenario", scenario="13")
    shown = as_anna.post(page_of(make_job(anna)), given)
    assert "works on database 5, not on 1" in said(shown)
    assert '<option value="13"' not in shown.content.decode()


@pytest.mark.parametrize("target", ["viber:28", "email:28"])
def test_a_resource_of_another_database_and_a_channel_it_lacks(
    as_anna: Any, anna: Any, account: Connection, target: str
) -> None:
    database = "1" if target == "viber:28" else "5"
    rule = {"rules": "0", "rule-0-target": target}
    answer = as_anna.post(page_of(make_job(anna)), choices(account, database=database, **rule))
    assert 'href="#id_rule-0-target"' in said(answer)


def test_lists_that_come_as_a_web_page_leave_everything_to_be_typed(as_anna: Any, anna: Any, db: None) -> None:
    page = answers(200, "<html>Log in</html>", {"Content-Type": "text/html"}, keep=True)
    with FaultyServer(page) as server:
        job, account = make_job(anna), account_at(server.url)
        text = as_anna.get(page_of(job)).content.decode()
        assert "lists could not be fetched" in text
        assert "<html>Log in" not in text
        assert re.search(r'<input type="number" name="database"', text)
        given = choices(account, database="7", **{"other-1": "CRM_NAME"})
        assert as_anna.post(page_of(job), given).status_code == 302
    assert '"CRM_NAME":"Kamila"' in actions.sample_profiles(fresh(job))[0][1]


def test_a_value_outside_a_list_is_told_with_what_is_allowed(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, "E-mail,Level\na@example.com,gold\nb@example.com,platinum\n")
    as_anna.post(page_of(job), choices(account, **{"field-1": "level"}))
    text = check_of(as_anna, job)
    assert "bronze, silver, gold" in text
    assert "platinum" in text
    assert len(actions.sample_profiles(fresh(job))) == 1


def test_phones_without_a_country_are_asked_about_once_for_their_column(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = make_job(anna, "E-mail,Phone\na@example.com,029 123-45-67\nb@example.com,029 123-45-68\n")
    given = choices(account, phone_region="", **{"field-1": "phones"})
    as_anna.post(page_of(job), given)
    assert actions.sample_profiles(fresh(job)) == []
    text = check_of(as_anna, job)
    assert "The phone number has no country code." in text
    assert page_of(job) in text
    as_anna.post(page_of(job), given | {"region-1": "BY"})
    assert ["+375291234567" in one for _row, one in actions.sample_profiles(fresh(job))] == [True, False]
    assert '<option value="BY" selected>' in as_anna.get(page_of(job)).content.decode()


def test_a_row_over_the_limit_of_a_request_gets_a_reason_and_the_rest_goes(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    actions.change_connection(account, by=None, bytes_per_request=20_000)
    job = make_job(anna, f"E-mail,Note\na@example.com,{'x' * 30_000}\nb@example.com,short\n")
    as_anna.post(page_of(job), choices(account, **{"field-1": "notes"}))
    assert "are free in a request" in check_of(as_anna, job)
    assert [row for row, _text in actions.sample_profiles(fresh(job))] == [3]
