"""Every request example of the five documents, field by field: brought in as a file of JSON or typed into a form, sent
through the real actions to a sandbox, and asserted as the exact JSON that left.

Restated with the documents' own values. Three things differ on purpose, and no more: our token; the option
`skip_triggers`, always said aloud where an example leaves it at its default; and, in two examples, a value other pages
contradict (`phones` as a text, where the array is sent, and `_sex` 0, which no page explains and the check refuses).
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, ImportJob
from imports.results import totals
from imports.results.rows import RowFilter, row_page
from imports.sandbox.catalogue import Resource
from imports.states import JobState
from tests.factories import fresh, make_connection, make_job
from tests.faulty_server import FaultyServer, Peer, http_answer
from tests.platforms import drained

pytestmark = pytest.mark.django_db

SETTINGS = {"token", "db_id", "workflow_id", "matching", "field_name", "skip_triggers", "detect_geo"}
Send = Callable[..., ImportJob]


class Wire:
    """What reached the sandbox."""

    def __init__(self, server: FaultyServer, token: str) -> None:
        self.server, self._token = server, token

    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        """(path, body without our token) of each request with profiles."""
        found = []
        for request in self.server.requests:
            body = json.loads(request.body)
            assert body.pop("token") == self._token
            if "data" in body:
                found.append((request.line.split()[1].removeprefix("/api/v1.1/"), body))
        return found


@pytest.fixture
def wire(sandbox: Any) -> Iterator[Wire]:
    """A road to the sandbox on which everything that passes is kept."""
    every = ("email", "sms", "push", "whatsapp", "viber", "telegram_bot", "notify")
    own = ("custom_field", "custom_field_1")
    sandbox.platform.catalogue.resources[2] = Resource(2, "Sms", every, (1, 5), "https://sms.example.com", own)

    def passes_on(peer: Peer) -> None:
        request = peer.read_request()
        asked = Request(sandbox.url + request.line.split()[1], request.body, {"Content-Type": "application/json"})
        with urlopen(asked) as answer:
            peer.send(http_answer(answer.status, json.loads(answer.read())))

    with FaultyServer(passes_on) as server:
        yield Wire(server, sandbox.token)


@pytest.fixture
def account(sandbox: Any, wire: Wire) -> Connection:
    made = make_connection(sandbox)
    actions.refresh_catalogue(made, "scenarios")
    actions.change_connection(made, by=None, base_url=wire.server.url)
    return made


def from_file(
    by: Any, account: Connection, document: Any, *, columns: dict[str, dict[str, Any]] | None = None, **choices: Any
) -> ImportJob:
    """A JSON file, each of its names matched with the field of the same name, to its end."""
    job = make_job(by, json.dumps(document, ensure_ascii=False), name="example.json")
    named = [(place, name) for place, name in enumerate(job.headers) if name not in SETTINGS]
    targets = tuple(ColumnTarget(n, name, **{"field": name, **(columns or {}).get(name, {})}) for n, name in named)
    where = Destination(**({"database_id": 1} | choices))
    actions.map_columns(job, connection=account, destination=where, mapping=ColumnMapping(targets), by=by)
    actions.begin_check(fresh(job), by=by)
    job = drained(job)
    assert job.state == JobState.CHECKED
    return drained(actions.start_job(job, by=by)) if totals(job).pending else job


# --- profiles/import_batch (v72) and profiles/update_batch (2026) ---

BATCH: dict[str, Any] = {
    "token": "abcdefghijklmnqrstuvwxyz",
    "db_id": 1,
    "matching": "custom",
    "field_name": "Custom_ID",
    "skip_triggers": True,
    "data": [
        {
            "_fname": "Lala",
            "_lname": "Doe",
            "Custom_ID": 77,
            "email": "example@example.com",
            "subscriptions": [
                {
                    "channel": "email",
                    "email_data": {"email": "example@example.com"},
                    "resource_id": 28,
                    "custom_fields": {"custom_field": "test value"},
                    "cats": ["category_1", "category_2"],
                }
            ],
        },
        {"_fname": "Victor", "Custom_ID": 88, "email": "example@example.com"},
    ],
}
XML_TWIN = BATCH | {"data": [BATCH["data"][0], {"_fname": "Alex", "Custom_ID": 345, "email": "example@example.com"}]}
BY_CUSTOM_ID = {"matching": "custom", "match_field": "Custom_ID"}


@pytest.mark.parametrize("document", [BATCH, XML_TWIN], ids=["json", "xml"])
@pytest.mark.parametrize("operation", ["import", "update"])
def test_the_request_of_both_batch_pages_leaves_as_it_is_printed(
    anna: Any, account: Connection, wire: Wire, operation: str, document: dict[str, Any]
) -> None:
    """Source: profiles/import_batch and profiles/update_batch, Request example; the XML form's people in JSON."""
    job = from_file(anna, account, document, operation=operation, **BY_CUSTOM_ID)

    expected = {name: value for name, value in document.items() if name != "token"}
    assert wire.sent() == [(f"profiles/{operation}_batch", expected)]
    assert totals(job).closes


