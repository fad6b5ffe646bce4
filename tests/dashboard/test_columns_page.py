"""Step 2: columns, fields and the destination."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from imports.destination import Destination
from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.dashboard.columnpage import choices, page_of
from tests.factories import fresh, make_checked_job, make_connection, make_done_job, make_job, make_mapped_job

BORN = "E-mail,Born\nkamila@example.com,14.03.1987\n,02.11.1990\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


def section(text: str, place: int) -> str:
    found = re.search(rf'<section class="map[^"]*" id="column-{place}".*?</section>', text, re.S)
    assert found
    return found[0]


def test_each_column_is_shown_with_values_and_a_guess(as_anna: Any, anna: Any, account: Connection) -> None:
    text = as_anna.get(page_of(make_job(anna))).content.decode()
    first = section(text, 0)
    assert '<option value="email" selected>E-mail</option>' in first
    assert "kamila@example.com" in first
    assert "100%" in first
    assert "Exact" in first
    assert "3 columns: 3 to import, 0 not" in text


def test_fields_are_grouped_and_not_importing_comes_first(as_anna: Any, anna: Any, account: Connection) -> None:
    first = section(as_anna.get(page_of(make_job(anna))).content.decode(), 0)
    assert first.index("Do not import") < first.index('<optgroup label="Contacts">')
    assert '<optgroup label="Fields of this database">' in first
    assert '<option value="card_number">' in first


def test_only_what_this_version_can_do_is_offered(as_anna: Any, anna: Any, account: Connection) -> None:
    text = as_anna.get(page_of(make_job(anna))).content.decode()
    assert re.findall(r'name="operation"[^>]*value="(\w+)"', text) == ["import", "update", "add", "scenario"]
    assert '<option value="1" selected>Покупатели (1)</option>' in text
    assert 'name="run_triggers" checked' not in text


def test_matching_begins_the_check(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    answer = as_anna.post(page_of(job), choices(account))
    assert answer.url == reverse("job_check", args=[job.uuid])
    job = fresh(job)
    assert (job.state, job.connection) == (JobState.CHECKED, account)
    assert {target.header: target.field for target in job.mapping.targets} == {
        "E-mail": "email",
        "First name": "_fname",
        "Phone": "phones",
    }
    assert job.destination == Destination(1, "Покупатели", phone_region="RU")


def test_every_choice_reaches_the_destination(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    changed = {"operation": "update", "duplicates": "first", "phone_region": "KZ", "run_triggers": "on"}
    more = {"skip_invalid_subscriptions": "on", "rules": ["0", "1"], "rule-0-target": "email:28"}
    more |= {"rule-1-target": "sms:1", "resource": "28"}
    assert as_anna.post(page_of(job), choices(account, **changed) | more).status_code == 302
    where = fresh(job).destination
    assert where is not None
    assert (where.operation, where.duplicates, where.phone_region) == ("update", "first", "KZ")
    assert (where.skip_triggers, where.skip_invalid_subscriptions) == (False, True)
    assert {(rule.channel, rule.resource_id) for rule in where.subscriptions} == {("email", 28), ("sms", 1)}


def test_a_field_of_the_database_can_tell_people_apart(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, "Number,E-mail\n17,kamila@example.com\n")
    asked = {"matching": "custom", "match_field": "Custom_ID", "field-0": "Custom_ID", "field-1": "email"}
    assert as_anna.post(page_of(job), choices(account, **asked) | {"field-2": ""}).status_code == 302
    where = fresh(job).destination
    assert where is not None
    assert (where.matching, where.match_field) == ("custom", "Custom_ID")


def test_two_columns_on_one_field_are_told_beside_both(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    answer = as_anna.post(page_of(job), choices(account, **{"field-1": "email"}))
    text = answer.content.decode()
    assert answer.status_code == 422
    for place in (0, 1):
        assert "The field “E-mail” takes one column" in section(text, place)
        assert 'aria-invalid="true"' in section(text, place)
    assert 'href="#field-0"' in text
    assert "The field “E-mail” takes one column" not in section(text, 2)
    assert fresh(job).state == JobState.READ


def test_a_key_no_column_feeds_is_told_beside_the_matching(as_anna: Any, anna: Any, account: Connection) -> None:
    answer = as_anna.post(page_of(make_job(anna)), choices(account, **{"field-0": ""}))
    assert answer.status_code == 422
    assert "No column feeds the field people are found by: E-mail." in answer.content.decode()
    assert 'href="#id_matching"' in answer.content.decode()


def test_matching_by_a_field_needs_the_field(as_anna: Any, anna: Any, account: Connection) -> None:
    text = as_anna.post(page_of(make_job(anna)), choices(account, matching="custom")).content.decode()
    assert "Choose the field that tells people apart." in text
    assert "There is no matching" not in text


def test_profile_ids_are_for_updating_only(as_anna: Any, anna: Any, account: Connection) -> None:
    asked = choices(account, matching="profile_id", **{"field-1": "profile_id"})
    assert "This is for updating only" in as_anna.post(page_of(make_job(anna)), asked).content.decode()
    assert as_anna.post(page_of(make_job(anna)), asked | {"operation": "update"}).status_code == 302


@pytest.mark.parametrize(
    "nonsense",
    [
        {"operation": "scenario"},
        {"operation": "scenario", "scenario": "999"},
        {"operation": "steal"},
        {"matching": "push_sub"},
        {"database": "x"},
        {"database": "77"},
        {"duplicates": "some"},
        {"phone_region": "Россия"},
        {"connection": "99999"},
        {"rules": "0", "rule-0-target": "email:999"},
        {"rules": "0"},
        {"rules": "0", "rule-0-target": "push:1"},
        {"rules": "0", "rule-0-target": "email:28", "rule-0-contact": "column:77"},
        {"rules": "0", "rule-0-target": "email:28", "rule-0-priority": "-1"},
        {"rules": "0", "rule-0-target": "email:28", "rule-0-status": "king"},
        {"rules": "0", "rule-0-target": "email:28", "rule-0-custom_fields-text": "no name"},
        {"resource": "999"},
        {"matching": "query"},
        {"field-1": "_fname", "bad-1": "burn"},
        {"field-1": "_bdate", "bad-1": "set", "set-1": "not a date"},
        {"field-1": "no_such_field"},
        {"field-1": "_bdate", "order-1": "ymdx"},
        {"field-1": "_fname", "empty-1": "burn"},
    ],
)
def test_nonsense_never_breaks_the_page(as_anna: Any, anna: Any, account: Connection, nonsense: dict[str, str]) -> None:
    job = make_job(anna)
    answer = as_anna.post(page_of(job), choices(account, **nonsense))
    assert answer.status_code == 422
    assert "Please look at this first" in answer.content.decode()
    assert fresh(job).state == JobState.READ


def test_a_changed_column_is_redrawn_alone(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, BORN)
    asked = choices(account, **{"field-1": "_bdate", "row": "1"})
    text = as_anna.post(page_of(job), asked, headers=HTMX).content.decode()
    assert "Dates: day, month, year" in text
    assert "Your choice" in text or "Exact" in text
    assert 'id="map-count" hx-swap-oob="true"' in text
    assert 'id="column-0"' not in text
    assert fresh(job).mapping_plain == []


def test_a_row_outside_the_table_is_refused(as_anna: Any, anna: Any, account: Connection) -> None:
    assert as_anna.post(page_of(make_job(anna)), choices(account, row="3")).status_code == 400
    assert as_anna.post(page_of(make_job(anna)), choices(account, row="²")).status_code == 400


def test_date_order_and_empty_cells_are_kept_and_shown_again(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, BORN)
    asked = {"field-1": "_bdate", "order-1": "mdy", "empty-1": "clear"}
    as_anna.post(page_of(job), choices(account, **asked) | {"field-2": ""})
    target = fresh(job).mapping.targets[1]
    assert (target.date_order, target.empty) == ("mdy", "clear")
    again = as_anna.get(page_of(job)).content.decode()
    assert 'value="mdy" selected' in section(again, 1)
    assert 'name="empty_all" value="clear" checked' in again


def test_a_kept_mapping_is_shown_again(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_mapped_job(anna, account, duplicates="first", operation="update")
    text = as_anna.get(page_of(job)).content.decode()
    assert '<option value="first" selected>' in text
    assert re.search(r'name="operation"[^>]*value="update"[^>]*checked', text)


def test_another_database_brings_its_fields(as_anna: Any, anna: Any, account: Connection) -> None:
    Connection.objects.filter(pk=account.pk).update(
        catalogue=account.catalogue | {"fields/5": [_field("reader_no")], "fields/1": [_field("card")]}
    )
    asked = choices(account, database="5", show="1", **{"field-1": "card"})
    text = as_anna.post(page_of(make_job(anna)), asked, headers=HTMX).content.decode()
    assert '<option value="reader_no">' in text
    assert '<option value="card"' not in text
    assert '<option value="_fname" selected>' in section(text, 1)  # the guess, where the choice does not exist there


def test_an_account_never_looked_at_is_looked_at(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox, look=False)
    text = as_anna.get(page_of(make_job(anna))).content.decode()
    assert "Покупатели (1)" in text
    assert '<option value="card_number">' in text
    account.refresh_from_db()
    assert account.catalogue_at is not None


def test_a_list_that_is_put_off_is_not_called_a_batch(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    sandbox.desk.change({"status": 429})
    asked = choices(account, refresh="1")
    text = as_anna.post(page_of(make_job(anna)), asked, headers=HTMX).content.decode()
    assert "The platform asks for a pause between calls." in text and "sent again" not in text


def test_refresh_fetches_the_lists_anew(as_anna: Any, anna: Any, account: Connection) -> None:
    Connection.objects.filter(pk=account.pk).update(catalogue=account.catalogue | {"fields/1": [_field("old")]})
    asked = choices(account, refresh="1")
    text = as_anna.post(page_of(make_job(anna)), asked, headers=HTMX).content.decode()
    assert '<option value="old">' not in text
    assert '<option value="card_number">' in text
    assert "as of" in text


def test_a_silent_platform_leaves_everything_to_be_typed(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox, look=False)
    sandbox.stop()
    job = make_job(anna)
    text = as_anna.get(page_of(job)).content.decode()
    assert "The account's lists could not be fetched" in text
    assert 'type="number" name="database"' in text
    asked = choices(account, database="31", **{"field-1": "", "other-1": "nick"})
    assert as_anna.post(page_of(job), asked).status_code == 302
    assert [target.field for target in fresh(job).mapping.targets] == ["email", "nick", "phones"]
    assert fresh(job).destination.database_id == 31


def test_the_same_columns_are_matched_as_the_last_time(as_anna: Any, anna: Any, account: Connection) -> None:
    earlier = make_done_job(anna, account)
    changed = [target | {"field": "_lname"} if target["column"] == 1 else target for target in earlier.mapping_plain]
    ImportJob.objects.filter(pk=earlier.pk).update(mapping_plain=changed)
    row = section(as_anna.get(page_of(make_job(anna))).content.decode(), 1)
    assert '<option value="_lname" selected>' in row
    assert "as on " in row


def test_three_hundred_columns_are_matched(as_anna: Any, anna: Any, account: Connection) -> None:
    places = range(300)
    job = make_job(anna, ",".join(f"c{p}" for p in places) + "\n" + ",".join("kamila@example.com" for p in places))
    assert as_anna.get(page_of(job)).status_code == 200
    posted = {f"field-{p}": "" for p in places} | {f"empty-{p}": "keep" for p in places}
    assert as_anna.post(page_of(job), choices(account) | posted | {"field-0": "email"}).status_code == 302


def test_without_an_account_the_draft_stays(as_anna: Any, anna: Any) -> None:
    answer = as_anna.get(page_of(make_job(anna)))
    assert "No Altcraft account is connected yet" in answer.content.decode()


def test_a_file_not_read_yet_is_shown_first(as_anna: Any, anna: Any) -> None:
    job = make_job(anna)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.READING)
    assert as_anna.get(page_of(job)).url == reverse("job_file", args=[job.uuid])


def test_what_was_sent_cannot_be_matched_again(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account)
    assert as_anna.post(page_of(job), choices(account)).url == reverse("job", args=[job.uuid])
    assert fresh(job).state == JobState.DONE
    assert '<fieldset class="cols" disabled>' in as_anna.get(page_of(job)).content.decode()


def test_a_checked_import_can_be_matched_anew(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account)
    assert as_anna.post(page_of(job), choices(account, **{"field-2": ""})).status_code == 302
    assert len(fresh(job).mapping.targets) == 2
    assert fresh(job).state == JobState.CHECKED


def test_an_auditor_looks_and_changes_nothing(as_vera: Any, anna: Any, account: Connection) -> None:
    job = make_mapped_job(anna, account)
    text = as_vera.get(page_of(job)).content.decode()
    assert "kamila@example.com" not in text
    assert "k•••@e•••.com" in text
    assert '<fieldset class="cols" disabled>' in text
    assert as_vera.post(page_of(job), choices(account)).status_code == 403


def test_methods_and_strangers(as_anna: Any, client: Any, anna: Any) -> None:
    job = make_job(anna)
    assert as_anna.put(page_of(job)).status_code == 405
    assert client.get(page_of(job)).status_code == 302


def _field(name: str) -> dict[str, Any]:
    return {"name": name, "title": name, "type": "line", "options": [], "system": False, "required": False}
