"""What goes over the wire, when, and to whom. The judge is what the server received, not what the client says."""

import http.client
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from imports.altcraft import AnswerClass, BatchRequest, CallFailed, Client, InvalidRequest, NotAllowed, SingleRequest
from imports.altcraft import client as client_module
from tests.faulty_server import (
    FaultyServer,
    answers,
    closed_port,
    drops,
    full_listener,
    http_answer,
    never_reads,
    only_listens,
    refuses_early,
    resets,
    resets_in_the_body,
    says,
    takes_silently,
    then_hangs_up,
)
from tests.imports.altcraft.conftest import IMPORT, PROFILES, REQUEST_ID, TOKEN, accepted, post

K = AnswerClass
ClientTo = Callable[..., Client]

TAKEN = answers(200, accepted(), keep=True)


def test_the_request_has_exactly_these_bytes(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as server, client_to(server) as client:
        answer = post(client)
    (request,) = server.requests
    body = IMPORT.body(PROFILES, TOKEN)
    assert answer.kind is K.ANSWERED
    assert request.line == "POST /api/v1.1/profiles/import_batch HTTP/1.1"
    assert request.body == body
    assert request.headers == [
        ("Host", server.host),
        ("User-Agent", "altcraft-import-dashboard/1"),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("Content-Type", "application/json"),
        ("Request-ID", REQUEST_ID),
        ("X-Request-ID", REQUEST_ID),
        ("Content-Length", str(len(body))),
    ]


def test_a_repeat_has_the_same_bytes_even_after_a_cookie(client_to: ClientTo) -> None:
    cookie = answers(200, accepted(), {"Set-Cookie": "session=1; Path=/"}, keep=True)
    with FaultyServer(cookie) as server, client_to(server) as client:
        for fresh in (True, True, False):
            post(client, fresh=fresh)
    assert len({(request.head, request.body) for request in server.requests}) == 1


def test_bearer_puts_the_token_in_the_header_only(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as server, client_to(server, bearer=True) as client:
        post(client)
    assert dict(server.requests[0].headers)["Authorization"] == f"Bearer {TOKEN}"
    assert server.requests[0].body == IMPORT.body(PROFILES, None)


def test_an_ordinary_server_understands_it(httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request(
        "/api/v1.1/profiles/update_batch",
        method="POST",
        json={"token": TOKEN, "db_id": 7, "matching": "email", "skip_triggers": True, "data": [{}, {}]},
    ).respond_with_json(accepted(), headers={"X-Duplicate-Request": "true"})
    where = f"{httpserver.host}:{httpserver.port}"
    with Client(f"http://{where}", TOKEN, allowed_hosts=[where]) as client:
        answer = post(client, BatchRequest("update", 7), [b"{}", b"{}"])
    assert (answer.kind, answer.replayed, len(answer.rows or ())) == (K.ANSWERED, True, 2)


def test_one_profile_is_sent_as_a_single_call(client_to: ClientTo) -> None:
    taken = answers(200, {"error": 0, "error_text": "", "profile_id": "54759eb3"})
    with FaultyServer(taken) as server, client_to(server) as client:
        answer = post(client, SingleRequest("import", 1, match_value="a@example.com"), PROFILES[:1])
    assert answer.rows == ((0, "", "54759eb3"),)
    assert server.requests[0].line == "POST /api/v1.1/profiles/import HTTP/1.1"


# --- the permission to write ---


def test_permission_is_asked_after_connecting_and_before_the_first_byte(client_to: ClientTo) -> None:
    seen: list[tuple[bool, bytes]] = []
    with FaultyServer(TAKEN) as server, client_to(server) as client:

        def before_wire() -> bool:
            seen.append((server.connected.wait(60), bytes(server.connections[0].raw)))
            return True

        assert post(client, before_wire=before_wire).kind is K.ANSWERED
    assert seen == [(True, b"")]


def test_nothing_arrives_when_the_permission_is_refused(client_to: ClientTo) -> None:
    with FaultyServer(only_listens) as server, client_to(server) as client:
        answer = post(client, before_wire=lambda: False)
        assert server.wait_for_end() == b""
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "not_allowed_now")


def test_permission_is_asked_again_on_a_kept_connection(client_to: ClientTo) -> None:
    permissions = [True, False]
    with FaultyServer(TAKEN) as server, client_to(server) as client:
        post(client, before_wire=lambda: permissions.pop(0))
        refused = post(client, before_wire=lambda: permissions.pop(0))
        assert len(server.wait_for_end()) == len(server.requests[0].head) + 4 + len(server.requests[0].body)
    assert (permissions, refused.reason, len(server.requests)) == ([], "not_allowed_now", 1)


def test_what_the_permission_raises_is_raised_and_nothing_arrives(client_to: ClientTo) -> None:
    def before_wire() -> bool:
        raise LookupError("the database is gone")

    with FaultyServer(only_listens) as server, client_to(server) as client:
        with pytest.raises(LookupError) as caught:
            post(client, before_wire=before_wire)
        assert server.wait_for_end() == b""
    assert TOKEN not in told_by_frames(caught.value)


def test_permission_given_too_late_sends_nothing(client_to: ClientTo) -> None:
    with FaultyServer(only_listens) as server, client_to(server, deadline=0.2) as client:
        answer = post(client, before_wire=lambda: not threading.Event().wait(0.4))
        assert server.wait_for_end() == b""
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "deadline_before_sending")


def told_by_frames(error: BaseException) -> str:
    """What an error report would print: the local variables of every frame, as Django and Sentry show them."""
    told, trace = [str(error), repr(error)], error.__traceback__
    while trace:
        if "/tests/" not in trace.tb_frame.f_code.co_filename:
            told += [repr(value) for value in trace.tb_frame.f_locals.values()]
        trace = trace.tb_next
    chained = [error.__cause__, error.__context__]
    return "\n".join(told + [told_by_frames(other) for other in chained if other])


# --- not sent ---


def test_refused_connection_is_not_sent() -> None:
    where = f"127.0.0.1:{closed_port()}"
    with Client(f"http://{where}", TOKEN, allowed_hosts=[where]) as client:
        answer = post(client, before_wire=pytest.fail)
    assert (answer.kind, answer.reason, answer.http_status) == (K.NOT_SENT, "connection_refused", None)


def test_unknown_name_is_not_sent() -> None:
    def resolve(*_: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with Client("https://crm.example.com", TOKEN, allowed_hosts=["crm.example.com"], resolve=resolve) as client:
        answer = post(client, before_wire=pytest.fail)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "dns_failed")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [({"connect_timeout": 0.2}, "connect_timeout"), ({"deadline": 0.2}, "deadline_before_sending")],
)
def test_connection_that_is_not_taken_is_not_sent(limits: dict[str, float], reason: str) -> None:
    with full_listener() as port:
        where = f"127.0.0.1:{port}"
        with Client(f"http://{where}", TOKEN, allowed_hosts=[where], **limits) as client:  # type: ignore[arg-type]
            answer = post(client, before_wire=pytest.fail)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, reason)


