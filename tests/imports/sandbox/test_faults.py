"""Everything that can be made to go wrong, seen from the other end of the wire."""

import gzip
import json
import socket
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from typing import Any

import orjson
import pytest

from imports.sandbox import SandboxServer
from imports.sandbox.settings import UnknownOption

from .conftest import Caller

PATH = "profiles/import_batch"
PEOPLE = [{"email": f"person{number}@example.com"} for number in range(6)]


def control(api: Caller, **options: Any) -> dict[str, Any]:
    return api.post("/sandbox/control", options)


def send(api: Caller, people: Any = PEOPLE) -> dict[str, Any]:
    return api(PATH, db_id=1, matching="email", data=people)


def applied(api: Caller) -> int:
    return sum(api.sandbox.platform.applied.values())


def send_raw(api: Caller) -> Any:
    """The answer as http.client reads it, before its body is read."""
    body = json.dumps({"token": api.sandbox.token, "db_id": 1, "data": PEOPLE})
    api.link.request("POST", f"/api/v1.1/{PATH}", body)
    return api.link.getresponse()


def test_outer_error_is_answered_without_applying(api: Caller) -> None:
    control(api, error=402, error_text="Tariff limit reached")
    assert send(api) == {"error": 402, "error_text": "Tariff limit reached"}
    assert (api.last.status, applied(api)) == (200, 0)


def test_errors_can_be_http_errors_too(api: Caller) -> None:
    control(api, http_errors=True)
    assert (api(PATH, db_id=2, data=[])["error"], api.last.status) == (404, 404)
    assert (api("profiles/import", db_id=1, email="x", data={"email": "x"})["error"], api.last.status) == (1010, 400)


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 6)])
def test_status_comes_before_applying_or_after(api: Caller, when: str, count: int) -> None:
    control(api, status=503, retry_after="7", when=when)
    answer = send_raw(api)
    page = answer.read()
    assert (answer.status, answer.headers["Retry-After"], applied(api)) == (503, "7", count)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"503 Service Unavailable" in page


def test_status_can_carry_json_or_nothing(api: Caller) -> None:
    control(api, status=429, retry_after="soon")
    assert send(api)["error"] == 429
    assert api.last.headers["Retry-After"] == "soon"
    control(api, body="empty", retry_after="date:30")
    answer = send_raw(api)
    assert answer.read() == b""
    assert parsedate_to_datetime(answer.headers["Retry-After"]) > parsedate_to_datetime(answer.headers["Date"])


def test_login_page_comes_with_200(api: Caller) -> None:
    control(api, login_page=True)
    answer = send_raw(api)
    assert (answer.status, b"<form" in answer.read()) == (200, True)


@pytest.mark.parametrize(("given", "status"), [({}, 307), ({"status": 301}, 301)])
def test_redirect_names_the_other_address(api: Caller, given: dict[str, Any], status: int) -> None:
    control(api, redirect="http://other.example.com/", **given)
    answer = send_raw(api)
    answer.read()
    assert (answer.status, answer.headers["Location"]) == (status, "http://other.example.com/")


def test_every_so_many_profiles_fail(api: Caller) -> None:
    control(api, fail_every=3, fail_code=1013, fail_text="trouble {n}")
    rows = send(api)["result"]
    assert [row["error"] for row in rows] == [0, 0, 1013, 0, 0, 1013]
    assert [rows[2]["error_text"], rows[5]["error_text"]] == ["trouble 1", "trouble 2"]
    assert applied(api) == 4


def test_poisoned_batch_is_refused_whole(api: Caller) -> None:
    control(api, poison="person4@")
    assert send(api)["error"] == 400
    assert send(api, PEOPLE[:4])["error"] == 0


def test_profile_limit_is_answered_like_a_large_body(api: Caller) -> None:
    control(api, profile_limit=5)
    assert send(api)["error_debug"] == "http: request body too large"
    assert len(send(api, PEOPLE[:5])["result"]) == 5


@pytest.mark.parametrize(("drop", "count"), [("before", 0), ("after", 6)])
@pytest.mark.parametrize(("reset", "seen"), [(False, RemoteDisconnected), (True, ConnectionResetError)])
def test_connection_ends_without_an_answer(
    api: Caller, drop: str, count: int, reset: bool, seen: type[Exception]
) -> None:
    control(api, drop=drop, reset=reset)
    with pytest.raises(seen):
        send(api)
    assert applied(api) == count
    (delivery,) = api.sandbox.platform.deliveries
    assert (delivery.profiles, delivery.applied) == (6, bool(count))


def test_body_can_be_left_unread(api: Caller) -> None:
    control(api, drop="before", unread=True, reset=True)
    with pytest.raises(ConnectionError):
        send(api)
    assert api.sandbox.platform.deliveries == []


@pytest.mark.parametrize("damage", ["half", "wrong_length"])
def test_answer_ends_early(api: Caller, damage: str) -> None:
    control(api, answer=damage)
    answer = send_raw(api)
    with pytest.raises(IncompleteRead):
        answer.read()
    assert applied(api) == 6