def test_the_profile_of_the_parameter_tables_leaves_as_it_is_printed(
    anna: Any, account: Connection, wire: Wire
) -> None:
    """Source: profiles/import_batch and profiles/update_batch, Request parameters, `data`; under a field we have."""
    person = {
        "_fname": "John",
        "_lname": "Doe",
        "CRM_ID": "abcdefghijklmnqrstuvwxyz",
        "email": "john@example.com",
        "subscriptions": [{"channel": "email", "email_data": {"email": "john@example.com"}, "resource_id": 1}],
    }

    job = from_file(anna, account, [person])

    assert wire.sent()[0][1] == {"db_id": 1, "matching": "email", "skip_triggers": True, "data": [person]}
    assert totals(job).accepted == 1


TABLE_ROWS: list[dict[str, Any]] = [
    {"resource_id": 1, "channel": "email", "email": "john@example.com"},
    {"resource_id": 1, "channel": "sms", "phone": "+79000000000"},
    {"resource_id": 1, "channel": "push", "provider": "Firefox", "subscription_id": "abcdefghijklmnqrstuvwxyz"},
    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 1}},
    {"resource_id": 1, "channel": "whatsapp", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "viber", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "notify", "cc_data": {"phone": "+79000000000"}},
]
ASKED = {"status": "subscribed", "priority": 1, "custom_fields": {"_device_type": "web"}, "cats": ["category_1"]}


@pytest.mark.parametrize("given", TABLE_ROWS, ids=lambda given: str(given["channel"]))
def test_every_line_of_the_subscriptions_table_leaves_with_a_status_only_when_somebody_said_so(
    anna: Any, account: Connection, wire: Wire, given: dict[str, Any]
) -> None:
    """Source: profiles/import_batch, profiles/update_batch and profiles/import, Subscriptions array."""
    account = actions.change_connection(account, by=None, nested_email=False)
    person = {"email": "john@example.com", "subscriptions": [given | ASKED]}

    refused = from_file(anna, account, [person])
    assert wire.sent() == []
    assert totals(refused).invalid == 1
    job = from_file(anna, account, [person], columns={"subscriptions": {"statuses": "send"}})

    assert wire.sent()[0][1]["data"] == [person]
    assert job.unsafe_reasons == ["explicit_status"]
    assert totals(job).accepted == 1


# --- workflows/import_and_start_batch (v72) ---


def scenario(people: list[dict[str, Any]], workflow_id: int = 12, **matching: str) -> dict[str, Any]:
    return {"token": "abc", "workflow_id": workflow_id, **matching, "data": [{"data": person} for person in people]}


ALISA = {"_fname": "Alisa", "_lname": "Lambert", "email": "example@example.com", "phones": "+79000000000"}
ALEX = ALISA | {"_fname": "Alex"}
ALINA = {"_fname": "Alina", "_lname": "Lambert", "email": "example@example.com", "phones": "+79006574081"}
VICTOR = ALINA | {"_fname": "Victor", "phones": "+79000005422", "CRM_ID": "00076"}
SCENARIOS = {
    "by email": scenario([ALISA, ALEX], matching="email"),
    "by email, xml": scenario([ALINA | {"_fname": "John"}, ALINA | {"_fname": "Bert"}], matching="email"),
    "by a field": scenario([ALINA | {"CRM_ID": "00066"}, VICTOR], matching="custom", field_name="CRM_ID"),
    "by a field, xml": scenario(
        [ALINA | {"_fname": "Polina", "CRM_ID": "00067"}, VICTOR | {"_fname": "Dariya", "CRM_ID": "00077"}],
        matching="custom",
        field_name="CRM_ID",
    ),
}


@pytest.mark.parametrize("example", SCENARIOS)
def test_the_requests_of_the_scenario_page_leave_as_they_are_printed(
    anna: Any, account: Connection, wire: Wire, example: str
) -> None:
    """Source: workflows/import_and_start_batch, Request examples. Both people of the first have one address."""
    document = SCENARIOS[example]
    choices = {"matching": document["matching"], "match_field": document.get("field_name", "")}
    from_file(
        anna, account, document, operation="scenario", scenario_id=12, skip_triggers=False, duplicates="all", **choices
    )

    people = [item["data"] | {"phones": [item["data"]["phones"]]} for item in document["data"]]
    head = {name: value for name, value in document.items() if name != "token"}
    wrapped = [{"data": person} for person in people]
    assert wire.sent() == [("workflows/import_and_start_batch", head | {"skip_triggers": False, "data": wrapped})]


