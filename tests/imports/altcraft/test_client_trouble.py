"""The other side misbehaves: what was lost, cut, packed, endless or late is never taken for an answer."""

import threading
from typing import Any

import pytest

from imports.altcraft import Answer, AnswerClass, Client
from tests.faulty_server import (
    FaultyServer,
    answers,
    drops,
    http_answer,
    never_reads,
    refuses_early,
    resets,
    resets_in_the_body,
    says,
    takes_silently,
)
from tests.imports.altcraft.conftest import PROFILES, TAKEN, TOKEN, ClientTo, accepted, at_the_deadline, post

K = AnswerClass


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
    def ask(deadline: float) -> Answer:
        with FaultyServer(behaviour) as server, client_to(server, deadline=deadline) as client:
            return post(client, profiles=profiles)

    answer = at_the_deadline(ask)
    assert (answer.kind, answer.reason) == (K.NO_ANSWER, "deadline")
