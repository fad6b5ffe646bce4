"""Asking an account what the documents leave open, with marked test profiles: only what was seen is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from imports import actions
from imports.models import Connection, HistoryEvent
from tests.factories import make_connection
from tests.faulty_server import FaultyServer, Peer, answers, drops, http_answer
from tests.platforms import account

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = {"database_id": 1, "resource_id": 28, "by": None}


def told(connection: Connection, question: str, **more: Any) -> dict[str, str]:
    """The codes of what was seen, by case."""
    return {line.about: line.code for line in actions.probe(connection, question, **PLACE | more)}


def test_both_spellings_are_tried_with_marked_profiles(sandbox: Any, boris: Any) -> None:
    connection = make_connection(sandbox)

    assert set(told(connection, "email_spelling", by=boris).values()) == {"probe_works"}

    people = sandbox.platform.people[1].texts
    profiles = [sandbox.platform.people[1].get(number) for number in people]
    assert {profile["_fname"] for profile in profiles} == {"TEST Import dashboard"}
    assert all(profile["email"].endswith("@example.com") for profile in profiles)
    assert len(profiles) == actions.QUESTIONS["email_spelling"].profiles
    assert not any(sandbox.platform.triggered.values())
    event = HistoryEvent.objects.get(verb="connection_probed")
    assert (event.actor_name, event.details["question"], event.details["set"]) == ("boris", "email_spelling", {})
    assert "@" not in str(event.details)


def only_flat(peer: Peer) -> bool:
    """A platform that forgets subscriptions written as email_data."""
    request = json.loads(peer.read_request().body)
    if "data" not in request:
        flat = request["email"].partition("@")[0].endswith("-email")
        kept = [{"resource_id": 28, "channel": "email"}] if flat else []
        peer.send(http_answer(200, {"error": 0, "data": {"subscriptions": kept}}, keep=True))
        return True
    row = {"error": 0, "error_text": "", "profile_id": "5a4d62cc0900000000000001"}
    batch = isinstance(request["data"], list)
    peer.send(http_answer(200, {"error": 0, "error_text": "", "result": [row]} if batch else row, keep=True))
    return True


def test_a_clear_finding_sets_the_two_switches(platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(only_flat).url, nested_email=True, nested_email_single=True)

    seen = told(connection, "email_spelling")

    assert seen["batch_email_data"] == "probe_not_seen"
    assert seen["batch_email"] == "probe_works"
    connection.refresh_from_db()
    assert (connection.nested_email, connection.nested_email_single) == (False, False)
    assert HistoryEvent.objects.get(verb="connection_probed").details["set"] == {
        "nested_email": False,
        "nested_email_single": False,
    }


def test_a_finding_sets_nothing_when_that_was_not_wanted(platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(only_flat).url)

    told(connection, "email_spelling", apply=False)

    connection.refresh_from_db()
    assert connection.nested_email
    assert connection.findings["email_spelling"]["set"] == {}


def test_a_refused_spelling_says_why_and_sets_nothing(platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(answers(200, {"error": 400, "error_text": "Invalid request"})).url)

    seen = actions.probe(connection, "email_spelling", **PLACE)

    assert {(line.code, line.params["text"]) for line in seen} == {("probe_refused", "Invalid request")}
    connection.refresh_from_db()
    assert connection.nested_email


EXPECTED = {
    "status": {"new": "probe_look_failed", "left": "probe_status_kept"},
    "bad_profile": {"": "probe_bad_has_no_id"},
    "repeats": {"same": "probe_repeat_recognised", "other": "probe_reused_ignored"},
    "profile_id": {"": "probe_id_works"},
    "not_found": {"batch": "probe_not_found", "single": "probe_not_found"},
}


@pytest.mark.parametrize("question", EXPECTED)
def test_each_question_tells_what_the_sandbox_does(sandbox: Any, question: str) -> None:
    connection = make_connection(sandbox)
    seen = told(connection, question)
    seen.pop("new", None)
    assert seen == {case: code for case, code in EXPECTED[question].items() if case != "new"}


def test_empty_values_are_tried_one_by_one(sandbox: Any) -> None:
    seen = told(make_connection(sandbox), "empty_values")

    assert seen.keys() == {"empty", "null", "unset"}
    assert seen["unset"] == "probe_value_cleared"


def test_every_line_that_was_seen_is_kept_with_its_date_and_person(sandbox: Any, boris: Any) -> None:
    connection = make_connection(sandbox)

    told(connection, "not_found", by=boris)

    kept = Connection.objects.get().findings["not_found"]
    assert (kept["by"], kept["database"]) == ("boris", 1)
    assert kept["at"]
    assert kept["seen"][0] == ["batch", "probe_not_found", {"error": "404", "text": "Profile not found"}]


def brings_back(peer: Peer) -> bool:
    """A platform that takes a missing status for "subscribed"."""
    request = json.loads(peer.read_request().body)
    remembered: dict[str, str] = peer.server.__dict__.setdefault("statuses", {})
    if "data" not in request:
        status = remembered[request["email"]]
        kept = [{"resource_id": 28, "channel": "email", "status": status}]
        peer.send(http_answer(200, {"error": 0, "data": {"subscriptions": kept}}, keep=True))
        return True
    (profile,) = request["data"]
    remembered[profile["email"]] = profile["subscriptions"][0].get("status", "subscribed")
    row = {"error": 0, "error_text": "", "profile_id": "5a4d62cc0900000000000001"}
    peer.send(http_answer(200, {"error": 0, "error_text": "", "result": [row]}, keep=True))
    return True


def test_a_platform_that_brings_people_back_is_told(platform: Callable[..., FaultyServer]) -> None:
    connection = account(platform(brings_back).url)

    assert told(connection, "status") == {"new": "probe_status_is", "left": "probe_status_lost"}


def test_a_platform_that_does_not_answer_ends_the_probe_and_is_told(platform: Callable[..., FaultyServer]) -> None:
    server = platform(drops)
    connection = account(server.url)

    seen = actions.probe(connection, "email_spelling", **PLACE)

    assert [line.code for line in seen] == ["connection_closed"]
    assert len(server.requests) == 1
    assert HistoryEvent.objects.filter(verb="connection_probed").exists()


def test_a_switched_off_account_is_not_asked(sandbox: Any) -> None:
    connection = make_connection(sandbox)
    actions.switch_off(connection, by=None)

    with pytest.raises(actions.Refused, match="connection_off"):
        actions.probe(connection, "not_found", **PLACE)

    assert not sandbox.platform.deliveries


@pytest.mark.parametrize(("question", "code"), [("what", "question_unknown"), ("status", "probe_resource_missing")])
def test_what_cannot_be_asked_is_refused(sandbox: Any, question: str, code: str) -> None:
    connection = make_connection(sandbox, look=False)

    with pytest.raises(actions.Refused, match=code):
        actions.probe(connection, question, database_id=1, by=None)
