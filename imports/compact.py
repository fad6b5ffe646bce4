"""JSON values small enough to lie in database rows: compressed before they are sealed."""

import zlib
from typing import Any

import orjson

LEVEL = 1
LARGEST = 64 * 1024 * 1024  # bytes a value may take when opened; ours are far smaller


def compact(value: Any) -> bytes:
    """The value as compressed JSON. Raises orjson.JSONEncodeError for what JSON cannot hold."""
    return zlib.compress(orjson.dumps(value), LEVEL)


def expand(stored: bytes) -> Any:
    """What was made compact, or plain JSON as earlier versions kept it. Raises ValueError for other bytes."""
    if stored[:1] in (b"{", b"["):
        return orjson.loads(stored)
    opened = zlib.decompressobj()
    try:
        plain = opened.decompress(stored, LARGEST)
    except zlib.error as error:
        raise ValueError("this is no compact value") from error
    return orjson.loads(plain)
