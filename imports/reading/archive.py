"""The zip around a workbook, looked through before a parser sees it.

Every member is inflated for real and counted; what the archive claims about sizes is not believed.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from imports.reading.findings import SheetFindings
from imports.reading.open_document import ERROR_MARK
from imports.reading.padding import MOST_STYLE_BYTES, STYLES, cells_of, padded_styles
from imports.reading.source import StoredFile
from imports.reading.table import Limits, Unreadable

RATIO_COUNTS_ABOVE = 1024 * 1024
PIECE = 1024 * 1024
OVERLAP = 512
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"

DOCTYPES = (b"<!DOCTYPE", b"!\0D\0O\0C\0T\0Y\0P\0E")  # the second is UTF-16 of either byte order
# Repetitions have an upper end: without one, a member full of openings would keep the patterns busy for hours.
# Only references that may be far out are worth a look: three letters, or six digits. Cells without content are not.
FAR_CELL = re.compile(rb' r="([A-Z]{3}|[A-Z]{1,2}(?=[0-9]{6}))([0-9]{1,9})"(?:[^>]{0,80}[^/>])?>')
ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,99} t="e"[^>]{0,99}>'
    rb"(?:<f[^>]{0,300}>[^<]{0,8192}</f>|<f[^>]{0,300}/>)?<v>([^<]{1,30})</v>"
)
UNCOMPUTED = (b"</f></c>", b"</f><v></v></c>", b"</f><v/></c>", b"</f><v /></c>")


def column_index(letters: str) -> int:
    """0 for A, 16383 for XFD."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


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


def scan_archive(source: StoredFile, archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetFindings]:
    """Findings by member name. Raises Unreadable("unsafe_workbook") for what no honest workbook does."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise Unreadable("unsafe_workbook", reason="members", found=len(members), limit=limits.members)
    total = 0
    findings = {}
    padded = padded_styles(_styles(archive))
    for member in members:
        _refuse_odd_member(member)
        findings[member.filename] = sheet = SheetFindings()
        size = _scan_member(source, member, limits, total, sheet, padded)
        total += size
    return findings


def _scan_member(
    source: StoredFile,
    member: zipfile.ZipInfo,
    limits: Limits,
    before: int,
    findings: SheetFindings,
    padded: Mapping[int, int],
) -> int:
    """Read the member through, cell by cell as far as it has cells; returns its real size."""
    size = 0
    pending = b""
    ratio_limit = max(RATIO_COUNTS_ABOVE, member.compress_size * limits.inflate_ratio)
    for piece in inflated(source, member):
        size += len(piece)
        if before + size > limits.inflated_bytes:
            raise Unreadable("unsafe_workbook", reason="inflated", limit=limits.inflated_bytes)
        if size > ratio_limit:
            raise Unreadable("unsafe_workbook", reason="ratio", limit=limits.inflate_ratio)
        pending += piece
        cut = _last_cell(pending)
        _look_at(pending, pending[:cut], findings, padded)
        pending = pending[cut:]
    _look_at(pending, pending, findings, padded)
    return size


def _last_cell(window: bytes) -> int:
    """Where the last cell begins, which may not be there to its end; without one, a little before the end."""
    cut = window.rfind(b"<c ")
    return cut if cut >= 0 and len(window) - cut < PIECE else max(0, len(window) - OVERLAP)


def _look_at(window: bytes, cells: bytes, findings: SheetFindings, padded: Mapping[int, int]) -> None:
    if any(doctype in window for doctype in DOCTYPES):
        raise Unreadable("unsafe_workbook", reason="doctype")
    for letters, digits in FAR_CELL.findall(cells):
        findings.reach(int(digits), column_index(letters.decode()) + 1)
    if b't="e"' in cells:
        _keep_errors(cells, findings)
    if padded:
        for row, letters, width in cells_of(padded, cells):
            findings.padding.add(row, column_index(letters.decode()), width)
    findings.marked = findings.marked or ERROR_MARK in window
    if b"</f>" in cells:
        findings.uncomputed += sum(map(cells.count, UNCOMPUTED))


def _keep_errors(cells: bytes, findings: SheetFindings) -> None:
    for letters, digits, text in ERROR_CELL.findall(cells):
        findings.add_error(int(digits), column_index(letters.decode()), text.decode("utf-8", "replace"))


def inflated(source: StoredFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's real bytes, a piece at a time, however many they turn out to be."""
    header = source.at(member.header_offset, 30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Unreadable("broken_workbook", reason="LocalHeader")
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    offset = member.header_offset + 30 + lengths
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    end = offset + member.compress_size
    while offset < end and (packed := source.at(offset, min(PIECE // 8, end - offset))):
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


def _styles(archive: zipfile.ZipFile) -> bytes:
    try:
        return _first_bytes(archive, STYLES, MOST_STYLE_BYTES)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        return b""  # the parser will say what is wrong with it


def _first_bytes(archive: zipfile.ZipFile, name: str, most: int = 64 * 1024) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(most)