def test_the_parameters_of_the_scenario_page_leave_as_they_are_printed(
    anna: Any, boris: Any, account: Connection, wire: Wire
) -> None:
    """Source: workflows/import_and_start_batch, Request parameters: content, custom_request, the options."""
    content = {"one": "My email = importStart9219@example.com", "two": "Timestamp: 1595512477", "three": "Three"}
    query = {"email": {"$in": ["asd@dsfsd.com", "zxcv@sdfsd.com"]}}
    options = {"skip_invalid_subscriptions": True, "detect_geo": True}
    choices = {"operation": "scenario", "scenario_id": 12, "content": tuple(content.items()), **options}
    data = [{"data": {"_fname": "John", "_lname": "Doe"}}]

    from_file(boris, account, data, matching="", custom_request=json.dumps(query), **choices)

    expected = {"workflow_id": 12, "skip_triggers": True, **options, "content": content, "custom_request": query}
    assert wire.sent() == [("workflows/import_and_start_batch", {**expected, "data": data})]


# --- profiles/import (v74) ---

FIRST: dict[str, Any] = {
    "token": "abcdefghijklmnqrstuvwxyz",
    "db_id": 1,
    "matching": "email",
    "email": "example@example.com",
    "detect_geo": True,
    "data": {
        "_fname": "Olly",
        "_lname": "Lambert",
        "email": "example@example.com",
        "phones": ["+79000000000"],
        "subscriptions": [
            {"resource_id": 1, "channel": "email", "email": "example@example.com"},
            {"resource_id": 1, "channel": "sms", "phone": "+79000000000"},
        ],
    },
}
MORE = {
    "_bdate": "1990-02-22T21:00:00Z",
    "_sex": "male",
    "_regdate": "2019-03-14T22:00:00Z",
    "_regip": "94.231.119.122",
    "_ip": "94.231.119.122",
    "_tz": "Europe/Moscow",
    "_postal_code": "390000",
    "_os": "Windows 10",
    "_browser": "Firefox",
    "_vendor": "form_#31",
    "custom_field": "custom_value",
}
SECOND = FIRST | {"data": FIRST["data"] | MORE}
XML_DATES = FIRST | {"data": FIRST["data"] | MORE | {"_bdate": "1990-07-06", "_regdate": "2023-07-06"}}
CHANNELS: list[dict[str, Any]] = [
    {"resource_id": 1, "channel": "email", "email": "example@example.com"},
    {"resource_id": 2, "channel": "sms", "phone": "+79000000000"},
    {
        "resource_id": 1,
        "channel": "push",
        "subscription_id": "a81c264a938b475",
        "provider": "android-firebase",
        "custom_fields": {"_browser_name": "Firefox", "_device_type": "web", "custom_field_1": "test value"},
        "cats": ["category_1", "category_2"],
    },
    {"resource_id": 1, "channel": "whatsapp", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "viber", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 12345}},
    {"resource_id": 1, "channel": "notify", "cc_data": {"phone": "+79000000000"}},
]
THIRD = FIRST | {
    "data": {name: FIRST["data"][name] for name in ("_fname", "_lname", "email")} | {"subscriptions": CHANNELS}
}


@pytest.mark.parametrize("document", [FIRST, SECOND, XML_DATES, THIRD], ids=["first", "second", "xml dates", "third"])
def test_the_requests_of_the_single_import_page_leave_as_they_are_printed(
    anna: Any, account: Connection, wire: Wire, document: dict[str, Any]
) -> None:
    """Source: profiles/import (v74), the three request examples."""
    actions.refresh_catalogue(account, "resources")

    job = from_file(anna, account, document, single=True, detect_geo=True)

    expected = {name: value for name, value in document.items() if name != "token"}
    assert wire.sent() == [("profiles/import", expected | {"skip_triggers": True})]
    assert totals(job).accepted == 1


def test_a_gender_of_0_is_refused_because_no_page_says_what_it_means(
    anna: Any, account: Connection, wire: Wire
) -> None:
    """Source: profiles/import (v74), second example, `_sex`: 0; the user guide has words only."""
    job = from_file(anna, account, SECOND | {"data": SECOND["data"] | {"_sex": 0}}, single=True, detect_geo=True)

    (row,) = row_page(job, RowFilter())[0]
    assert [code for _column, code, _params in row.faults] == ["sex_unknown"]
    assert wire.sent() == []


