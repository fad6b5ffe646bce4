"""Adding, functions of columns, statuses, answers of single calls."""

from typing import Any

import pytest

from imports.mapping import SubscriptionRule
from imports.results import totals
from imports.results.rows import RowFilter, row_page
from tests.faulty_server import answers

from .road import TOKEN, Server, bodies, connection_to, paths, takes, travel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("single", [False, True])
def test_adding_searches_nobody_yet_never_adds_an_address_twice(anna: Any, server: Server, single: bool) -> None:
    recording = server()
    table = [["email", "_fname"], ["a@example.com", "Ann"], ["", "Bob"], ["a@example.com", "Anna"], ["", ""], ["", " "]]

    job = travel(anna, connection_to(recording), table, operation="add", single=single)

    people = [{"_fname": "Bob"}, {"email": "a@example.com", "_fname": "Anna"}]
    common = {"token": TOKEN, "db_id": 1, "skip_triggers": True}
    expected = [{**common, "data": person} for person in people] if single else [{**common, "data": people}]
    assert bodies(recording) == expected
    assert set(paths(recording)) == {"profiles/add" if single else "profiles/add_batch/"}
    assert job.unsafe_reasons == ["add_only"]
    assert totals(job).set_aside == 1


def test_functions_of_columns_reach_the_platform_and_forbid_repeats(anna: Any, server: Server) -> None:
    recording = server()
    columns = {
        "points": {"action": "incr"},
        "labels": {"action": "add"},
        "address": {"action": "upsert", "submatch": "city"},
        "card": {"empty": "clear"},
    }
    table = [["email", *columns], ["a@example.com", "-5", "a, b", "Tula", ""], ["b@example.com", "", "", "", "7"]]

    job = travel(anna, connection_to(recording), table, columns=columns)

    assert bodies(recording)[0]["data"] == [
        {
            "email": "a@example.com",
            "points": {"action": "incr", "value": -5},
            "labels": {"action": "add", "value": ["a", "b"]},
            "address": {"action": "upsert", "value": "Tula", "submatch": "city"},
            "card": {"action": "unset"},
        },
        {"email": "b@example.com", "card": "7"},
    ]
    assert job.unsafe_reasons == ["function_incr", "function_add"]


def test_a_status_is_sent_only_where_a_rule_says_so(anna: Any, server: Server) -> None:
    recording = server()
    rules = (SubscriptionRule("email", 1), SubscriptionRule("email", 2, status="unsubscribed", priority=0))

    job = travel(anna, connection_to(recording), [["email"], ["a@example.com"]], subscriptions=rules)

    plain, explicit = bodies(recording)[0]["data"][0]["subscriptions"]
    assert set(plain) == {"channel", "resource_id", "email_data"}
    assert (explicit["status"], explicit["priority"]) == ("unsubscribed", 0)
    assert job.unsafe_reasons == ["explicit_status"]


ROWS = [["email"], ["a@example.com"], ["b@example.com"]]


def test_single_answers_belong_to_their_rows(anna: Any, server: Server) -> None:
    recording = server(answers(200, {"error": 404, "error_text": "Profile not found"}), takes)

    job = travel(anna, connection_to(recording, parallel=1), ROWS, operation="update", single=True)

    rows, _ = row_page(job, RowFilter())
    assert [(row.outcome, row.error, row.profile_id) for row in rows] == [
        ("rejected", 404, ""),
        ("accepted", 0, "a" * 24),
    ]
    assert len({dict(request.headers)["Request-ID"] for request in recording.requests}) == 2
