"""The account's lists cannot be fetched, or a field has gone from them: one can go on, and is told what is missing."""

from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_connection, make_job
from tests.faulty_server import FaultyServer, answers

CARDS = "Card,E-mail\nA-1,kamila@example.com\nA-2,daria@example.org\n"
REFUSALS = {
    "a web page": answers(200, "<html>Welcome</html>", {"Content-Type": "text/html"}, keep=True),
    "no right": answers(200, {"error": 403, "error_text": "No access"}, keep=True),
    "no right, as a web page": answers(403, "<html>Forbidden</html>", {"Content-Type": "text/html"}, keep=True),
}


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


@pytest.fixture(params=REFUSALS)
def closed(request: Any, db: None) -> Any:
    """An account whose platform gives no list."""
    with FaultyServer(REFUSALS[request.param]) as server:
        yield actions.add_connection(name="Closed", base_url=server.url, token="secret-token", by=None)


def page_of(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def given(account: Connection, **changed: str) -> dict[str, str]:
    usual = {
        "connection": str(account.pk),
        "database": "5",
        "operation": "import",
        "matching": "custom",
        "match_field": "Card_ID",
        "duplicates": "last",
        "phone_region": "RU",
        "field-0": "",
        "other-0": "Card_ID",
        "field-1": "email",
    }
    return usual | changed


def test_the_page_says_why_and_that_one_can_go_on(as_anna: Any, anna: Any, closed: Connection) -> None:
    text = unescape(as_anna.get(page_of(make_job(anna, CARDS))).content.decode())
    assert "The account's lists could not be fetched." in text
    assert "enter the number of the database and the names of its fields by hand" in text
    assert 'name="other-0"' in text
    assert 'type="number" name="database"' in text


def test_database_fields_and_resource_are_taken_as_typed(as_anna: Any, anna: Any, closed: Connection) -> None:
    job = make_job(anna, CARDS)
    rule = {"rules": "0", "rule-0-target": "email:", "rule-0-number": "28", "rule-0-on_bad": "refuse"}
    answer = as_anna.post(page_of(job), given(closed) | rule)
    assert answer.status_code == 302, unescape(answer.content.decode())
    kept = fresh(job)
    where = kept.destination
    assert where is not None
    assert (where.database_id, where.match_field, where.subscriptions[0].resource_id) == (5, "Card_ID", 28)
    assert {target.field for target in kept.mapping.targets} == {"Card_ID", "email"}
    assert kept.batches.get().rows == 2


def test_a_scenario_is_taken_by_its_number(as_anna: Any, anna: Any, closed: Connection) -> None:
    job = make_job(anna, CARDS)
    asked = given(closed, operation="scenario", scenario="17", matching="email", match_field="")
    answer = as_anna.post(page_of(job), asked)
    assert answer.status_code == 302, unescape(answer.content.decode())
    where = fresh(job).destination
    assert where is not None
    assert where.scenario_id == 17


# --- a field that has gone ---


def mapped_to(by: Any, account: Connection, name: str) -> ImportJob:
    job = make_job(by, CARDS)
    mapping = ColumnMapping((ColumnTarget(0, "Card", name), ColumnTarget(1, "E-mail", "email")))
    return actions.map_columns(job, connection=account, destination=Destination(1), mapping=mapping, by=by)


def without(account: Connection, name: str) -> None:
    account.catalogue["fields/1"] = [one for one in account.catalogue["fields/1"] if one["name"] != name]
    account.save(update_fields=["catalogue"])


def test_a_field_that_has_gone_is_named_before_anything_is_checked(anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    job = mapped_to(anna, account, "card_number")
    without(account, "card_number")

    with pytest.raises(actions.MappingRefused) as refused:
        actions.begin_check(fresh(job), by=anna)

    assert refused.value.faults == [("field_unknown", {"header": "Card", "field": "card_number"})]


def test_the_page_names_the_column_and_the_field_that_has_gone(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    job = mapped_to(anna, account, "card_number")
    without(account, "card_number")
    asked = given(account, database="1", matching="email", match_field="") | {"field-0": "card_number", "other-0": ""}
    answer = as_anna.post(page_of(job), asked)
    assert answer.status_code == 422
    assert "Column “Card”: the database has no field “card_number”." in unescape(answer.content.decode())


def test_a_choice_remembered_from_an_earlier_import_says_that_its_field_has_gone(
    as_anna: Any, anna: Any, sandbox: Any
) -> None:
    account = make_connection(sandbox)
    job = mapped_to(anna, account, "card_number")
    actions.begin_check(job, by=anna)
    actions.check_next_slices(job.pk, seconds=60)
    actions.close_check(job.pk)
    actions.start_job(fresh(job), by=anna)
    actions.drain(job.pk)
    without(account, "card_number")
    text = unescape(as_anna.get(page_of(make_job(anna, CARDS))).content.decode())
    assert "this database has no field card_number" in text


def test_while_the_list_is_not_known_a_remembered_choice_stays(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    job = mapped_to(anna, account, "card_number")
    ImportJob.objects.filter(pk=job.pk).update(state="done", started_at=job.created_at)
    account.catalogue = {}
    account.save()
    sandbox.stop()
    text = unescape(as_anna.get(page_of(make_job(anna, CARDS))).content.decode())
    assert '<option value="card_number" selected>' in text
