"""Values that do not go as the file has them: counted by the check, shown with examples, told for each row."""

from dataclasses import replace
from html import unescape
from typing import Any

from imports import actions
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, HistoryEvent, ImportJob, RowSlice
from imports.results import changes, totals
from tests.factories import fresh, make_mapped_job

PEOPLE = (
    "E-mail,First name,Phone\n"
    "kamila@example.com,Kamila,12\n"
    "daria@example.org,Daria,+79000000002\n"
    "igor@example.org,Igor,twelve\n"
    "no address,Wrong,12\n"
    "vera@example.org,Vera,\n"
)


def checked(by: Any, account: Connection, *, on_bad: str = "refuse", text: str = PEOPLE, **choices: Any) -> ImportJob:
    """A checked job whose phones are treated as `on_bad` says."""
    job = make_mapped_job(by, account, text, **choices)
    targets = [replace(t, on_bad=on_bad) if t.field == "phones" else t for t in job.mapping.targets]
    where = job.destination
    assert where is not None
    actions.map_columns(job, connection=account, destination=where, mapping=ColumnMapping(tuple(targets)), by=by)
    actions.begin_check(fresh(job), by=by)
    actions.check_next_slices(job.pk, seconds=60)
    assert actions.close_check(job.pk)
    return fresh(job)


def page(browser: Any, job: ImportJob, rest: str = "check/") -> str:
    return unescape(browser.get(f"/imports/{job.uuid}/{rest}").content.decode())