def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    with FaultyServer(TAKEN) as server:

        def resolve(*_: object) -> Any:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port))]

        name = f"crm.example.com:{server.port}"
        with Client(f"https://{name}", TOKEN, allowed_hosts=[name], resolve=resolve) as client:
            answer = post(client, before_wire=pytest.fail)
        assert server.connections == []
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "address_not_allowed")


def test_the_next_address_is_tried_when_one_refuses(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as server:
        places = [("10.0.0.1", server.port), ("127.0.0.1", closed_port()), ("127.0.0.1", server.port)]

        def resolve(*_: object) -> Any:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in places]

        with client_to(server, resolve=resolve) as client:
            assert post(client).kind is K.ANSWERED


# --- connections that are kept ---


def test_connection_is_kept_unless_a_fresh_one_is_asked_for(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as server, client_to(server) as client:
        for fresh in (False, False, True, False):
            assert post(client, fresh=fresh).kind is K.ANSWERED
    assert [request.connection for request in server.requests] == [0, 0, 1, 1]


def test_connection_closed_while_idle_costs_nothing(client_to: ClientTo) -> None:
    with FaultyServer(then_hangs_up(TAKEN), TAKEN) as server, client_to(server) as client:
        post(client)
        server.wait_for_end(0)
        assert post(client).kind is K.ANSWERED
    assert [request.connection for request in server.requests] == [0, 1]


def test_connection_closed_at_the_last_moment_is_replaced_under_the_same_permission(client_to: ClientTo) -> None:
    asked: list[int] = []
    hang_up = threading.Event()

    def closes_when_told(peer: Any) -> None:
        TAKEN(peer)
        hang_up.wait(60)

    with FaultyServer(closes_when_told, TAKEN) as server, client_to(server) as client:
        post(client)

        def before_wire() -> bool:
            asked.append(1)
            hang_up.set()
            server.wait_for_end(0)
            return True

        assert post(client, before_wire=before_wire).kind is K.ANSWERED
    assert [request.connection for request in server.requests] == [0, 1]
    assert asked == [1]


def test_nothing_is_sent_when_the_platform_goes_away_after_the_permission(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as server, client_to(server) as client:
        post(client)

        def before_wire() -> bool:
            server.stop()
            return True

        answer = post(client, before_wire=before_wire)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "connection_refused")
    assert len(server.requests) == 1


def test_kept_connection_that_drops_after_the_request_is_no_answer(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN, drops, TAKEN) as server, client_to(server) as client:
        post(client)
        answer = post(client)
    assert (answer.kind, answer.reason) == (K.NO_ANSWER, "connection_closed")
    assert len(server.requests) == 2


def test_threads_share_one_client(client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as server, client_to(server) as client, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: post(client).kind, range(40)))
    assert found == [K.ANSWERED] * 40
    assert len(server.requests) == 40


