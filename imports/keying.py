"""Hashes of people made with a secret: whoever has them but not the secret cannot try addresses against them."""

import hashlib
from array import array
from collections.abc import Callable, Iterable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from imports.byteorder import little_endian

Keying = Callable[[Iterable[int]], "array[int]"]
"""Plain 64-bit hashes to the keyed ones, in their order."""

WIDTH = 8  # bytes


def enciphered(secret: bytes) -> Keying:
    """The first half of what AES makes of each hash: a million of them in one call."""
    key = hashlib.blake2b(secret, digest_size=32, person=b"people reached").digest()

    def keying(hashes: Iterable[int]) -> "array[int]":
        plain = little_endian(array("Q", hashes))
        blocks = array("Q", bytes(2 * WIDTH * len(plain)))
        blocks[::2] = plain
        # No block stands for a part of a message: each is a value of its own, and equal ones are to stay equal.
        cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        keyed = array("Q", cipher.update(blocks.tobytes()))
        return little_endian(keyed[::2])

    return keying


def hashed(secret: bytes) -> Keying:
    """As earlier versions made them: a keyed hash of each, 30 times as slow."""

    def keying(hashes: Iterable[int]) -> "array[int]":
        own = (hashlib.blake2b(plain.to_bytes(WIDTH, "little"), key=secret, digest_size=WIDTH) for plain in hashes)
        return little_endian(array("Q", b"".join(one.digest() for one in own)))

    return keying
