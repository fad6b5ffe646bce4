"""Private storage of one job: every object is encrypted with the job's own key, so that destroying the key is enough.

Source file, canonical table, prepared profiles and raw answers live here; the database keeps counts and codes.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

NONCE = 12
CHUNK = 1 << 20
SEALED_CHUNK = CHUNK + NONCE + 16


class Sealed(Exception):
    """What was stored cannot be opened: the key was destroyed or replaced, or the bytes were changed."""


def field_cipher() -> MultiFernet:
    """The deployment's keys (FIELD_KEYS, newest first): they seal tokens and the keys of jobs."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def seal_text(text: str) -> str:
    return field_cipher().encrypt(text.encode()).decode()


def open_text(sealed: str) -> str:
    """Raise Sealed when none of FIELD_KEYS opens it."""
    try:
        return field_cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Sealed("None of the keys in FIELD_KEYS opens this value; put the key it was sealed with back.") from None


def new_sealed_key() -> str:
    """A fresh 256-bit key for one job, sealed with FIELD_KEYS."""
    return field_cipher().encrypt(AESGCM.generate_key(bit_length=256)).decode()


class Vault:
    """The objects of one job, addressed by short names such as "table/2/00007"."""

    def __init__(self, folder: str, sealed_key: str) -> None:
        try:
            self._cipher = AESGCM(field_cipher().decrypt(sealed_key.encode()))
        except InvalidToken:
            raise Sealed(
                "None of the keys in FIELD_KEYS opens this job; put the key it was sealed with back."
            ) from None
        self._folder = folder

    def seal(self, plain: bytes, name: str) -> bytes:
        """Bytes that only this job's key opens, and only under the same name."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def unseal(self, sealed: bytes, name: str) -> bytes:
        """Raise Sealed when the bytes are not what was sealed under this name."""
        try:
            return self._cipher.decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), name.encode())
        except InvalidTag:
            raise Sealed(f"The stored object {name} was changed or belongs elsewhere.") from None

    def put(self, name: str, plain: bytes) -> None:
        self._store(name, ContentFile(self.seal(plain, name)))

    def get(self, name: str) -> bytes:
        """Raise FileNotFoundError when there is no such object, Sealed when it cannot be opened."""
        with default_storage.open(self._path(name), "rb") as stored:
            return self.unseal(stored.read(), name)

    def put_stream(self, name: str, chunks: Iterable[bytes]) -> tuple[int, str]:
        """Store a stream of any length piece by piece; return its size in bytes and its sha256 in hex."""
        digest, size = hashlib.sha256(), 0
        with tempfile.TemporaryFile() as spool:
            for number, piece in enumerate(_even(chunks)):
                digest.update(piece)
                size += len(piece)
                spool.write(self.seal(piece, f"{name}#{number}"))
            spool.seek(0)
            self._store(name, spool)
        return size, digest.hexdigest()

    def open_stream(self, name: str) -> BinaryIO:
        """The plain bytes in an unlinked temporary file, at its start; the caller closes it."""
        plain = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
        with default_storage.open(self._path(name), "rb") as stored:
            number = 0
            while piece := stored.read(SEALED_CHUNK):
                plain.write(self.unseal(piece, f"{name}#{number}"))
                number += 1
        plain.flush()
        plain.seek(0)
        return plain

    def head(self, name: str, size: int = CHUNK) -> bytes:
        """The first bytes of a stream, at most one piece of 1 MiB."""
        with default_storage.open(self._path(name), "rb") as stored:
            piece = stored.read(SEALED_CHUNK)
        return self.unseal(piece, f"{name}#0")[:size] if piece else b""

    def delete(self, name: str) -> None:
        default_storage.delete(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    def _store(self, name: str, content: object) -> None:
        path = self._path(name)
        stored = default_storage.save(path, content)  # type: ignore[arg-type]
        if stored != path:
            raise RuntimeError("The default storage must overwrite (allow_overwrite), or results could go astray.")


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of exactly CHUNK, the last one shorter: places can then be computed."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)