# --- the other side misbehaves ---


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (drops, "connection_closed"),
        (resets, "connection_lost"),
        (says(b"SSH-2.0-OpenSSH_9.6\r\n"), "not_http"),
        (says(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n"), "not_http"),
        (says(http_answer(200, accepted())[:-9]), "answer_cut"),
        (says(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"err'), "answer_cut"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "answer_cut"),
        (answers(503, "<html>", {"Retry-After": "3"}), "server_error"),
    ],
)
def test_a_lost_answer_is_no_answer(behaviour: Any, reason: str, client_to: ClientTo) -> None:
    with FaultyServer(behaviour) as server, client_to(server) as client:
        answer = post(client)
    assert (answer.kind, answer.reason) == (K.NO_ANSWER, reason)
    assert len(server.requests) == 1


def test_a_chunked_answer_is_read(client_to: ClientTo) -> None:
    body = http_answer(200, accepted()).partition(b"\r\n\r\n")[2]
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    told = says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked)
    with FaultyServer(told) as server, client_to(server) as client:
        assert post(client).kind is K.ANSWERED


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, client_to: ClientTo) -> None:
    with FaultyServer(TAKEN) as other:
        there = answers(status, "x" * 1000, {"Location": other.url + "/api/v1.1/profiles/import_batch"})
        with FaultyServer(there) as server, client_to(server) as client:
            answer = post(client)
        assert other.connections == []
    assert (answer.kind, answer.reason, answer.http_status) == (K.REFUSED_ALL, "redirected", status)
    assert len(server.requests) == 1


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_packed_answer_is_refused(coding: str, client_to: ClientTo) -> None:
    bomb = answers(200, b"\x1f\x8b" + b"0" * 1000, {"Content-Encoding": coding})
    with FaultyServer(bomb) as server, client_to(server) as client:
        answer = post(client)
    assert (answer.kind, answer.reason) == (K.UNREADABLE, "answer_encoded")


def test_an_answer_without_end_is_cut_at_the_cap(client_to: ClientTo) -> None:
    endless = says(b"HTTP/1.1 200 OK\r\n\r\n", forever=b"x" * 65536)
    with FaultyServer(endless) as server, client_to(server, answer_cap=200_000) as client:
        answer = post(client)
    assert (answer.kind, answer.reason, len(answer.raw)) == (K.UNREADABLE, "answer_too_long", 65536)


def test_an_answer_is_no_longer_than_its_profiles_need(client_to: ClientTo) -> None:
    endless = says(b"HTTP/1.1 200 OK\r\n\r\n", forever=b"x" * 65536)
    with FaultyServer(endless) as server, client_to(server) as client:
        assert post(client).reason == "answer_too_long"


def test_an_answer_of_millions_of_objects_is_not_even_parsed(client_to: ClientTo) -> None:
    many = answers(200, b'{"error":0,"result":[' + b"{}," * 60_000 + b"{}]}")
    with FaultyServer(many) as server, client_to(server) as client:
        answer = post(client)
    assert (answer.kind, answer.reason) == (K.UNREADABLE, "answer_too_long")


def test_an_answer_as_long_as_the_cap_is_read(client_to: ClientTo) -> None:
    body = http_answer(200, accepted()).partition(b"\r\n\r\n")[2]
    for cap, kind in ((len(body), K.ANSWERED), (len(body) - 1, K.UNREADABLE)):
        with FaultyServer(TAKEN) as server, client_to(server, answer_cap=cap) as client:
            assert post(client).kind is kind


