"""The exact JSON that leaves after somebody has typed: one profile, and a grid of several.

The platform is a recording server. Bodies are restated from the documents' own request examples, with invented people.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from imports import actions
from imports.mapping import CONTACT_KINDS
from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.faulty_server import FaultyServer, Peer, http_answer
from tests.platforms import account, drained

FORM, GRID = "/imports/form/", "/imports/form/several/"
TOKEN = "secret-token-of-the-account"
OK = {"error": 0, "error_text": "Successful operation"}
ID = "5f1a2b3c4d5e6f7a8b9c0d1e"
KINDS = {
    "points": "integer", "rate": "float", "card": "line", "since": "date", "agreed": "boolean", "level": "enum",
    "last_ip": "ip", "labels": "tags", "address": "object", "orders": "objects",
}  # fmt: skip
CONTACTS = {
    "email": ("other@example.com", {"email": "other@example.com"}),
    "sms": ("+79000000009", {"phone": "+79000000009"}),
    "push": ("token-of-a-device", {"provider": "Firefox", "subscription_id": "token-of-a-device"}),
    "telegram_bot": ("12345", {"cc_data": {"id": 12345}}),
    "whatsapp": ("+79000000009", {"cc_data": {"phone": "+79000000009"}}),
    "viber": ("+79000000009", {"cc_data": {"phone": "+79000000009"}}),
    "notify": ("+79000000009", {"cc_data": {"phone": "+79000000009"}}),
}


def takes(peer: Peer) -> None:
    """Answer batches and single calls as documented; lists are not known here."""
    request = json.loads(peer.read_request().body)
    if "data" not in request:
        peer.send(http_answer(200, {"error": 403, "error_text": "No access"}))
        return
    single = isinstance(request["data"], dict)
    rows = [{**OK, "profile_id": f"{n:024x}"} for n in range(len(request["data"]))]
    peer.send(http_answer(200, {**OK, "profile_id": ID} if single else {**OK, "result": rows}))


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with FaultyServer(takes) as started:
        yield started


@pytest.fixture
def shop(server: FaultyServer, db: None) -> Connection:
    made = account(server.url, parallel=1)
    fields = [
        {"name": name, "title": name, "type": kind, "options": ["gold", "silver"] if kind == "enum" else [],
         "system": False}
        for name, kind in KINDS.items()
    ]  # fmt: skip
    made.catalogue = {"fields/1": fields, "databases": [{"id": 1, "name": "Shop"}]}
    made.catalogue |= {"segments": [{"id": 2, "name": "Regular"}, {"id": 7, "name": "New"}]}
    made.catalogue |= {"resources": [{"id": 5, "name": "News", "channels": [], "database_ids": []}]}
    made.catalogue |= {f"resource_fields/5/{channel}": [] for channel in CONTACT_KINDS}
    made.save()
    return made


def where(shop: Connection, **more: Any) -> dict[str, Any]:
    usual = {"connection": str(shop.pk), "database": "1", "operation": "import", "matching": "email"}
    return usual | {"duplicates": "last", "phone_region": "RU"} | more


def values(**typed: str) -> dict[str, str]:
    return {f"value-{name}": text for name, text in typed.items()}


def cells(names: list[str], *rows: list[str]) -> dict[str, list[str]]:
    found = {f"cell-{name}": [row[place] for row in rows] for place, name in enumerate(names)}
    return found | {"had": names, "columns": names}


def rule(place: int, target: str, **more: Any) -> dict[str, Any]:
    return {f"rule-{place}-target": target} | {f"rule-{place}-{name}": value for name, value in more.items()}


def sent(browser: Any, by: Any, server: FaultyServer, page: str, given: dict[str, Any]) -> list[tuple[str, Any]]:
    """(path, body) of every request with profiles, after the page was posted and the import sent."""
    answer = browser.post(page, given)
    assert answer.status_code == 302, answer.content.decode()[answer.content.decode().index("<main") :][:4000]
    job = ImportJob.objects.get()
    assert job.state == JobState.CHECKED
    drained(actions.start_job(job, by=by))
    asked = [
        (request.line.split()[1].removeprefix("/api/v1.1/"), json.loads(request.body)) for request in server.requests
    ]
    return [(path, body) for path, body in asked if "data" in body]


HEAD = {"token": TOKEN, "db_id": 1}
PERSON = {"email": "kamila@example.com", "phones": ["+79000000001", "+79000000002"], "_fname": "Kamila"}
TYPED = values(email="kamila@example.com", phones="8 900 000-00-01, +7 900 000-00-02", _fname="Kamila")


@pytest.mark.parametrize("operation", ["import", "update"])
def test_one_profile_with_segments(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer, operation: str
) -> None:
    """Source: profiles/import (v74), Request parameters (add_to_segments, remove_from_segments)."""
    segments = {"add_to_segments": ["2"], "remove_from_segments": ["7"]}
    given = where(shop, operation=operation, run_triggers="on", **segments) | TYPED
    body = HEAD | {"matching": "email", "email": "kamila@example.com", "skip_triggers": False}
    body |= {"add_to_segments": [2], "remove_from_segments": [7], "data": PERSON}
    assert sent(as_anna, anna, server, FORM, given) == [(f"profiles/{operation}", body)]


def test_one_profile_is_added(as_anna: Any, anna: Any, shop: Connection, server: FaultyServer) -> None:
    """Source: profiles/add."""
    given = where(shop, operation="add") | TYPED
    assert sent(as_anna, anna, server, FORM, given) == [
        ("profiles/add", HEAD | {"skip_triggers": True, "data": PERSON})
    ]


@pytest.mark.parametrize("operation", ["import", "update"])
def test_one_profile_found_by_its_id(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer, operation: str
) -> None:
    """Source: "Import or update a profile", matching by profile_id: the ID stands beside the data, not in it."""
    given = where(shop, operation=operation, matching="profile_id") | values(profile_id=ID, _fname="Kamila")
    body = HEAD | {"matching": "profile_id", "profile_id": ID, "skip_triggers": True, "data": {"_fname": "Kamila"}}
    assert sent(as_anna, anna, server, FORM, given) == [(f"profiles/{operation}", body)]


def test_every_kind_of_field_can_be_typed(as_anna: Any, anna: Any, shop: Connection, server: FaultyServer) -> None:
    """Source: "Types of fields in the database", system and custom fields."""
    system = {
        "email": "kamila@example.com", "_fname": "Kamila", "_lname": "North", "_bdate": "1987-03-14", "_sex": "female",
        "_city": "Perm", "_region": "Perm", "_country": "RU", "_postal_code": "019000", "_tz": "Asia/Yekaterinburg",
        "_ip": "192.0.2.1", "_regdate": "2023-12-31T23:59:59+03:00", "_regip": "192.0.2.2", "_regcity": "Omsk",
        "_regcountry": "RU", "_regurl": "https://example.com/join", "_vendor": "form 30", "_os": "Windows 10",
        "_browser": "Firefox",
    }  # fmt: skip
    own = {
        "points": "1 200", "rate": "100,5", "card": "00077", "since": "2024-05-27 12:00", "agreed": "yes",
        "level": "gold", "last_ip": "127.0.0.1", "labels": "Tag 1, Tag 2", "address": '{"key_1": {"sub_key": "v"}}',
        "orders": '[{"key_1": "v1"}, {"key_2": "v2"}]',
    }  # fmt: skip
    told = {
        "points": 1200, "rate": 100.5, "card": "00077", "since": "2024-05-27T12:00:00Z", "agreed": True,
        "level": "gold", "last_ip": "127.0.0.1", "labels": ["Tag 1", "Tag 2"], "address": {"key_1": {"sub_key": "v"}},
        "orders": [{"key_1": "v1"}, {"key_2": "v2"}],
    }  # fmt: skip
    ((_path, body),) = sent(as_anna, anna, server, FORM, where(shop, detect_geo="on") | values(**system, **own))
    assert body["data"] == system | told
    assert body["detect_geo"] is True


@pytest.mark.parametrize("channel", list(CONTACT_KINDS))
def test_every_channel_can_be_subscribed_to(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer, channel: str
) -> None:
    """Source: profiles/import (v74), Subscriptions array; flat email, as the single page's examples print it."""
    contact, expected = CONTACTS[channel]
    own = {"custom_fields-name": ["_os"], "custom_fields-text": ["Windows"]}
    chosen = rule(0, f"{channel}:5", contact=contact, cats="News\nSales, big", **own)
    chosen |= {"rule-0-provider": "Firefox"} if channel == "push" else {}
    shop.catalogue[f"resource_fields/5/{channel}"] = [{"name": "_os", "title": "OS", "type": "line", "options": []}]
    shop.save()
    given = where(shop) | values(email="kamila@example.com") | {"rules": "0"} | chosen
    ((_path, body),) = sent(as_anna, anna, server, FORM, given)
    subscription = {"channel": channel, "resource_id": 5, "cats": ["News", "Sales, big"]}
    assert body["data"]["subscriptions"] == [subscription | expected | {"custom_fields": {"_os": "Windows"}}]


