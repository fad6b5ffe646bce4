"""Files made to hurt, and what must become of each. `python -m tests.imports.reading.hostile_files` prints the table
of docs/uploads.md with the seconds each refusal takes."""

import io
import random
import struct
import sys
import time
import zipfile
from collections.abc import Callable

from imports.reading import EncodedSlice, Unreadable, inspect, read_table
from tests.workbooks import csv_bytes, ods_bytes, with_members, xlsx_bytes

TABLE = [["email", "n"], ["a@example.com", "1"]]
BOOK = xlsx_bytes(TABLE)
SHEET, STRINGS, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OPEN = b"<worksheet " + NAMESPACE + b"><sheetData>"
CLOSE = b"</sheetData></worksheet>"
FIRST = b'<row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c></row>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY l0 "ha">' + b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
) + b"]>"  # fmt: skip
MB = 1024 * 1024


def sheet(cells: bytes, before: bytes = b"") -> bytes:
    return with_members(BOOK, {SHEET: before + OPEN + FIRST + cells + CLOSE})


def lying() -> bytes:
    content = sheet(b" " * (30 * MB))
    claimed = struct.pack("<I", 30 * MB + len(OPEN + FIRST + CLOSE))
    return content.replace(claimed, struct.pack("<I", 1000))


def twice() -> bytes:
    content = io.BytesIO(BOOK)
    with zipfile.ZipFile(content, "a") as archive:
        archive.filelist[0].filename = SHEET  # no warning of a name that is there already
        archive.writestr("other.xml", OPEN + CLOSE)
        archive.infolist()[-1].filename = SHEET
    return content.getvalue()


