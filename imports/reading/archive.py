"""The zip around a workbook, looked through before a parser sees it.

What the archive claims about sizes must be honest, and nothing is unpacked beyond its claim.
"""

import zipfile
import zlib
from collections.abc import Container, Iterator

from imports.reading.open_document import ERROR_MARK
from imports.reading.source import StoredFile
from imports.reading.table import Limits, Unreadable

RATIO_COUNTS_ABOVE = 1024 * 1024
PIECE = 64 * 1024  # what is made of a piece still lies in the processor's cache
OVERLAP = 512
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"

DOCTYPES = (b"<!DOCTYPE", b"!\0D\0O\0C\0T\0Y\0P\0E")  # the second is UTF-16 of either byte order


def open_archive(source: StoredFile) -> zipfile.ZipFile:
    """The archive of an XLSX or ODS workbook. Raises Unreadable for any other archive, saying what it is."""
    try:
        archive = zipfile.ZipFile(source.again())
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
        if any(member.flag_bits & 0x1 for member in archive.infolist()):
            raise Unreadable("encrypted_workbook")
        content_types = _first_bytes(archive, "[Content_Types].xml")
        encrypted = b"encryption-data" in _first_bytes(archive, MANIFEST)
        open_document = is_open_document(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("broken_workbook", reason=type(error).__name__) from error
    if encrypted:
        raise Unreadable("encrypted_workbook")
    if not open_document:
        _refuse_other_archives(names, content_types)
    return archive


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Whether it is an ODS workbook. Source: OpenDocument 1.3, part 2 (Packages), section 3.3 (MIME type stream)."""
    return _first_bytes(archive, "mimetype").startswith(OPEN_DOCUMENT) and CONTENT in archive.namelist()


def refuse_claims(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises Unreadable("unsafe_workbook") for a directory no honest workbook has, before anything is unpacked.

    What it claims about sizes is held against it: `inflated` gives out no byte more than was claimed.
    """
    members = archive.infolist()
    if len(members) > limits.members:
        raise Unreadable("unsafe_workbook", reason="members", found=len(members), limit=limits.members)
    if len({member.filename for member in members}) < len(members):
        raise Unreadable("unsafe_workbook", reason="twice")
    for member in members:
        _refuse_odd_member(member)
        if member.file_size > max(RATIO_COUNTS_ABOVE, member.compress_size * limits.inflate_ratio):
            raise Unreadable("unsafe_workbook", reason="ratio", limit=limits.inflate_ratio)
    if sum(member.file_size for member in members) > limits.inflated_bytes:
        raise Unreadable("unsafe_workbook", reason="inflated", limit=limits.inflated_bytes)


def scan_archive(source: StoredFile, archive: zipfile.ZipFile, streamed: Container[str] = ()) -> set[str]:
    """Unpack every member but those that are `streamed` later; the names of those that mark cells as errors.

    Raises Unreadable: one lies about its size, is damaged, or has a document type.
    """
    return {
        member.filename
        for member in archive.infolist()
        if member.filename not in streamed and _marks_errors(source, member)
    }


def _marks_errors(source: StoredFile, member: zipfile.ZipInfo) -> bool:
    end = b""
    marked = False
    for piece in inflated(source, member):
        window = end + piece
        refuse_doctypes(window)
        marked = marked or ERROR_MARK in window
        end = window[-OVERLAP:]
    return marked


def refuse_doctypes(content: bytes) -> None:
    """Raises Unreadable when a document type stands in it: no spreadsheet program writes one, only whoever wants
    entities."""
    if any(doctype in content for doctype in DOCTYPES):
        raise Unreadable("unsafe_workbook", reason="doctype")


def inflated(source: StoredFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes, a piece at a time. Raises Unreadable as soon as there are more of them than the directory
    claims, and in the end when they are fewer or others."""
    size = checksum = 0
    for piece in _unpacked(source, member):
        size += len(piece)
        if size > member.file_size:
            raise Unreadable("unsafe_workbook", reason="sizes")
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if size != member.file_size or checksum != member.CRC:
        raise Unreadable("broken_workbook", reason="Checksum")


def _unpacked(source: StoredFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    header = source.at(member.header_offset, 30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Unreadable("broken_workbook", reason="LocalHeader")
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    offset = member.header_offset + 30 + lengths
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    end = offset + member.compress_size
    while offset < end and (packed := source.at(offset, min(PIECE, end - offset))):
        offset += len(packed)
        if member.compress_type == zipfile.ZIP_STORED:
            yield packed
            continue
        try:
            while packed:
                yield decompressor.decompress(packed, PIECE)
                packed = decompressor.unconsumed_tail
        except zlib.error as error:
            raise Unreadable("broken_workbook", reason="Inflate") from error


def _refuse_odd_member(member: zipfile.ZipInfo) -> None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise Unreadable("unsafe_workbook", reason="path")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("broken_workbook", reason="Compression")


def _refuse_other_archives(names: set[str], content_types: bytes) -> None:
    if "xl/vbaproject.bin" in names or b"macroEnabled" in content_types:
        raise Unreadable("macro_workbook")
    if "xl/workbook.bin" in names:
        raise Unreadable("binary_workbook")
    if "xl/workbook.xml" not in names:
        kinds = (("word/document.xml", "Word document"), ("ppt/presentation.xml", "PowerPoint presentation"))
        looks_like = next((kind for name, kind in kinds if name in names), "ZIP archive")
        raise Unreadable("not_a_table", looks_like=looks_like)


def _first_bytes(archive: zipfile.ZipFile, name: str, most: int = 64 * 1024) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(most)