@pytest.mark.parametrize("damage", ["bad_utf8", "nan", "deep"])
def test_answer_is_no_json(api: Caller, damage: str) -> None:
    control(api, answer=damage)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(send_raw(api).read())


def test_answer_has_a_key_twice(api: Caller) -> None:
    control(api, answer="duplicate_keys")
    assert send_raw(api).read().startswith(b'{"error":400,"error":0,')


def test_answer_is_packed_though_nobody_asked(api: Caller) -> None:
    control(api, answer="gzip")
    answer = send_raw(api)
    packed = answer.read()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(packed)) > 100 * len(packed)


def test_answer_is_huge(api: Caller) -> None:
    control(api, huge=3_000_000)
    assert len(send_raw(api).read()) > 3_000_000


@pytest.mark.parametrize(
    ("result", "seen"),
    [("short", 5), ("long", 7), ("missing", None), ("null", None), ("reordered", 6), ("wrong_types", 6)],
)
def test_result_does_not_fit(api: Caller, result: str, seen: int | None) -> None:
    control(api, result=result)
    answered = send(api)
    assert answered["error"] == 0
    assert ("result" in answered) == (result != "missing")
    assert seen == (len(answered["result"]) if answered.get("result") else None)
    assert applied(api) == 6


def test_reordered_result_has_the_same_ids(api: Caller) -> None:
    straight = [row["profile_id"] for row in send(api)["result"]]
    control(api, result="reordered")
    assert [row["profile_id"] for row in send(api)["result"]] == straight[::-1]


@pytest.mark.parametrize("part", ["body", "headers"])
def test_answer_drips_and_arrives(api: Caller, part: str) -> None:
    control(api, drip=0.00001, drip_part=part)
    assert send(api, PEOPLE[:1])["error"] == 0


def test_continue_never_ends_until_the_sandbox_does(sandbox: SandboxServer, api: Caller) -> None:
    control(api, drip=0.001, drip_part="continue")
    body = json.dumps({"token": sandbox.token, "db_id": 1, "data": []}).encode()
    with socket.create_connection((api.link.host, int(api.link.port)), timeout=120) as link:
        link.sendall(b"POST /api/v1.1/%s HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (PATH.encode(), len(body), body))
        seen = b""
        while seen.count(b"100 Continue") < 3:
            seen += link.recv(4096)
    assert b"200" not in seen


def test_fault_meets_only_the_calls_chosen(api: Caller) -> None:
    control(api, error=500, path="import_batch", skip=1, times=2)
    assert api("databases/list")["error"] == 0
    assert [send(api)["error"] for _ in range(5)] == [0, 500, 500, 0, 0]
    state = api.post("/sandbox/control", {})
    assert (state["calls_met"], state["calls_harmed"]) == (5, 2)


def test_options_are_merged_and_cleared(api: Caller) -> None:
    control(api, error=500, deduplication="off")
    assert control(api, error_text="Oops")["faults"]["error"] == 500
    state = control(api, reset=True, fail_every=2)
    assert (state["faults"]["error"], state["faults"]["fail_every"], state["settings"]["deduplication"]) == (0, 2, "on")


def test_everybody_can_be_forgotten(api: Caller) -> None:
    send(api)
    state = control(api, forget=True)
    assert (state["profiles"], state["deliveries"]) == ({"1": 0, "5": 0}, 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"latncy": 1}, "latncy is not an option; there are: path, "),
        ({"latency": "1"}, "latency wants a value of type float"),
        ({"times": 1.5}, "times wants a value of type int"),
        ({"drop": "sometimes"}, "drop is one of: , before, after"),
        ({"skip": -1}, "skip cannot be negative"),
        ([], "a JSON object is expected"),
    ],
)
def test_wrong_option_is_told_and_changes_nothing(api: Caller, given: Any, said: str) -> None:
    assert said in api.post("/sandbox/control", given)["error"]
    assert api.last.status == 400
    assert api.sandbox.desk.faults.latency == 0


def test_options_can_be_given_at_the_start() -> None:
    with SandboxServer(error=402, times=1, http_errors=True) as sandbox:
        caller = Caller(sandbox)
        assert [send(caller)["error"] for _ in range(2)] == [402, 0]
        caller.link.close()
    with pytest.raises(UnknownOption):
        SandboxServer(latncy=1)


def test_waiting_call_ends_when_the_sandbox_stops() -> None:
    sandbox = SandboxServer(latency=3600.0).start()
    host, port = sandbox.url.removeprefix("http://").split(":")
    link = HTTPConnection(host, int(port), timeout=120)
    link.request("POST", f"/api/v1.1/{PATH}", "{}")
    while not sandbox.platform.most_at_once:
        pass
    sandbox.stop()
    with pytest.raises(ConnectionError):
        link.getresponse()
    link.close()
