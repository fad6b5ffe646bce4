"""Shared storage over HTTP: what vaults ask of it, how little is read, and what is said when it fails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from imports import vault as vaults
from imports.actions import attachments
from imports.storage import StorageAway, StorageRefused, ranges, shared
from imports.vault import CHUNK, SEALED_CHUNK, Vault, new_sealed_key
from tests.faulty_server import ENDLESS, FaultyServer, Peer, http_answer
from tests.s3 import s3_server, storage_at


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with s3_server() as server:
        yield server.place


@pytest.fixture
def storage(place: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The storage of vaults and of the shelf, for the length of a test."""
    found = storage_at(place, location=f"{timezone.now().timestamp()}")
    monkeypatch.setattr(vaults, "default_storage", found)
    monkeypatch.setattr(attachments, "default_storage", found)
    return found


@pytest.fixture
def vault(storage: Any) -> Vault:
    return Vault("jobs/one", new_sealed_key())


@pytest.fixture
def asked(storage: Any) -> list[str]:
    """The ranges that were read from now on; "" for a whole object."""
    found: list[str] = []
    events = storage.connection.meta.client.meta.events
    events.register("before-send.s3.GetObject", lambda request, **_: found.append(_text(request.headers.get("Range"))))
    return found


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


def test_what_was_put_is_got_and_putting_again_replaces_it(vault: Vault) -> None:
    vault.put("table/1/00000", b"first")
    vault.put("table/1/00000", b"second")

    assert vault.get("table/1/00000") == b"second"


def test_an_object_is_sealed_before_it_leaves(storage: Any, vault: Vault) -> None:
    vault.put("table/1/00000", b"kamila@example.com")

    assert b"kamila" not in storage.open("jobs/one/table/1/00000").read()


def test_an_object_is_got_with_one_request(vault: Vault, asked: list[str]) -> None:
    content = bytes(range(256)) * 2_000
    vault.put("prepared/1", content)

    assert vault.get("prepared/1") == content
    assert asked == [""]


def test_a_missing_object_is_a_missing_file(storage: Any, vault: Vault) -> None:
    with pytest.raises(FileNotFoundError):
        vault.get("table/1/00001")
    with pytest.raises(FileNotFoundError):
        storage.size("nothing")
    assert not storage.exists("nothing")
    vault.delete("table/1/00001")  # what is not there need not be removed


def test_an_empty_object_is_empty(storage: Any) -> None:
    storage.save("empty", ContentFile(b""))

    assert storage.open("empty").read() == b""
    assert storage.open("empty").read(100) == b""


