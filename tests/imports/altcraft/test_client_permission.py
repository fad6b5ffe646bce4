"""The permission to write: asked once, between connecting and the first byte; and what ends before it is not sent."""

import socket
import threading
from typing import Any

import pytest

from imports.altcraft import AnswerClass, Client
from tests.faulty_server import (
    FaultyServer,
    closed_port,
    full_listener,
    only_listens,
)
from tests.imports.altcraft.conftest import TAKEN, TOKEN, ClientTo, post, told_by_frames

K = AnswerClass


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
