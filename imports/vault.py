"""Private storage of one job: every object is encrypted with the job's own key, so that destroying the key is enough.

Source file, canonical table, prepared profiles and raw answers live here; the database keeps counts and codes.
"""

import contextlib
import errno
import hashlib
import io
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import accumulate
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

NONCE, TAG = 12, 16
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
CHUNK = 1 << 20
SEALED_CHUNK = CHUNK + NONCE + TAG
PIECE = 1 << 16  # bytes opened at a time: below what malloc takes from the system, and gives back, each time anew
PARTS = b"parts\x00\x00\x01"  # how an object in parts begins, then their count and sizes
PART_SIZE = struct.Struct("<I")
MOST_PARTS = 250
PARTS_HEAD = 1024  # bytes; enough for the sizes of so many


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
        if not sealed_key:
            raise Sealed("The key of this job was destroyed: nothing opens its objects any more.")
        try:
            self._key = field_cipher().decrypt(sealed_key.encode())
        except InvalidToken:
            raise Sealed(
                "None of the keys in FIELD_KEYS opens this job; put the key it was sealed with back."
            ) from None
        self._cipher = AESGCM(self._key)
        self._folder = folder

    def seal(self, plain: bytes, name: str) -> bytes:
        """Bytes that only this job's key opens, and only under the same name."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def unseal(self, sealed: bytes, name: str) -> bytes:
        """Raise Sealed when the bytes are not what was sealed under this name."""
        try:
            whole = memoryview(sealed)  # nothing is copied
            return self._cipher.decrypt(whole[:NONCE], whole[NONCE:], name.encode())
        except (InvalidTag, ValueError):  # ValueError: too short to hold even a nonce
            raise _changed(name) from None

    def put(self, name: str, plain: bytes) -> None:
        self._store(name, ContentFile(self.seal(plain, name)))

    def get(self, name: str) -> bytes:
        """Raise FileNotFoundError when there is no such object, Sealed when it cannot be opened."""
        with default_storage.open(self._path(name), "rb") as stored:
            try:
                return self._opened(stored.chunks(PIECE), name)
            except (InvalidTag, ValueError):
                raise _changed(name) from None

    def _opened(self, pieces: Iterator[bytes], name: str) -> bytes:
        """What lies sealed in these pieces: megabytes are never in memory twice. Nothing is given before all of it has
        proved genuine."""
        opened, last = io.BytesIO(), next(pieces, b"")
        nonce, last = last[:NONCE], last[NONCE:]
        opening = Cipher(AES(self._key), GCM(nonce)).decryptor()
        opening.authenticate_additional_data(name.encode())
        for piece in pieces:
            if len(piece) < TAG:
                last += piece
            else:
                opened.write(opening.update(last))
                last = piece
        opened.write(opening.update(last[:-TAG]))
        opening.finalize_with_tag(last[-TAG:])
        return opened.getvalue()

    def put_parts(self, name: str, parts: Sequence[bytes]) -> None:
        """Store an object whose parts (at most MOST_PARTS) can be read one by one, each sealed for its place."""
        if len(parts) > MOST_PARTS:
            raise ValueError(f"{len(parts)} parts are too many for one object.")
        sealed = [self.seal(part, f"{name}#{place}/{len(parts)}") for place, part in enumerate(parts)]
        sizes = b"".join(PART_SIZE.pack(len(part)) for part in sealed)
        self._store(name, ContentFile(b"".join([PARTS, PART_SIZE.pack(len(parts)), sizes, *sealed])))

    def parts(self, name: str) -> list[bytes]:
        """Every part, in order; an object that was `put` whole is its only part. Raise as `get` does."""
        with default_storage.open(self._path(name), "rb") as stored:
            content = stored.read()
        if not content.startswith(PARTS):
            return [self.unseal(content, name)]
        sizes = _part_sizes(name, content)
        ends = list(accumulate(sizes, initial=len(PARTS) + PART_SIZE.size * (len(sizes) + 1)))
        places = zip(ends, ends[1:], strict=False)
        return [self._part(name, content[a:b], place, len(sizes)) for place, (a, b) in enumerate(places)]

    def part(self, name: str, place: int) -> bytes:
        """One part; no other is read. Raise as `get` does, and Sealed when there is no such part."""
        with default_storage.open(self._path(name), "rb") as stored:
            begun = stored.read(PARTS_HEAD)
            if not begun.startswith(PARTS):
                return self.unseal(begun + stored.read(), name)
            sizes = _part_sizes(name, begun)
            if not 0 <= place < len(sizes):
                raise Sealed(f"The stored object {name} has no part {place}.")
            stored.seek(len(PARTS) + PART_SIZE.size * (len(sizes) + 1) + sum(sizes[:place]))
            return self._part(name, stored.read(sizes[place]), place, len(sizes))

    def _part(self, name: str, sealed: bytes, place: int, count: int) -> bytes:
        return self.unseal(sealed, f"{name}#{place}/{count}")

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
        with ExitStack() as unless_whole:
            plain = unless_whole.enter_context(tempfile.TemporaryFile())
            plain.writelines(self.pieces(name))
            plain.flush()
            plain.seek(0)
            unless_whole.pop_all()
        return plain

    def pieces(self, name: str) -> Iterator[bytes]:
        """The plain bytes of a stream, 1 MiB at a time and nothing of them on a disk. Raise as `get` does."""
        with default_storage.open(self._path(name), "rb") as stored:
            number = 0
            while piece := stored.read(SEALED_CHUNK):
                yield self.unseal(piece, f"{name}#{number}")
                number += 1

    def head(self, name: str, size: int = CHUNK) -> bytes:
        """The first bytes of a stream, at most one piece of 1 MiB."""
        with default_storage.open(self._path(name), "rb") as stored:
            piece = stored.read(SEALED_CHUNK)
        return self.unseal(piece, f"{name}#0")[:size] if piece else b""

    def has(self, name: str) -> bool:
        return default_storage.exists(self._path(name))

    def names(self, folder: str = "") -> Iterator[str]:
        """Every object there is, or those of a folder in it."""
        try:
            folders, names = default_storage.listdir(self._path(folder) if folder else self._folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        before = f"{folder}/" if folder else ""
        yield from (before + name for name in names if name)
        for name in folders:
            yield from self.names(before + name)

    def delete(self, name: str) -> None:
        default_storage.delete(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    def _store(self, name: str, content: object) -> None:
        path = self._path(name)
        try:
            stored = default_storage.save(path, content)  # type: ignore[arg-type]
        except OSError as fault:
            if fault.errno in NO_ROOM:
                default_storage.delete(path)  # the half that was written
            raise
        if stored != path:
            raise RuntimeError("The default storage must overwrite (allow_overwrite), or results could go astray.")


def _changed(name: str) -> Sealed:
    return Sealed(f"The stored object {name} was changed or belongs elsewhere.")


def remove_folder(folder: str) -> int:
    """Remove every object of a folder and what lies deeper; how many. Raises OSError when the storage is away; what was
    removed till then stays removed."""
    try:
        folders, names = default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return 0
    removed = sum(remove_folder(f"{folder}/{name}") for name in folders)
    for name in filter(None, names):
        default_storage.delete(f"{folder}/{name}")
        removed += 1
    if hasattr(default_storage, "location"):  # a folder of a disk: S3 has none
        _remove_empty(folder)
    return removed


def _remove_empty(folder: str) -> None:
    with contextlib.suppress(OSError):  # somebody has just put something there
        default_storage.delete(folder)


def _part_sizes(name: str, content: bytes) -> "tuple[int, ...]":
    try:
        count = PART_SIZE.unpack_from(content, len(PARTS))[0]
        return struct.unpack_from(f"<{min(count, MOST_PARTS)}I", content, len(PARTS) + PART_SIZE.size)
    except struct.error:
        raise Sealed(f"The stored object {name} is cut short.") from None


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
