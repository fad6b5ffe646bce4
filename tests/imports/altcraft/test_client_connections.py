"""Connections that are kept: reused, replaced when the platform closed them, never a cause to send twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from imports.altcraft import AnswerClass
from tests.faulty_server import (
    FaultyServer,
    drops,
    then_hangs_up,
)
from tests.imports.altcraft.conftest import TAKEN, ClientTo, post

K = AnswerClass


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
