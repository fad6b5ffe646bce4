"""What goes over the wire, and to whom. The judge is what the server received, not what the client says."""

from pytest_httpserver import HTTPServer

from imports.altcraft import AnswerClass, BatchRequest, Client, SingleRequest
from tests.faulty_server import (
    FaultyServer,
    answers,
)
from tests.imports.altcraft.conftest import IMPORT, PROFILES, REQUEST_ID, TAKEN, TOKEN, ClientTo, accepted, post

K = AnswerClass


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
