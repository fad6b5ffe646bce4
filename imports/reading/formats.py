"""What a file is, by its content; its name is never asked."""

import re

from imports.reading.compound import MARK, Compound
from imports.reading.source import StoredFile
from imports.reading.table import DELIMITED, RECORDS, WORKBOOK, Unreadable

HEAD = 64 * 1024

SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"\x1f\x8b\x08", "GZIP archive"),
    (b"BZh91AY&SY", "BZIP2 archive"),
    (b"\xfd7zXZ\x00", "XZ archive"),
    (b"\x28\xb5\x2f\xfd", "ZSTD archive"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"{\\rtf", "RTF document"),
    (b"\xff\xfe\x00\x00", "text in UTF-32"),
    (b"\x00\x00\xfe\xff", "text in UTF-32"),
)
# Letters a text may well begin with: they count only where binary bytes follow.
SHORT_SIGNATURES = (
    (b"MZ", "program"),
    (b"BM", "BMP image"),
    (b"RIFF", "media file"),
    (b"OggS", "media file"),
    (b"ID3", "media file"),
    (b"PAR1", "Parquet file"),
)
BYTE_ORDER_MARK = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
MARKUP = re.compile(rb"\s*<(?:!doctype html|html|head|body|meta|style|table|div|script)\b", re.IGNORECASE)
XML = re.compile(rb"\s*<\?xml\s", re.IGNORECASE)
# An object that begins with a key, or an array of objects, of texts, of arrays; and the empty ones.
JSON = re.compile(rb"\s*(?:\{\s*\"(?:[^\"\\]|\\.)*\"\s*:|\[\s*[\[{\"]|\{\s*\}|\[\s*\]\s*\Z)")
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a")
PK = b"PK"


def identify(source: StoredFile) -> str:
    """`DELIMITED`, `RECORDS` or `WORKBOOK`. Raises Unreadable for what is neither, saying what it looks like."""
    head = source.at(0, HEAD)
    if not head:
        raise Unreadable("empty_file")
    if head.startswith(MARK):
        _refuse_other_compounds(source)
        return WORKBOOK
    if head.startswith(PK) and head[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08"):
        return WORKBOOK
    _refuse_known(head)
    return RECORDS if JSON.match(_plain(head)) else DELIMITED


def refuse_binary(head: bytes) -> None:
    """Raise Unreadable when text in a one-byte-per-character encoding would not look like `head`.

    A stray control character is a fault of its row, shown there; a file full of them is no text.
    """
    controls = len(head) - len(head.translate(None, CONTROLS))
    if controls > max(3, len(head) // 50):
        raise Unreadable("not_a_table", looks_like="binary data")


def _refuse_known(head: bytes) -> None:
    for signature, looks_like in SIGNATURES:
        if head.startswith(signature):
            raise Unreadable("not_a_table", looks_like=looks_like)
    for signature, looks_like in SHORT_SIGNATURES:
        if head.startswith(signature) and b"\0" in head[:256]:
            raise Unreadable("not_a_table", looks_like=looks_like)
    for pattern, looks_like in ((MARKUP, "HTML page"), (XML, "XML file")):
        if pattern.match(_plain(head)):
            raise Unreadable("not_a_table", looks_like=looks_like)


def _plain(head: bytes) -> bytes:
    """The first letters without a byte order mark, those of UTF-16 as if they were of one byte."""
    return BYTE_ORDER_MARK.sub(b"", head[:4096]).replace(b"\0", b"")


def _refuse_other_compounds(source: StoredFile) -> None:
    """Raise Unreadable unless it is an old workbook, told by the names in the root of its container."""
    names = Compound(source).streams
    if "EncryptedPackage" in names:
        raise Unreadable("encrypted_workbook")
    if "Workbook" not in names and "Book" not in names:
        document = "WordDocument" in names or "PowerPoint Document" in names
        looks_like = "Word or PowerPoint document" if document else "Microsoft compound file"
        raise Unreadable("not_a_table", looks_like=looks_like)