def test_values_left_out_are_counted_with_their_column_reason_and_rows(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = checked(anna, account, on_bad="empty")
    assert totals(job).pending == 4
    text = page(as_anna, job).partition("Sent, but not as the file has it")[2].partition("What will be sent")[0]
    assert "Column C “Phone”" in text
    assert "The value is left out." in text
    assert '<span class="val">12</span>' in text
    assert '<span class="val">twelve</span>' in text
    assert f"/imports/{job.uuid}/rows/2/" in text
    assert f"/imports/{job.uuid}/rows/5/" not in text, "a row that does not go is told among the problems"


def test_values_replaced_are_told_as_such(as_anna: Any, anna: Any, account: Connection) -> None:
    job = checked(anna, account, on_bad="set:+79000000009")
    assert "The value you set is sent in its place." in page(as_anna, job)
    assert [(kind.done, kind.column, rows) for kind, rows in changes(job)] == [("replaced", 2, 2)]


def test_nothing_is_told_where_wrong_values_refuse_their_rows(as_anna: Any, anna: Any, account: Connection) -> None:
    assert "not as the file has it" not in page(as_anna, checked(anna, account))


def test_rows_without_a_contact_are_counted_for_each_subscription(as_anna: Any, anna: Any, account: Connection) -> None:
    there = next(item["id"] for item in account.part("resources") if "sms" in item["channels"])
    rules = (SubscriptionRule("email", 28), SubscriptionRule("sms", there, contact="column:2", on_bad="skip"))
    job = checked(anna, account, on_bad="empty", subscriptions=rules)
    found = {(kind.done, kind.rule): rows for kind, rows in changes(job) if kind.rule >= 0}
    assert found == {("unsubscribed", 1): 2, ("no_contact", 1): 1}
    text = page(as_anna, job)
    assert "Not subscribed. The row has no contact for it." in text
    assert "SMS, resource" in text


def test_the_row_page_tells_it_for_its_row(as_anna: Any, anna: Any, account: Connection) -> None:
    job = checked(anna, account, on_bad="empty", subscriptions=(SubscriptionRule("email", 28),))
    changed, fine = page(as_anna, job, "rows/2/"), page(as_anna, job, "rows/3/")
    assert "it goes, but not as the file has it" in changed
    assert "Column C “Phone”: The value is left out." in changed
    assert "Our check: fine" in fine


def test_the_row_page_tells_a_missing_subscription(as_anna: Any, anna: Any, account: Connection) -> None:
    where = next(item for item in account.part("resources") if "sms" in item["channels"])
    job = checked(anna, account, on_bad="empty", subscriptions=(SubscriptionRule("sms", where["id"]),))
    assert "Not subscribed. The row has no contact for it." in page(as_anna, job, "rows/6/")
    assert "Not subscribed" not in page(as_anna, job, "rows/3/")


def test_auditors_see_the_counts_and_no_values(as_vera: Any, anna: Any, account: Connection) -> None:
    text = page(as_vera, checked(anna, account, on_bad="empty"))
    assert "The value is left out." in text
    assert "twelve" not in text


def test_values_are_kept_sealed_and_out_of_history(anna: Any, account: Connection) -> None:
    checked(anna, account, on_bad="empty")
    kept = RowSlice.objects.get()
    assert [row[-1] for row in kept.changed] == [2]
    assert b"twelve" not in bytes(kept.sealed_changed)
    assert "twelve" not in str(list(HistoryEvent.objects.values_list("details", flat=True)))


def test_a_new_check_forgets_what_the_last_one_found(anna: Any, account: Connection) -> None:
    job = checked(anna, account, on_bad="empty")
    targets = tuple(replace(target, on_bad="refuse") for target in job.mapping.targets)
    where = job.destination
    assert where is not None
    actions.map_columns(job, connection=account, destination=where, mapping=ColumnMapping(targets), by=anna)
    actions.begin_check(fresh(job), by=anna)
    actions.check_next_slices(job.pk, seconds=60)
    actions.close_check(job.pk)
    assert changes(fresh(job)) == []


# --- contacts several rows share ---

SHARED = (
    "Number,E-mail,Phone\n"
    "A1,kamila@example.com,+79000000001\n"
    "A2,Kamila@example.com,+79000000002\n"
    "A3,daria@example.org,+79000000001\n"
    "A4,,\n"
    "A4,kamila@example.com,\n"
)


def found_by_number(by: Any, account: Connection) -> ImportJob:
    job = make_mapped_job(by, account, SHARED)
    where = job.destination
    assert where is not None
    where = replace(where, matching="custom", match_field="Custom_ID", duplicates="first")
    mapping = ColumnMapping((ColumnTarget(0, "Number", "Custom_ID"), *job.mapping.targets))
    account.catalogue["fields/1"] = [own_field("Custom_ID")]
    account.save()
    actions.map_columns(job, connection=account, destination=where, mapping=mapping, by=by)
    actions.begin_check(fresh(job), by=by)
    actions.check_next_slices(job.pk, seconds=60)
    assert actions.close_check(job.pk)
    return fresh(job)


def own_field(name: str) -> dict[str, Any]:
    return {"name": name, "title": name, "type": "line", "options": [], "system": False, "required": False}


def test_an_address_two_sent_rows_share_is_told_and_refuses_nothing(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = found_by_number(anna, account)
    assert totals(job).set_aside == 1
    assert totals(job).pending == 4
    assert job.repeats == {"email": 2, "phones": 2}, "the row set aside is not sent, so it does not count"
    text = page(as_anna, job)
    assert "2 rows have an e-mail address that another row has too." in text
    assert "2 rows have a phone that another row has too." in text
    told = HistoryEvent.objects.get(verb="check_finished").details
    assert told["repeats"] == {"email": 2, "phones": 2}


def test_what_people_are_found_by_is_not_told_twice(anna: Any, account: Connection) -> None:
    text = "E-mail,Phone\nkamila@example.com,+79000000001\nkamila@example.com,+79000000002\n"
    job = checked(anna, account, text=text, duplicates="all")
    assert job.repeats == {}
    assert job.duplicate_rows == 1


def test_what_is_sent_together_is_small_where_nobody_may_repeat_it(
    anna: Any, account: Connection, monkeypatch: Any
) -> None:
    monkeypatch.setattr("imports.actions.planning.MOST_IN_DOUBT", 2)
    text = "E-mail\n" + "".join(f"person{n}@example.com\n" for n in range(5))
    assert checked(anna, account, text=text).batches.count() == 1
    assert checked(anna, account, text=text, skip_triggers=False).batches.count() == 3


# --- the choices of the request ---


def test_choices_and_what_follows_stand_in_history(as_anna: Any, anna: Any, account: Connection) -> None:
    rule = SubscriptionRule("email", 28, status="subscribed")
    job = checked(anna, account, skip_triggers=False, skip_invalid_subscriptions=True, subscriptions=(rule,))
    text = page(as_anna, job)
    assert "Set the status of subscriptions? <b>“subscribed”</b>" in text
    assert "People who have left are brought back." in text
    assert "Skip subscriptions Altcraft cannot take? <b>Yes</b>" in text
    told = page(as_anna, job, "history/")
    assert "triggers start" in told
    assert "subscriptions get the status “subscribed”" in told
    assert "subscriptions Altcraft cannot take are skipped" in told


def test_the_send_itself_tells_whether_triggers_start(as_anna: Any, anna: Any, account: Connection) -> None:
    job = checked(anna, account)
    actions.start_job(job, by=anna)
    assert HistoryEvent.objects.get(verb="sending_started").details["skip_triggers"] is True
    assert page(as_anna, job, "history/").count("triggers do not start") == 3