def test_a_long_stream_comes_back_with_its_size(vault: Vault) -> None:
    text = bytes(range(256)) * (CHUNK // 64)  # 4 MiB and some pieces

    size, _ = vault.put_stream("source", [text, b"end"])

    with vault.open_stream("source") as stream:
        assert stream.read() == text + b"end"
    assert size == len(text) + 3


def test_the_head_of_a_file_costs_its_head(vault: Vault, asked: list[str]) -> None:
    vault.put_stream("source", [b"x" * (5 * CHUNK)])

    assert vault.head("source", 10) == b"x" * 10
    assert asked == [f"bytes=0-{SEALED_CHUNK - 1}"]


def test_whoever_reads_on_is_given_more_at_once(
    vault: Vault, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "AHEAD", 4 * SEALED_CHUNK)
    vault.put_stream("source", [b"x" * (8 * CHUNK)])

    vault.open_stream("source").close()

    assert [span.partition("=")[2] for span in asked] == [
        f"0-{SEALED_CHUNK - 1}",
        f"{SEALED_CHUNK}-{5 * SEALED_CHUNK - 1}",
        f"{5 * SEALED_CHUNK}-{9 * SEALED_CHUNK - 1}",
    ]


def test_any_place_can_be_read(storage: Any) -> None:
    storage.save("digits", ContentFile(b"0123456789"))
    with storage.open("digits") as stored:
        assert (stored.read(3), stored.read(2)) == (b"012", b"34")
        stored.seek(1)
        assert (stored.read(2), stored.tell()) == (b"12", 3)
        stored.seek(7)
        assert (stored.read(), stored.read(), stored.read(1)) == (b"789", b"", b"")
        stored.seek(12)
        assert stored.read(5) == b""


def test_an_object_replaced_while_it_is_read_is_not_mixed(storage: Any) -> None:
    storage.save("digits", ContentFile(b"0123456789"))
    with storage.open("digits") as stored:
        stored.read(3)
        storage.save("digits", ContentFile(b"abcdefghij"))
        with pytest.raises(StorageAway, match="412"):
            stored.read(3)


def test_the_shelf_is_cleared_by_its_hours(storage: Any) -> None:
    attachments.clear_shelf()  # of nothing
    old, new = (f"{timezone.now() - timedelta(hours=hours):%Y%m%d%H}" for hours in (30, 1))
    for hour in (old, new):
        storage.save(f"shelf/{hour}/file", ContentFile(b"x"))

    attachments.clear_shelf()

    assert storage.listdir("shelf") == ([new], [])


def test_no_object_has_an_address(storage: Any) -> None:
    with pytest.raises(NotImplementedError):
        storage.url("jobs/one/source")


def test_it_is_only_read_and_written_whole(storage: Any) -> None:
    with pytest.raises(ValueError, match="written whole"):
        storage.open("digits", "wb")


# --- failing ---


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """One try each, so that failing is quick."""
    monkeypatch.setattr(shared, "TRIES", 1)
    monkeypatch.setattr(ranges, "TRIES", 1)


def says(status: int, code: str) -> Any:
    def play(peer: Peer) -> None:
        peer.read_request()
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>"
        peer.send(http_answer(status, body, {"Content-Type": "application/xml"}))

    return play


def is_silent(peer: Peer) -> None:
    peer.read_request()
    peer.pause(ENDLESS)


def all_ways(storage: Any) -> list[Any]:
    return [
        lambda: storage.open("one").read(),
        lambda: storage.save("one", ContentFile(b"x")),
        lambda: storage.delete("one"),
        lambda: storage.listdir("one"),
    ]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (500, "InternalError", StorageAway),
        (503, "SlowDown", StorageAway),
        (429, "TooManyRequests", StorageAway),
        (403, "SignatureDoesNotMatch", StorageRefused),
        (404, "NoSuchBucket", StorageRefused),
    ],
)
def test_what_it_says_is_told_as_trouble_or_as_refusal(status: int, code: str, error: type[OSError]) -> None:
    with FaultyServer(says(status, code)) as server:
        reads, writes, deletes, lists = all_ways(storage_at(server.url.partition("//")[2]))
        for way in (reads, writes, lists, *([deletes] if status != 404 else [])):  # what is nowhere need not go
            with pytest.raises(error, match=f"{status} {code}") as found:
                way()
            assert "secret" not in str(found.value)


@pytest.mark.usefixtures("hasty")
def test_silence_ends_and_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "READ_SECONDS", 0.3)
    with FaultyServer(is_silent) as server, pytest.raises(StorageAway, match="does not answer"):
        storage_at(server.url.partition("//")[2]).open("one").read()


@pytest.mark.usefixtures("hasty")
def test_nobody_there_is_trouble() -> None:
    with FaultyServer(is_silent) as server:
        place = server.url.partition("//")[2]
    for way in all_ways(storage_at(place)):
        with pytest.raises(StorageAway):
            way()


def gives_one_byte(peer: Peer) -> None:
    peer.read_request()
    peer.send(http_answer(200, b"x", {"ETag": '"one"'}))


def breaks_off(peer: Peer) -> None:
    peer.read_request()
    peer.send(b'HTTP/1.1 200 OK\r\nETag: "one"\r\nContent-Length: 9\r\n\r\nx')
    peer.reset()


def test_a_moment_of_trouble_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)

    with FaultyServer(says(500, "InternalError"), says(503, "SlowDown"), breaks_off, gives_one_byte) as server:
        assert storage_at(server.url.partition("//")[2]).open("one").read() == b"x"

    assert len(server.requests) == 4