def one_wrong_byte() -> bytes:
    """The shared strings hold another letter than their sum of bytes tells."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as read, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as written:
        for name in read.namelist():
            written.writestr(name, read.read(name))
    return stored.getvalue().replace(b"a@example.com", b"b@example.com")


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members.items():
            archive.writestr(name, inside)
    return content.getvalue()


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
Case = tuple[Callable[[], bytes], str]
HOSTILE: dict[str, Case] = {
    "zip bomb: a sheet of 30 MB in 30 kB": (lambda: sheet(b" " * (30 * MB)), "unsafe_workbook ratio"),
    "zip bomb in a part nobody reads": (
        lambda: with_members(BOOK, {"xl/media/image1.bin": bytes(30 * MB)}), "unsafe_workbook ratio"),
    "one cell of 60 MB": (
        lambda: sheet(b'<row r="2"><c r="A2" t="str"><v>' + b"x" * (60 * MB) + b"</v></c></row>"),
        "unsafe_workbook ratio"),
    "lying sizes: a thousand bytes claimed, 30 MB there": (lying, "unsafe_workbook sizes"),
    "five thousand members": (
        lambda: with_members(BOOK, {f"xl/media/{n}": b"" for n in range(5000)}), "unsafe_workbook members"),
    "a member's name twice": (twice, "unsafe_workbook twice"),
    "a name with ../": (lambda: with_members(BOOK, {"../../evil": b"x"}), "unsafe_workbook path"),
    "a name with a drive": (lambda: with_members(BOOK, {"C:\\evil": b"x"}), "unsafe_workbook path"),
    "an absolute name": (lambda: with_members(BOOK, {"/etc/evil": b"x"}), "unsafe_workbook path"),
    "billion laughs in the sheet": (lambda: sheet(b"", before=LAUGHS), "unsafe_workbook doctype"),
    "billion laughs in the shared strings": (
        lambda: with_members(BOOK, {STRINGS: LAUGHS + b"<sst " + NAMESPACE + b"><si><t>&l9;</t></si></sst>"}),
        "unsafe_workbook doctype"),
    "billion laughs in the list of sheets": (
        lambda: with_members(BOOK, {"xl/workbook.xml": LAUGHS + b"<workbook/>"}), "unsafe_workbook doctype"),
    "an external entity": (
        lambda: sheet(b"", before=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "unsafe_workbook doctype"),
    "sparse corners: A1 and XFD1048576": (lambda: sheet(FAR), "unsafe_workbook spread"),
    "sparse corners in unusual spelling": (
        lambda: sheet(b"<row r='1048576'><!-- --><c\nr='XFD1048576'><v>1</v></c></row>"), "unsafe_workbook spread"),
    "a row beyond the last": (lambda: sheet(FAR.replace(b"1048576", b"1048577")), "unsafe_workbook spread"),
    "16,384 columns": (
        lambda: sheet(b'<row r="2"><c r="XFD2"><v>1</v></c></row>'), "too_many_columns"),
    "the same row twenty thousand times": (
        lambda: sheet(b'<row r="2"><c r="A2"><v>1</v></c></row>' * 20_000), "broken_workbook RowOrder"),
    "a row of 20 MB": (
        lambda: sheet(b'<row r="2">' + random.Random(2).randbytes(10 * MB).hex().encode()), "unsafe_workbook item"),
    "a cell that names another row": (
        lambda: sheet(b'<row r="2"><c r="A9"><v>1</v></c></row>'), "broken_workbook CellReference"),
    "a shared string that is not there": (
        lambda: sheet(b'<row r="2"><c r="A2" t="s"><v>99999999</v></c></row>'), "broken_workbook SharedString"),
    "one wrong byte": (one_wrong_byte, "broken_workbook Checksum"),
    "cut in half": (lambda: BOOK[: len(BOOK) // 2], "broken_workbook BadZipFile"),
    "XLSM, a workbook with macros": (lambda: with_members(BOOK, {"xl/vbaProject.bin": b"x"}), "macro_workbook"),
    "XLSM called .xlsx without its macros": (
        lambda: with_members(BOOK, {TYPES: b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}),
        "macro_workbook"),
    "XLSB": (lambda: zipped({"xl/workbook.bin": b"x"}), "binary_workbook"),
    "an archive in an archive": (
        lambda: zipped({"people.zip": zipped({"people.csv": csv_bytes(TABLE)})}), "not_a_table"),
    "an archive among a workbook's pictures": (
        lambda: with_members(BOOK, {"xl/media/i.zip": zipped({"a": bytes(MB)})}), "read"),
    "ODS with a billion laughs": (
        lambda: with_members(ods_bytes(TABLE), {"content.xml": LAUGHS + b"<x/>"}), "unsafe_workbook doctype"),
    "text: a line of 40 MB": (lambda: b"email,name\r\n" + b"x" * (40 * MB), "line_too_long"),
    "text: a quote that never closes": (
        lambda: b'email,name\r\n"a,b\r\n' + b"a@example.com,x\r\n" * 300_000, "quote_not_closed"),
    "text: NUL bytes": (lambda: b"email,name\r\n" + b"a@example.com,\0\0\r\n" * 50_000, "not_a_table"),
    "text: delimiters alone": (lambda: b";" * (4 * MB), "no_rows"),
    "JSON: a hundred thousand brackets": (lambda: b"[" * 100_000, "json_too_deep"),
    "noise": (lambda: random.Random(4).randbytes(100_000), "not_a_table"),
}  # fmt: skip


def outcome(content: bytes) -> str:
    """What becomes of a file that is looked at and read in its child: "read", or code and reason of the refusal."""
    source = io.BytesIO(content)
    try:
        options = inspect(source, name="people").options
        rows = sum(item.rows for item in read_table(source, options=options) if isinstance(item, EncodedSlice))
    except Unreadable as refusal:
        return " ".join([refusal.code, refusal.params.get("reason", "")]).strip()
    return "read" if rows else "nothing"


def print_table() -> None:
    sys.stdout.write("| hostile file | outcome | seconds |\n| --- | --- | --- |\n")
    for name, (make, _) in HOSTILE.items():
        content = make()
        begun = time.perf_counter()
        found = outcome(content)
        sys.stdout.write(f"| {name} | `{found}` | {time.perf_counter() - begun:.2f} |\n")


if __name__ == "__main__":
    print_table()
