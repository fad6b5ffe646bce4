"""Looking profiles of an unknown batch up: read calls only, kept sealed, and never a decision."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from imports import actions
from imports.models import Batch, Connection, Evidence, HistoryEvent, ImportJob
from imports.results import found_by
from imports.states import BatchState
from tests.factories import fresh, make_connection, make_done_job
from tests.faulty_server import FaultyServer, answers, drops
from tests.platforms import account, drained, sending

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = "E-mail,First name\n" + "".join(f"person{n}@example.com,Person\n" for n in range(4))


@pytest.fixture
def connection(sandbox: Any) -> Connection:
    return make_connection(sandbox)


def lost(by: Any, connection: Connection, sandbox: Any, when: str, **choices: Any) -> Batch:
    """A batch whose answer did not come: dropped `when`, before or after it was applied."""
    sandbox.desk.change({"drop": when, "times": 1})
    job = make_done_job(by, connection, PEOPLE, skip_triggers=False, **choices)
    return job.batches.get(state=BatchState.UNKNOWN)


def test_profiles_that_arrived_are_found_as_they_were_sent(anna: Any, connection: Connection, sandbox: Any) -> None:
    batch = lost(anna, connection, sandbox, "after")

    evidence = actions.look_up(batch, by=anna)

    assert (evidence.asked, evidence.found, evidence.missing, evidence.looked_by_name) == (4, 4, 0, "anna")
    found = found_by(batch.job, evidence)
    assert [one["row"] for one in found] == [2, 3, 4, 5]
    assert all(one["profile_id"] and one["same"] == 2 and one["differs"] == [] for one in found)
    assert all(isinstance(one["created"], int) for one in found)


def test_profiles_that_never_arrived_are_missing(anna: Any, connection: Connection, sandbox: Any) -> None:
    evidence = actions.look_up(lost(anna, connection, sandbox, "before"), by=anna)
    assert (evidence.found, evidence.missing) == (0, 4)


def test_what_was_changed_since_is_named_by_field(anna: Any, connection: Connection, sandbox: Any) -> None:
    batch = lost(anna, connection, sandbox, "after")
    make_done_job(anna, connection, "E-mail,First name\nperson1@example.com,Other\n")
    found = {one["row"]: one for one in found_by(batch.job, actions.look_up(batch, by=anna))}
    assert found[3]["differs"] == ["_fname"]


def test_looking_decides_nothing_and_history_holds_no_value(anna: Any, connection: Connection, sandbox: Any) -> None:
    batch = lost(anna, connection, sandbox, "after")
    actions.look_up(batch, by=anna)

    batch.refresh_from_db()
    assert batch.state == BatchState.UNKNOWN
    event = HistoryEvent.objects.get(verb="evidence_looked")
    assert event.details == {"batch": 1, "asked": 4, "found": 4, "missing": 0}
    kept = Evidence.objects.get()
    assert b"person" not in bytes(kept.sealed)
    with pytest.raises(TypeError):
        kept.save()


def test_only_some_are_looked_up(anna: Any, connection: Connection, sandbox: Any) -> None:
    sandbox.desk.change({"drop": "after", "times": 1})
    people = "E-mail\n" + "".join(f"person{n}@example.com\n" for n in range(30))
    batch = make_done_job(anna, connection, people, skip_triggers=False).batches.get()
    assert actions.look_up(batch, by=anna).asked == 10


def test_the_account_s_gate_is_kept(anna: Any, connection: Connection, sandbox: Any) -> None:
    batch = lost(anna, connection, sandbox, "after")
    Connection.objects.filter(pk=connection.pk).update(requests_per_second=50)
    actions.look_up(batch, by=anna)
    connection.refresh_from_db()
    assert connection.next_wire_at is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"disabled_at": timezone.now()}, "connection_off"),
        ({"blocked_until": timezone.now() + timezone.timedelta(hours=1)}, "lookup_later"),
    ],
)
def test_an_account_that_is_off_or_asks_to_wait_is_not_asked(
    anna: Any, connection: Connection, sandbox: Any, change: dict[str, Any], code: str
) -> None:
    batch = lost(anna, connection, sandbox, "after")
    Connection.objects.filter(pk=connection.pk).update(**change)
    with pytest.raises(actions.Refused, match=code):
        actions.look_up(batch, by=anna)
    assert not Evidence.objects.exists()


def test_a_batch_that_is_not_unknown_is_not_looked_up(anna: Any, connection: Connection, sandbox: Any) -> None:
    batch = lost(anna, connection, sandbox, "after")
    batch = actions.decide(batch, "close", by=anna)
    with pytest.raises(actions.Refused, match="decided_already"):
        actions.look_up(batch, by=anna)


def test_where_the_documents_name_no_way_nothing_is_asked(anna: Any, connection: Connection, sandbox: Any) -> None:
    batch = lost(anna, connection, sandbox, "after")
    plain = dict(batch.job.destination_plain or {}, matching="custom_sub", match_field="card")
    ImportJob.objects.filter(pk=batch.job_id).update(destination_plain=plain)
    batch = Batch.objects.select_related("job").get(pk=batch.pk)
    assert not actions.may_look_up(fresh(batch.job))
    with pytest.raises(actions.Refused, match="no_lookup"):
        actions.look_up(batch, by=anna)


@pytest.mark.parametrize("fault", [drops, answers(200, "<html>"), answers(200, {"error": 403, "error_text": "no"})])
def test_nothing_usable_is_told_and_not_kept(anna: Any, platform: Callable[..., FaultyServer], fault: Any) -> None:
    server = platform(drops)
    batch = drained(sending(anna, account(server.url), skip_triggers=False)).batches.get()
    server.play(fault)
    with pytest.raises(actions.Refused, match="lookup_failed"):
        actions.look_up(batch, by=anna)
    assert not Evidence.objects.exists()


def test_nothing_but_reading_calls_are_made(anna: Any, platform: Callable[..., FaultyServer]) -> None:
    server = platform(drops)
    batch = drained(sending(anna, account(server.url), skip_triggers=False)).batches.get()
    server.play(answers(200, {"error": 404, "error_text": "Profile not found"}))

    assert actions.look_up(batch, by=anna).missing == 3

    looked = server.requests[1:]
    assert {request.line.split()[1] for request in looked} == {"/api/v1.1/profiles/get/"}
    assert [json.loads(request.body)["email"] for request in looked] == [f"person{n}@example.com" for n in range(3)]
    assert len({dict(request.headers)["Request-ID"] for request in server.requests}) == 4
