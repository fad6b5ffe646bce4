"""Nothing from outside, nothing to outside: no proxy, no netrc, and the token is seen nowhere."""

import http.client
from pathlib import Path
from typing import Any

import pytest

from imports.altcraft import AnswerClass, BatchRequest, CallFailed, Client, InvalidRequest, NotAllowed
from imports.altcraft import client as client_module
from tests.faulty_server import (
    FaultyServer,
    answers,
)
from tests.imports.altcraft.conftest import (
    TAKEN,
    TOKEN,
    ClientTo,
    post,
    told_by_frames,
)

K = AnswerClass


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
