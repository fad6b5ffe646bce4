"""How the reading child talks to its parent: a JSON header and a payload, each with its length in front."""

import struct
from collections.abc import Callable
from typing import Any

import orjson

LENGTHS = struct.Struct(">II")
LARGEST_PART = 256 * 1024 * 1024


class BrokenFrame(Exception):
    """The bytes are no frame: the other end is not who it should be, or died while writing."""


def encode_frame(header: dict[str, Any], payload: bytes = b"") -> list[bytes]:
    """The pieces of one frame, to be written one after the other."""
    head = orjson.dumps(header)
    return [LENGTHS.pack(len(head), len(payload)), head, payload]


def read_frame(read_exactly: Callable[[int], bytes]) -> tuple[dict[str, Any], bytes]:
    """One frame by way of `read_exactly(size)`. Raises BrokenFrame."""
    head_size, payload_size = LENGTHS.unpack(read_exactly(LENGTHS.size))
    if max(head_size, payload_size) > LARGEST_PART:
        raise BrokenFrame("too long")
    try:
        header = orjson.loads(read_exactly(head_size))
    except orjson.JSONDecodeError as error:
        raise BrokenFrame("no JSON") from error
    if not isinstance(header, dict):
        raise BrokenFrame("no object")
    return header, read_exactly(payload_size)
