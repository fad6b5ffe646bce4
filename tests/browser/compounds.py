"""A protected workbook, as an office program wraps it: a compound file with a stream called EncryptedPackage.

Source: [MS-CFB] Compound File Binary File Format, 2.2 header, 2.3 FAT, 2.6 directory.
"""

import struct

FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROOT, STREAM = 5, 2


def locked_workbook() -> bytes:
    """A header, one FAT sector, one sector of directory; the streams are empty."""
    entries = _entry("Root Entry", ROOT, child=1) + _entry("EncryptedPackage", STREAM, right=2)
    entries += _entry("EncryptionInfo", STREAM) + bytes(128)
    return _header() + struct.pack("<128I", FAT, END, *[FREE] * 126) + entries


def _header() -> bytes:
    start = struct.pack("<8s16x5H6x", SIGNATURE, 0x3E, 3, 0xFFFE, 9, 6)
    places = struct.pack("<9I", 0, 1, 1, 0, 4096, END, 0, END, 0)
    return start + places + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(name: str, kind: int, *, right: int = NONE, child: int = NONE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB3I36xIQ", text, len(text), kind, 1, NONE, right, child, END, 0)
