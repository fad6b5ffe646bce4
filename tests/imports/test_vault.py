"""What is stored is unreadable without its key, and only under its own name."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from imports.vault import CHUNK, NONCE, PIECE, TAG, Sealed, Vault, new_sealed_key, open_text, seal_text


@pytest.fixture
def vault() -> Iterator[Vault]:
    return Vault(f"jobs/test-{os.urandom(4).hex()}", new_sealed_key())


def test_what_is_put_comes_back_and_lies_encrypted(vault: Vault) -> None:
    vault.put("table/1", b"ivan@example.com")

    with default_storage.open(vault._path("table/1")) as file:
        stored = file.read()

    assert vault.get("table/1") == b"ivan@example.com"
    assert b"ivan" not in stored


def test_an_object_moved_to_another_name_is_not_opened(vault: Vault) -> None:
    with pytest.raises(Sealed):
        vault.unseal(vault.seal(b"x", "outcomes/1"), "outcomes/2")


def test_another_job_s_key_opens_nothing(vault: Vault) -> None:
    with pytest.raises(Sealed):
        Vault("jobs/other", new_sealed_key()).unseal(vault.seal(b"x", "a"), "a")


@pytest.mark.parametrize("size", [0, 1, *range(PIECE - NONCE - TAG - 2, PIECE + 3), 2 * PIECE - NONCE - 1, 5 * PIECE])
def test_an_object_of_any_length_comes_back(vault: Vault, size: int) -> None:
    content = os.urandom(size)

    vault.put("a", content)

    assert vault.get("a") == content


@pytest.mark.parametrize("size", [0, PIECE, 3 * PIECE])
@pytest.mark.parametrize("place", [0, NONCE, -1, -TAG])
def test_an_object_that_was_changed_anywhere_is_not_opened(vault: Vault, size: int, place: int) -> None:
    changed = bytearray(vault.seal(bytes(size), "a"))
    changed[place] ^= 1
    default_storage.save(vault._path("a"), ContentFile(bytes(changed)))

    with pytest.raises(Sealed, match="changed or belongs elsewhere"):
        vault.get("a")


@pytest.mark.parametrize("size", [0, 5, NONCE, NONCE + 5, NONCE + TAG - 1, PIECE, PIECE + 5, 2 * PIECE])
def test_an_object_cut_short_is_not_opened(vault: Vault, size: int) -> None:
    whole = vault.seal(bytes(3 * PIECE), "a")
    default_storage.save(vault._path("a"), ContentFile(whole[:size]))

    with pytest.raises(Sealed, match="changed or belongs elsewhere"):
        vault.get("a")


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_a_stream_of_any_length_comes_back_with_its_hash(vault: Vault, size: int) -> None:
    content = os.urandom(size)
    pieces = [content[at : at + 70_001] for at in range(0, size, 70_001)]

    told = vault.put_stream("source", pieces)

    assert told == (size, hashlib.sha256(content).hexdigest())
    with vault.open_stream("source") as plain:
        assert plain.read() == content
    assert vault.head("source", 10) == content[:10]


def test_an_object_written_again_replaces_the_first(vault: Vault) -> None:
    vault.put("a", b"first")
    vault.put("a", b"second")

    assert vault.get("a") == b"second"


def test_a_token_is_sealed_and_opened_with_the_deployment_s_keys() -> None:
    sealed = seal_text("token")

    assert "token" not in sealed
    assert open_text(sealed) == "token"
    with pytest.raises(Sealed, match="FIELD_KEYS"):
        open_text(sealed[:-4] + "AAAA")


@pytest.mark.parametrize("parts", [[], [b""], [b"head", b"one", b"two" * 900], [bytes([n]) for n in range(250)]])
def test_parts_come_back_together_and_one_by_one(vault: Vault, parts: list[bytes]) -> None:
    vault.put_parts("table/1", parts)

    assert vault.parts("table/1") == parts
    assert [vault.part("table/1", place) for place in range(len(parts))] == parts
    with pytest.raises(Sealed):
        vault.part("table/1", len(parts))


def test_what_was_put_whole_is_its_only_part(vault: Vault) -> None:
    vault.put("table/1", b"x" * 5_000)

    assert vault.parts("table/1") == [b"x" * 5_000]
    assert vault.part("table/1", 0) == b"x" * 5_000


def test_parts_that_change_places_or_are_cut_off_are_not_opened(vault: Vault) -> None:
    vault.put_parts("table/1", [b"first", b"other"])
    path = default_storage.path(vault._path("table/1"))
    stored = Path(path).read_bytes()
    size = len(b"first") + 28
    Path(path).write_bytes(stored[: -2 * size] + stored[-size:] + stored[-2 * size : -size])
    with pytest.raises(Sealed):
        vault.part("table/1", 0)
    Path(path).write_bytes(stored[:-size])
    with pytest.raises(Sealed):
        vault.parts("table/1")


def test_too_many_parts_are_refused_before_anything_is_stored(vault: Vault) -> None:
    with pytest.raises(ValueError, match="too many"):
        vault.put_parts("table/1", [b""] * 251)
    assert not default_storage.exists(vault._path("table/1"))