def test_segments_of_the_parameter_table_leave_with_one_person(
    anna: Any, account: Connection, wire: Wire, sandbox: Any
) -> None:
    """Source: profiles/import (v74), Request parameters: add_to_segments, remove_from_segments."""
    choices = {"single": True, "add_to_segments": (2,), "remove_from_segments": (6,)}

    job = from_file(anna, account, [{"email": "john@example.com"}], **choices)

    body = wire.sent()[0][1]
    assert (body["add_to_segments"], body["remove_from_segments"]) == ([2], [6])
    assert totals(job).accepted == 1
    assert len(sandbox.platform.catalogue.segments[2].members) == 1


# --- "Import or update a profile" (user guide) ---

GUIDE: dict[str, Any] = {
    "email": "i.petrov@example.com",
    "_fname": "Ivan",
    "_lname": "Petrov",
    "_sex": "male",
    "_bdate": "1990-01-15T12:00:00Z",
    "_city": "Moscow",
    "phones": ["+79000000000"],
}
SUBSCRIBED: list[dict[str, Any]] = [
    {"channel": "email", "email": "i.petrov@example.com", "resource_id": 1},
    {"channel": "sms", "phone": "+79000000000", "resource_id": 1},
    {"channel": "push", "provider": "Firefox", "resource_id": 1, "subscription_id": "abcdefghijklmnqrstuvwxyz"},
]
STEPS = {
    "adding": {"email": "i.petrov@example.com"},
    "updating": GUIDE,
    "subscribing": GUIDE | {"subscriptions": SUBSCRIBED},
}


def guide_body(step: str) -> dict[str, Any]:
    asked = {"db_id": 5, "matching": "email", "email": "i.petrov@example.com"}
    return asked | {"skip_triggers": True, "data": STEPS[step]}


@pytest.mark.parametrize("step", STEPS)
def test_the_requests_of_the_user_guide_leave_from_a_file(
    anna: Any, account: Connection, wire: Wire, step: str
) -> None:
    """Source: "Import or update a profile": adding, updating, adding subscriptions."""
    from_file(anna, account, [STEPS[step]], single=True, database_id=5)

    assert wire.sent() == [("profiles/import", guide_body(step))]


@pytest.mark.parametrize("step", STEPS)
def test_the_requests_of_the_user_guide_leave_from_the_form(
    anna: Any, account: Connection, wire: Wire, step: str
) -> None:
    """The same, typed: each value a cell, each subscription a rule."""
    person = {name: value for name, value in STEPS[step].items() if name != "subscriptions"}
    cells = [value[0] if isinstance(value, list) else value for value in person.values()]
    push = SubscriptionRule("push", 1, f"column:{len(cells)}", "Firefox")
    rules = (SubscriptionRule("email", 1), SubscriptionRule("sms", 1), push)
    job = actions.create_typed_job(
        headers=[*person, "token of the device"],
        rows=[[*cells, "abcdefghijklmnqrstuvwxyz"]],
        title="form",
        connection=account,
        destination=Destination(5, single=True, subscriptions=rules if step == "subscribing" else ()),
        mapping=ColumnMapping(tuple(ColumnTarget(n, name, name) for n, name in enumerate(person))),
        entry=uuid4(),
        by=anna,
    )
    drained(actions.start_job(drained(job), by=anna))

    assert wire.sent() == [("profiles/import", guide_body(step))]


SEARCHES = {
    "email": ("email", "", {"email": "example@example.com"}, {"email": "example@example.com"}),
    "phone": ("phone", "", {"phones": ["+79000000000"]}, {"phone": "+79000000000"}),
    "id": ("profile_id", "", {"profile_id": "012452gf62fcd71fjh8ec0"}, {"profile_id": "012452gf62fcd71fjh8ec0"}),
    "field": ("custom", "CRM_ID", {"CRM_ID": "12345"}, {"field_name": "CRM_ID", "field_value": "12345"}),
}


@pytest.mark.parametrize("way", SEARCHES)
def test_the_four_ways_of_finding_of_the_user_guide_leave_as_they_are_printed(
    anna: Any, account: Connection, wire: Wire, way: str
) -> None:
    """Source: "Import or update a profile", More details about the matching parameter."""
    matching, field, person, searched = SEARCHES[way]
    choices = {"single": True, "operation": "update", "matching": matching, "match_field": field}

    from_file(anna, account, [person | {"_city": "Moscow"}], **choices)

    body = wire.sent()[0][1]
    told = {name: body[name] for name in body if name not in ("db_id", "skip_triggers", "data")}
    assert told == {"matching": matching, **searched}