def test_status_and_priority_leave_only_when_asked_for(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer
) -> None:
    """Source: profiles/update_batch, Description: 0 counts, leaving them out changes nothing."""
    asked = {"rule-0-status": "unsubscribed", "rule-0-priority": "0"}
    given = where(shop) | TYPED | {"rules": ["0", "1"]} | rule(0, "email:5") | asked | rule(1, "sms:5")
    ((_path, body),) = sent(as_anna, anna, server, FORM, given)
    mail, sms = body["data"]["subscriptions"]
    assert mail == {
        "channel": "email", "resource_id": 5, "email": "kamila@example.com", "status": "unsubscribed", "priority": 0,
    }  # fmt: skip
    assert sms == {"channel": "sms", "resource_id": 5, "phone": "+79000000001"}


def test_fields_are_changed_and_emptied_instead_of_replaced(
    as_boris: Any, boris: Any, shop: Connection, server: FaultyServer
) -> None:
    """Source: "Database fields functional update", table of actions."""
    typed = values(email="kamila@example.com", points="5", labels="new", address='"North"')
    changes = {"changes-field": ["points", "labels", "_city", ""], "changes-how": ["incr", "add", "clear", "clear"]}
    typed.pop("value-address")
    given = where(shop, operation="update") | typed | changes | {"changes-property": ["", "", "", ""]}
    ((path, body),) = sent(as_boris, boris, server, FORM, given)
    assert path == "profiles/update"
    assert body["data"] == {
        "email": "kamila@example.com",
        "_city": {"action": "unset"},
        "points": {"action": "incr", "value": 5},
        "labels": {"action": "add", "value": ["new"]},
    }


