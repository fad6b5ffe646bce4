"""The choices of the Columns and Form pages, posted as a browser does, and what the sandbox has because of them."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from imports import actions
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_job

TABLE = (
    "E-mail,First name,Phone,Chat,Points\n"
    "kamila@example.com,Kamila,+79000000001,1234,5\n"
    "daria@example.org,Daria,+79000000002,77,seven\n"
)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


@pytest.fixture
def job(anna: Any) -> ImportJob:
    return make_job(anna, TABLE)


def choices(account: Connection, **changed: Any) -> dict[str, Any]:
    usual = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    usual |= {"duplicates": "last", "phone_region": "RU"}
    return usual | {"field-0": "email", "field-1": "_fname", "field-2": "phones"} | changed


def rule(place: int, target: str, **more: Any) -> dict[str, Any]:
    return {f"rule-{place}-target": target} | {f"rule-{place}-{name}": value for name, value in more.items()}


def page_of(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def send(by: Any, job: ImportJob) -> list[str]:
    """Send a checked import; the exact JSON of its profiles."""
    actions.start_job(fresh(job), by=by)
    texts = [text.decode() for batch in fresh(job).batches.all() for text in actions.batch_texts(fresh(job), batch)]
    actions.drain(job.pk)
    return texts


def posted(browser: Any, job: ImportJob, given: dict[str, Any]) -> None:
    answer = browser.post(page_of(job), given)
    assert answer.status_code == 302, re.findall(r"error-summary.*?</ul>", answer.content.decode(), re.S)


def test_subscriptions_leave_as_they_were_chosen(
    as_anna: Any, anna: Any, account: Connection, job: ImportJob, sandbox: Any
) -> None:
    rules = {"rules": ["0", "4"]} | rule(0, "email:1", cats="News\nSales, big") | rule(4, "telegram_bot:1")
    posted(as_anna, job, choices(account, **rules) | {"rule-4-contact": "column:3"})
    texts = send(anna, job)
    assert '{"channel":"email","resource_id":1,"email_data":{"email":"kamila@example.com"}' in texts[0]
    assert '"cats":["News","Sales, big"]' in texts[0]
    assert '{"channel":"telegram_bot","resource_id":1,"cc_data":{"id":1234}}' in texts[0]
    assert '"status"' not in "".join(texts)
    assert '"priority"' not in "".join(texts)
    assert [delivery.path.strip("/").split("/")[-1] for delivery in sandbox.platform.deliveries] == ["import_batch"]


def test_choices_are_shown_again_and_saving_drops_none(as_anna: Any, account: Connection, job: ImportJob) -> None:
    given = choices(account, rules="0", **rule(0, "push:1", contact="column:3", provider="Chrome"))
    given |= {"rule-0-status": "suspended", "rule-0-priority": "0", "rule-0-on_bad": "skip"}
    given |= {"field-4": "points", "bad-4": "set", "set-4": "0", "detect_geo": "on", "resource": "28"}
    posted(as_anna, job, given)
    before = fresh(job)
    text = as_anna.get(page_of(job)).content.decode()
    for value in ("push:1", "column:3", "Chrome", "suspended", "skip"):
        assert f'<option value="{value}" selected>' in text
    assert re.search(r'name="rule-0-priority"[^>]* value="0"', text)
    assert re.search(r'name="set-4" value="0"', text)
    posted(as_anna, job, given)
    assert (fresh(job).destination, fresh(job).mapping) == (before.destination, before.mapping)
    assert before.mapping.targets[3].on_bad == "set:0"


def test_a_status_does_not_travel_into_the_next_import(as_anna: Any, anna: Any, account: Connection) -> None:
    first, second = make_job(anna, TABLE), make_job(anna, TABLE)
    posted(as_anna, first, choices(account, rules="0", **rule(0, "email:1", status="subscribed"), run_triggers="on"))
    text = as_anna.get(page_of(second)).content.decode()
    assert 'name="rule-0-target"' in text
    assert '<option value="subscribed" selected>' not in text
    assert 'name="run_triggers" checked' not in text


def test_rules_are_added_and_removed_without_script(as_anna: Any, account: Connection, job: ImportJob) -> None:
    more = as_anna.post(page_of(job), choices(account, rules="0", add_rule="1", **rule(0, "sms:1"))).content.decode()
    assert re.findall(r'name="rules" value="(\d+)"', more) == ["0", "1"]
    assert '<option value="sms:1" selected>' in more
    less = as_anna.post(page_of(job), choices(account, rules=["0", "1"], remove_rule="0", **rule(1, "viber:1")))
    assert re.findall(r'name="rules" value="(\d+)"', less.content.decode()) == ["1"]
    assert fresh(job).mapping_plain == []


def test_a_wrong_rule_is_told_beside_it(as_anna: Any, account: Connection, job: ImportJob) -> None:
    answer = as_anna.post(page_of(job), choices(account, rules="0", **rule(0, "telegram_bot:1")))
    assert answer.status_code == 422
    assert re.search(r'name="rule-0-contact"[^>]*aria-invalid="true"', answer.content.decode())


def test_only_what_the_call_takes_is_shown(as_anna: Any, account: Connection, job: ImportJob) -> None:
    asked = choices(account, operation="scenario", show="1")
    text = as_anna.post(page_of(job), asked, headers=HTMX).content.decode()
    assert '<option value="12">Welcome</option>' in text
    assert "Second letter" not in text  # of another database, and switched off
    assert 'name="content-name"' in text
    assert '<option value="push_sub">' not in text
    assert 'name="custom_request"' not in text  # administrators only
    added = as_anna.post(page_of(job), asked | {"operation": "add"}, headers=HTMX).content.decode()
    assert 'name="matching"' not in added
    assert "Nobody is looked for." in added


def test_a_scenario_starts_with_its_texts(
    as_anna: Any, anna: Any, account: Connection, job: ImportJob, sandbox: Any
) -> None:
    told = {"operation": "scenario", "scenario": "12", "content-name": ["shop", ""], "content-text": ["North", ""]}
    posted(as_anna, job, choices(account, **told))
    where = fresh(job).destination
    assert where is not None
    assert (where.scenario_name, where.content) == ("Welcome", (("shop", "North"),))
    assert all(text.startswith('{"data":{') for text in send(anna, job))
    assert sandbox.platform.deliveries[0].path.strip("/").endswith("workflows/import_and_start_batch")


def test_numbers_are_raised_by_administrators_only(
    as_anna: Any, as_boris: Any, boris: Any, account: Connection, job: ImportJob
) -> None:
    given = choices(account, **{"field-4": "points", "action-4": "incr", "bad-4": "empty"})
    assert as_anna.post(page_of(job), given).status_code == 422
    own = make_job(boris, TABLE)
    posted(as_boris, own, given)
    assert '{"action":"incr","value":5}' in send(boris, own)[0]


def test_the_form_sends_one_person_into_a_segment(as_anna: Any, anna: Any, account: Connection, sandbox: Any) -> None:
    assert "Постоянные покупатели" in as_anna.get("/imports/form/").content.decode()
    given = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    given |= {"phone_region": "RU", "value-email": "kamila@example.com", "add_to_segments": "2"}
    answer = as_anna.post("/imports/form/", given | {"rules": "0"} | rule(0, "telegram_bot:1", contact="1234"))
    assert answer.status_code == 302
    (text,) = send(anna, ImportJob.objects.get())
    assert '"cc_data":{"id":1234}' in text
    assert sandbox.platform.deliveries[0].path.strip("/").endswith("profiles/import")
    assert len(sandbox.platform.catalogue.segments[2].members) == 1
