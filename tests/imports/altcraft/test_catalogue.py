import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from imports.altcraft import CallFailed, Client, catalogue
from imports.altcraft.catalogue import CatalogueEntry, CatalogueField, CatalogueResource, CatalogueScenario
from tests.faulty_server import FaultyServer, Peer, http_answer
from tests.imports.altcraft.conftest import TOKEN

Answers = dict[str, Callable[[dict[str, Any]], Any]]


@contextmanager
def account(**paths: Callable[[dict[str, Any]], Any]) -> Iterator[tuple[FaultyServer, Client]]:
    """A platform that answers the named paths (slashes written as __) and has never heard of the others."""

    def behaviour(peer: Peer) -> bool:
        request = peer.read_request()
        path = request.line.split()[1].removeprefix("/api/v1.1/").replace("/", "__")
        told = paths[path](json.loads(request.body)) if path in paths else "<html>not found</html>"
        peer.send(http_answer(200 if path in paths else 404, told, keep=True))
        return True

    with FaultyServer(behaviour) as server, Client(server.url, TOKEN, allowed_hosts=[server.host]) as client:
        yield server, client


def listed(*rows: Any, following: Any = None) -> dict[str, Any]:
    return {"data": list(rows), "error": 0, "error_text": "", "next_from_id": following, "total_count": len(rows)}


def asked(server: FaultyServer) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in server.requests]


def test_lists_are_read_page_by_page_until_one_is_empty() -> None:
    pages = {
        1: listed(
            {"id": 1, "name": "Shop"}, {"id": 5, "name": "Club", "Groups": [{"Id": 1, "Name": "x"}]}, following=6
        ),
        6: listed({"Id": "9", "Name": None}, following=10),
        10: listed(following=10),
    }
    with account(databases__list__=lambda body: pages[body["from_id"]]) as (server, client):
        found = catalogue.fetch_databases(client)
    assert found == [CatalogueEntry(1, "Shop"), CatalogueEntry(5, "Club"), CatalogueEntry(9, "#9")]
    assert asked(server)[0] == {"token": TOKEN, "from_id": 1, "limit": 1000}
    assert [body["from_id"] for body in asked(server)] == [1, 6, 10]
    assert found[0].to_plain() == {"id": 1, "name": "Shop"}


def test_each_list_call_has_its_own_request_id() -> None:
    with account(segments__list__=lambda body: listed(following=None)) as (server, client):
        catalogue.fetch_segments(client)
        catalogue.fetch_segments(client)
    ids = [dict(request.headers)["Request-ID"] for request in server.requests]
    assert len(set(ids)) == 2


@pytest.mark.parametrize("following", [None, 0, 1, "x", -4, True])
def test_a_list_that_does_not_go_on_ends(following: Any) -> None:
    with account(resources__list=lambda body: listed({"id": 1, "name": "Site"}, following=following)) as (
        server,
        client,
    ):
        assert catalogue.fetch_resources(client) == [CatalogueEntry(1, "Site")]
    assert len(server.requests) == 1


def test_a_list_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MOST_PAGES", 3)

    def more(body: dict[str, Any]) -> dict[str, Any]:
        return listed({"id": 1, "name": "Site"}, following=body["from_id"] + 1)

    with account(resources__list=more) as (server, client):
        assert catalogue.fetch_resources(client) == [CatalogueEntry(1, "Site")]
    assert len(server.requests) == 3


@pytest.mark.parametrize("rows", [None, []])
def test_an_empty_account_is_no_fault(rows: Any) -> None:
    with account(databases__list__=lambda body: {"error": 0, "data": rows}) as (_, client):
        assert catalogue.fetch_databases(client) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html>Log in</html>", "not_json"),
        ({"error": 401, "error_text": "API token required"}, "token_refused"),
        ({"error": 400, "error_text": "Invalid request"}, "refused"),
        ({"error": 0, "data": "none"}, "shape_unknown"),
        ({"error": 0, "data": {"id": 1}}, "shape_unknown"),
        ({"error": 0, "data": [{"id": 1, "Id": 2}]}, "shape_unknown"),
    ],
)
def test_a_list_that_cannot_be_read_fails_with_its_reason(content: Any, reason: str) -> None:
    with account(databases__list__=lambda body: content) as (_, client), pytest.raises(CallFailed) as caught:
        catalogue.fetch_databases(client)
    assert caught.value.reason == reason
    assert reason in str(caught.value)


