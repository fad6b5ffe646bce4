"""Choices that only some calls carry, on the page of columns; and looking back at an import that was sent."""

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from imports import actions
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_done_job, make_job
from tests.platforms import drained


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


def page_of(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def choices(account: Connection, **changed: Any) -> dict[str, Any]:
    where = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    return where | {"duplicates": "last", "phone_region": "RU", "field-0": "email"} | changed


def no_segments(text: str) -> str:
    found = re.search(r'id="no-segments">(.*?)</p>', text)
    return found[1] if found else ""


def test_people_of_a_file_enter_and_leave_segments_a_request_each(
    as_anna: Any, anna: Any, account: Connection, sandbox: Any
) -> None:
    job = make_job(anna)
    shown = as_anna.post(page_of(job), choices(account, single="on", show="1")).content.decode()
    assert re.search(r'name="add_to_segments"[^>]* value="2"', shown)
    assert no_segments(shown) == ""
    given = choices(account, single="on", add_to_segments="2", remove_from_segments="6")
    sandbox.platform.catalogue.segments[6].members.add("somebody")
    assert as_anna.post(page_of(job), given).status_code == 302
    drained(actions.start_job(fresh(job), by=anna))
    assert [delivery.path.strip("/") for delivery in sandbox.platform.deliveries] == ["api/v1.1/profiles/import"] * 2
    segments = sandbox.platform.catalogue.segments
    assert (len(segments[2].members), len(segments[6].members)) == (2, 1)


def test_a_person_from_the_form_enters_a_segment(as_anna: Any, anna: Any, account: Connection, sandbox: Any) -> None:
    given = choices(account, add_to_segments="2", **{"value-email": "kamila@example.com"})
    assert as_anna.post("/imports/form/", given).status_code == 302
    job = drained(actions.start_job(ImportJob.objects.get(), by=anna))
    assert json.loads(actions.sample_profiles(job)[0][1])["email"] == "kamila@example.com"
    assert len(sandbox.platform.catalogue.segments[2].members) == 1


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("import", "Lists cannot change segments: tick “A request for each row” to choose some."),
        ("add", "“Add only” cannot change segments."),
        ("scenario", "A scenario takes people in lists, and lists cannot change segments."),
    ],
)
def test_where_segments_cannot_be_changed_the_page_says_why(
    as_anna: Any, anna: Any, account: Connection, operation: str, said: str
) -> None:
    text = as_anna.post(page_of(make_job(anna)), choices(account, operation=operation, show="1")).content.decode()
    assert said in no_segments(text)
    assert 'name="add_to_segments"' not in text


def test_people_are_found_by_tags_from_the_page(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, 'Tags,First name\n"tag-1, tag-2",Ann\n"tag-2, tag-1",Bea\n')
    by_tags = {"matching": "custom", "match_field": "interests", "field-0": "interests", "field-1": "_fname"}
    shown = as_anna.post(page_of(job), choices(account, **by_tags, show="1")).content.decode()
    assert '<option value="interests" selected>' in shown
    assert as_anna.post(page_of(job), choices(account, **by_tags)).status_code == 302
    assert [json.loads(text) for _row, text in actions.sample_profiles(fresh(job))] == [
        {"_fname": "Bea", "interests": "tag-2, tag-1"}
    ]


def test_statuses_a_file_brings_wait_for_a_choice_on_the_page(as_anna: Any, anna: Any, account: Connection) -> None:
    one = {"channel": "email", "resource_id": 1, "email": "a@example.com", "status": "unsubscribed"}
    people = json.dumps([{"email": "a@example.com", "subscriptions": [one]}])
    job = make_job(anna, people, name="people.json")
    given = choices(account, **{"field-1": "subscriptions"})
    as_anna.post(page_of(job), given)
    assert actions.sample_profiles(fresh(job)) == []
    text = as_anna.get(page_of(job)).content.decode()
    assert '<option value="refuse" selected>The row stays behind</option>' in text
    as_anna.post(page_of(job), given | {"statuses-1": "send"})
    check = as_anna.get(reverse("job_check", args=[job.uuid])).content.decode()
    assert "Those the file brings, with their status: people who have left may be brought back" in check
    assert '"status":"unsubscribed"' in actions.sample_profiles(fresh(job))[0][1]
    assert fresh(job).unsafe_reasons == ["explicit_status"]


def test_a_sent_import_still_shows_its_file_and_its_columns(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account)
    results = as_anna.get(reverse("job_results", args=[job.uuid])).content.decode()
    for page in ("job_file", "job_columns"):
        address = reverse(page, args=[job.uuid])
        assert f'<a class="done" href="{address}">' in results
        text = as_anna.get(address).content.decode()
        assert "people.csv" in text
        assert f'href="{reverse("job_results", args=[job.uuid])}"' in text
    assert "Nothing can be changed here any more." in text
    assert '<option value="email" selected>' in text
    assert '<fieldset class="cols" disabled>' in text