def test_an_early_refusal_of_a_large_body_is_heard_or_nothing_is(client_to: ClientTo) -> None:
    large = [b'{"_fname":"%s"}' % (b"x" * 3_000_000)]
    with FaultyServer(refuses_early(413, "<html>")) as server, client_to(server) as client:
        answer = post(client, profiles=large)
    assert answer.kind in (K.REFUSED_SIZE, K.NO_ANSWER)  # a reset may swallow the answer


TEN_MEGABYTES = [b'{"_fname":"%s"}' % (b"x" * 10_000_000)]


def test_a_reset_while_the_body_is_written_is_told_apart_from_one_after_it(client_to: ClientTo) -> None:
    with FaultyServer(resets_in_the_body) as server, client_to(server) as client:
        during = post(client, profiles=TEN_MEGABYTES)
    with FaultyServer(resets) as server, client_to(server) as client:
        after = post(client)
    assert (during.kind, during.reason) == (K.NO_ANSWER, "reset_while_writing")
    assert (after.kind, after.reason) == (K.NO_ANSWER, "connection_lost")


def test_a_name_server_that_hangs_does_not_outlive_the_deadline() -> None:
    never = threading.Event()

    def resolve(*_: object) -> Any:
        never.wait()
        return []

    name = "crm.example.com"
    with Client(f"https://{name}", TOKEN, allowed_hosts=[name], resolve=resolve, deadline=0.2) as client:
        answer = post(client, before_wire=pytest.fail)
    never.set()
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "deadline_before_sending")


@pytest.mark.parametrize(
    ("behaviour", "profiles"),
    [
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", forever=b" ", every=0.02), PROFILES),
        (says(b"HTTP/1.1 200 OK\r\n\r\n", forever=b" ", every=0.02), PROFILES),
        (says(b"HTTP/1.1 200 OK\r\nX-Slow: ", forever=b"x", every=0.02), PROFILES),
        (says(forever=b"HTTP/1.1 100 Continue\r\n\r\n", every=0.02), PROFILES),
        (takes_silently, PROFILES),
        (never_reads, TEN_MEGABYTES),
    ],
    ids=["dripping body", "dripping endless body", "dripping headers", "endless 100", "silence", "reads nothing"],
)
def test_a_call_ends_at_its_deadline(behaviour: Any, profiles: list[bytes], client_to: ClientTo) -> None:
    with FaultyServer(behaviour) as server, client_to(server, deadline=2) as client:  # it connects first
        answer = post(client, profiles=profiles)
    assert (answer.kind, answer.reason) == (K.NO_ANSWER, "deadline")


# --- nothing from outside, nothing to outside ---


def test_proxy_and_netrc_of_the_environment_are_not_used(
    client_to: ClientTo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password something\n")
    with FaultyServer(TAKEN) as proxy, FaultyServer(TAKEN) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        with client_to(server) as client:
            assert post(client).kind is K.ANSWERED
        assert proxy.connections == []
    assert "Authorization" not in dict(server.requests[0].headers)


@pytest.mark.parametrize("token", ["", "tok en", "tök", "tok\r\nX-Evil: 1", "x" * 600])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        Client("https://ru.altkraft.com", token, allowed_hosts=["ru.altkraft.com"])
    assert (caught.value.code, caught.value.params) == ("token_malformed", {})


def test_the_token_is_seen_nowhere(client_to: ClientTo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    echo = answers(400, {"error": 400, "error_text": f"token {TOKEN}", "error_debug": TOKEN})
    with FaultyServer(echo) as server, client_to(server) as client:
        answer = post(client)
        with pytest.raises(CallFailed) as failed:
            client.read("databases/list/", {})
        with pytest.raises(InvalidRequest) as invalid:
            post(client, BatchRequest("explode", 1))
        told = repr(client) + repr(vars(client)) + told_by_frames(failed.value) + told_by_frames(invalid.value)
    told += caplog.text + repr([getattr(answer, name) for name in answer.__slots__])
    assert TOKEN not in told
    assert "***" in answer.error_text


def test_the_token_is_not_printed_when_somebody_debugs_http(
    client_to: ClientTo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with FaultyServer(TAKEN) as server, client_to(server, bearer=True) as client:
        post(client)
    assert "send:" not in capsys.readouterr().out


def test_a_fault_of_ours_loses_no_answer(client_to: ClientTo, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(client_module, "classify", broken)
    with FaultyServer(TAKEN) as server, client_to(server) as client:
        answer = post(client)
    assert (answer.kind, answer.reason) == (K.UNREADABLE, "unexpected")
    assert b"Successful operation" in answer.raw