ROWS = (["kamila@example.com", "8 900 000-00-01"], ["", ""], ["daria@example.org", ""])
PEOPLE = [{"email": "kamila@example.com", "phones": ["+79000000001"]}, {"email": "daria@example.org"}]


@pytest.mark.parametrize(
    ("operation", "path"),
    [("import", "profiles/import_batch"), ("update", "profiles/update_batch"), ("add", "profiles/add_batch/")],
)
def test_a_grid_is_one_list(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer, operation: str, path: str
) -> None:
    """Source: profiles/import_batch, profiles/update_batch, profiles/add_batch, Request example."""
    given = where(shop, operation=operation) | cells(["email", "phones"], *ROWS)
    searched = {} if operation == "add" else {"matching": "email"}
    assert sent(as_anna, anna, server, GRID, given) == [
        (path, HEAD | searched | {"skip_triggers": True, "data": PEOPLE})
    ]


@pytest.mark.parametrize("operation", ["import", "update"])
def test_a_grid_into_segments_is_a_request_each(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer, operation: str
) -> None:
    given = where(shop, operation=operation, single="on", add_to_segments=["2"], remove_from_segments=["7"])
    found = sent(as_anna, anna, server, GRID, given | cells(["email", "phones"], *ROWS))
    common = HEAD | {"matching": "email", "skip_triggers": True, "add_to_segments": [2], "remove_from_segments": [7]}
    expected = [(f"profiles/{operation}", common | {"email": one["email"], "data": one}) for one in PEOPLE]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_grid_of_people_found_by_their_id(as_anna: Any, anna: Any, shop: Connection, server: FaultyServer) -> None:
    """Where the ID would stand in a list is not documented: a request each, as the single page prints it."""
    given = where(shop, operation="update", matching="profile_id") | cells(["profile_id", "_fname"], [ID, "Kamila"])
    body = HEAD | {"matching": "profile_id", "profile_id": ID, "skip_triggers": True, "data": {"_fname": "Kamila"}}
    assert sent(as_anna, anna, server, GRID, given) == [("profiles/update", body)]


def test_a_grid_found_by_a_field_of_the_database(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer
) -> None:
    """Source: profiles/import_batch, Request example: field_name beside the data, the value inside each profile."""
    given = where(shop, matching="custom", match_field="card") | cells(["card", "agreed"], ["00077", "да"])
    ((_path, body),) = sent(as_anna, anna, server, GRID, given)
    assert (body["matching"], body["field_name"]) == ("custom", "card")
    assert body["data"] == [{"card": "00077", "agreed": True}]


def test_contacts_of_a_grid_come_from_their_own_columns(
    as_anna: Any, anna: Any, shop: Connection, server: FaultyServer
) -> None:
    names = ["email", "contact-2", "_fname", "contact-1"]
    rows = [["kamila@example.com", "token", "Kamila", "1234"], ["daria@example.org", "", "Daria", ""]]
    rules = {"rules": ["0", "1"]} | rule(0, "telegram_bot:5", contact="column:1")
    rules |= rule(1, "push:5", contact="column:0", provider="Chrome")
    ((_path, body),) = sent(as_anna, anna, server, GRID, where(shop) | cells(names, *rows) | rules)
    assert body["data"][0]["subscriptions"] == [
        {"channel": "telegram_bot", "resource_id": 5, "cc_data": {"id": 1234}},
        {"channel": "push", "resource_id": 5, "provider": "Chrome", "subscription_id": "token"},
    ]
    assert body["data"][1] == {"email": "daria@example.org", "_fname": "Daria"}
