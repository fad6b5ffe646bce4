"""HTTP: addresses, tokens, kept-alive connections, the pages a person sees, the delivery log."""

import hashlib
import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from imports.sandbox import SandboxServer

from .conftest import Caller

LIST = "/api/v1.1/databases/list"


def test_token_may_stand_in_the_body_the_header_or_the_address(api: Caller) -> None:
    token = api.sandbox.token
    assert api.post(LIST, {"token": token})["error"] == 0
    assert api.post(LIST, {}, {"Authorization": f"Bearer {token}"})["error"] == 0
    assert api.post(f"{LIST}?token={token}&format=json", {})["error"] == 0


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": None}])
def test_missing_token_is_told(api: Caller, body: dict[str, object]) -> None:
    assert api.post(LIST, body) == {"error": 401, "error_text": "API token required"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"token": "x"}, {}), ({"token": 5}, {}), ({}, {"Authorization": "Bearer x"}), ({"token": "токен"}, {})],
)
def test_wrong_token_is_refused(api: Caller, body: dict[str, object], headers: dict[str, str]) -> None:
    assert api.post(LIST, body, headers)["error"] == 403


def test_unknown_method_is_not_found(api: Caller) -> None:
    assert api("profiles/import_all")["error"] == 404
    assert api.last.status == 404


def test_get_is_not_allowed_on_the_api(api: Caller) -> None:
    api.link.request("GET", LIST)
    assert (api.read()["error"], api.last.status, api.last.headers["Allow"]) == (405, 405, "POST")


def test_connection_is_kept(api: Caller) -> None:
    api("databases/list")
    before = api.link.sock
    api("profiles/import_batch", db_id=1, data=[{"email": "x" * 100_000}])
    assert api.link.sock is before


def test_body_over_the_limit_is_read_to_its_end(api: Caller) -> None:
    api.post("/sandbox/control", {"body_limit": 1000})
    body = json.dumps({"token": api.sandbox.token, "db_id": 1, "data": [{"notes": "x" * 5_000_000}]}).encode()
    for _ in range(2):
        assert api.post("/api/v1.1/profiles/import_batch", body)["error"] == 400
    assert [each.sha256 for each in api.sandbox.platform.deliveries] == [hashlib.sha256(body).hexdigest()] * 2


def test_request_without_a_length_is_refused(api: Caller) -> None:
    with socket.create_connection((api.link.host, int(api.link.port)), timeout=120) as link:
        link.sendall(f"POST {LIST} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode())
        assert link.recv(4096).startswith(b"HTTP/1.1 411 ")


def test_idle_connection_is_closed(sandbox: SandboxServer, api: Caller) -> None:
    api.post("/sandbox/control", {"idle_seconds": 0.01})
    with socket.create_connection((api.link.host, int(api.link.port)), timeout=120) as link:
        assert link.recv(10) == b""


def test_delivery_log_tells_each_request_with_profiles(api: Caller) -> None:
    api("databases/list")
    body = json.dumps({"token": api.sandbox.token, "db_id": 1, "data": [{"email": "a@example.com"}, {}]}).encode()
    api.post("/api/v1.1/profiles/import_batch", body, {"Request-ID": "r-1"})
    api("profiles/import_batch", db_id=2, data=[{}])
    good, refused = api.sandbox.platform.deliveries
    assert (good.path, good.request_id, good.profiles, good.applied) == (
        "/api/v1.1/profiles/import_batch",
        "r-1",
        2,
        True,
    )
    assert good.sha256 == hashlib.sha256(body).hexdigest()
    assert (refused.profiles, refused.applied) == (1, False)


def test_calls_at_once_lose_nobody(sandbox: SandboxServer) -> None:
    def send(number: int) -> list[int]:
        caller = Caller(sandbox)
        people = [{"email": f"p{number}-{each}@example.com", "phones": [f"+7900{each:07}"]} for each in range(50)]
        codes = caller.codes(people)
        caller.link.close()
        return codes

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(16))) == [[0] * 50] * 16
    assert len(sandbox.platform.people[1].texts) == len(set(sandbox.platform.applied)) == 800
    assert len(sandbox.platform.find("+79000000000")) == 16


def test_start_page_tells_how_to_use_it(api: Caller) -> None:
    api.link.request("GET", "/")
    page = api.link.getresponse().read().decode()
    for told in (api.sandbox.url, api.sandbox.token, "Покупатели", "Акции", "Welcome", "/sandbox/control"):
        assert told in page


def test_profiles_can_be_looked_at(api: Caller) -> None:
    api.codes([{"email": f"p{number}@example.com"} for number in range(3)])
    api.link.request("GET", "/sandbox/profiles?db_id=1&limit=2&offset=1")
    told = api.read()
    assert [each["email"] for each in told["profiles"]] == ["p1@example.com", "p2@example.com"]
    assert (told["count"], told["profiles"][0]["times_applied"]) == (3, 1)


@pytest.mark.parametrize(("query", "status"), [("db_id=2", 404), ("db_id=x", 400), ("limit=-1", 400)])
def test_wrong_question_for_profiles(api: Caller, query: str, status: int) -> None:
    api.link.request("GET", f"/sandbox/profiles?{query}")
    api.read()
    assert api.last.status == status


def test_state_holds_no_person_and_no_token(api: Caller) -> None:
    api.codes([{"email": "anna@example.com"}])
    api.link.request("GET", "/sandbox/state")
    state = api.read()
    assert state["profiles"] == {"1": 1, "5": 0}
    assert b"anna" not in api.raw
    assert api.sandbox.token.encode() not in api.raw


def test_access_log_holds_no_person_and_no_token() -> None:
    lines: list[str] = []
    with SandboxServer(access_log=lines.append) as sandbox:
        caller = Caller(sandbox)
        caller.post(f"/api/v1.1/profiles/import?token={sandbox.token}", {"db_id": 1, "email": "anna@example.com"})
        caller.link.close()
    assert [line.split()[:2] for line in lines] == [["/api/v1.1/profiles/import", "200"]]


def test_stop_can_be_called_twice_and_before_start() -> None:
    sandbox = SandboxServer()
    sandbox.stop()
    sandbox.stop()


def test_whole_delivery_log_can_be_read(api: Caller) -> None:
    for number in range(25):  # more than the state page shows
        api("profiles/import_batch", db_id=1, data=[{"email": f"n{number}@example.com"}])

    api.link.request("GET", "/sandbox/deliveries")
    found = api.read()["deliveries"]
    assert len(found) == 25
    assert all(delivery["applied"] and len(delivery["sha256"]) == 64 for delivery in found)