def test_resource_in_full() -> None:
    told = {"channels": ["email", "push"], "dbs_ids": [1, "3"], "id": 7, "name": "Site", "trk_domain": "t.example.com"}
    with account(resources__get=lambda body: {"error": 0, "data": told}) as (server, client):
        assert catalogue.fetch_resource(client, 7) == CatalogueResource(7, "Site", ("email", "push"), (1, 3))
    assert asked(server) == [{"token": TOKEN, "id": 7}]


def test_resource_without_its_id_has_an_unknown_shape() -> None:
    empty = account(resources__get=lambda body: {"error": 0, "data": []})
    with empty as (_, client), pytest.raises(CallFailed, match="shape_unknown"):
        catalogue.fetch_resource(client, 7)


SCENARIO = {"id": 12, "name": "Welcome", "list_id": 5, "is_active": True, "nodes": [{"name": "a", "type": "b"}]}
WELCOME = CatalogueScenario(12, "Welcome", 5, True)


def test_scenarios_are_asked_for_where_their_siblings_live() -> None:
    with account(workflows__list=lambda body: listed(SCENARIO)) as (_, client):
        assert catalogue.fetch_scenarios(client) == [WELCOME]


def test_scenarios_are_found_at_the_printed_address() -> None:
    with account(resources__list=lambda body: listed(SCENARIO, {"id": 1, "name": "Site"})) as (_, client):
        assert catalogue.fetch_scenarios(client) == [WELCOME]


def test_resources_are_not_taken_for_scenarios() -> None:
    resources = account(resources__list=lambda body: listed({"id": 1, "name": "Site"}))
    with resources as (_, client), pytest.raises(CallFailed) as caught:
        catalogue.fetch_scenarios(client)
    assert caught.value.reason == "address_wrong"


def test_scenarios_are_asked_for_once_when_the_token_is_refused() -> None:
    refusing = account(workflows__list=lambda body: {"error": 403})
    with refusing as (server, client), pytest.raises(CallFailed, match="access_refused"):
        catalogue.fetch_scenarios(client)
    assert len(server.requests) == 1


CITY = {"category": "system", "title": "City", "name": "_city", "required": False, "type": "unicode"}
TIER = {
    "Category": "custom",
    "Title": "Tier",
    "Name": "TIER",
    "Required": True,
    "Type": "Enum",
    "Dictionary": ["A", "B"],
}
FIELDS = [
    CatalogueField("_city", "City", "line", system=True),
    CatalogueField("TIER", "Tier", "enum", ("A", "B"), required=True),
]


@pytest.mark.parametrize(
    "told",
    [
        [CITY, TIER, {"title": "nameless"}, "junk"],
        {"_city": CITY, "TIER": TIER},
        {"system": [CITY], "custom": [TIER]},
    ],
    ids=["list", "by name", "by category"],
)
def test_fields_are_read_in_every_shape(told: Any) -> None:
    with account(databases__fields_get=lambda body: {"error": 0, "data": told}) as (server, client):
        assert catalogue.fetch_fields(client, 5) == FIELDS
    assert asked(server) == [{"token": TOKEN, "id": 5}]
    assert FIELDS[1].to_plain()["options"] == ["A", "B"]


def test_fields_are_asked_for_by_the_other_parameter_name_when_refused() -> None:
    def fields(body: dict[str, Any]) -> dict[str, Any]:
        return {"error": 0, "data": [CITY, TIER]} if "db_id" in body else {"error": 400}

    with account(databases__fields_get=fields) as (_, client):
        assert catalogue.fetch_fields(client, 5) == FIELDS


def test_fields_are_asked_for_once_when_the_platform_is_down() -> None:
    down = account(databases__fields_get=lambda body: {"error": 500})
    with down as (server, client), pytest.raises(CallFailed) as caught:
        catalogue.fetch_fields(client, 5)
    assert caught.value.reason == "server_error"
    assert len(server.requests) == 1
