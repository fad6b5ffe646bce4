"""Files and strings as people and enemies make them, built here: nothing of a foreign collection is kept.

Shapes follow csv-spectrum (its twelve cases), the big list of naughty strings, the SecLists payloads for file names,
and the hostile workbooks that were measured for this project (docs/faults.md, 66).
"""

import gzip
import io
import random
import zipfile
from collections.abc import Callable

from tests.imports.reading.test_hostile import BOOK, CLOSE, LAUGHS, OPEN, SHEET, book_with_sheet
from tests.workbooks import csv_bytes, with_members, xlsx_bytes

Table = list[list[str]]

SPECTRUM: dict[str, tuple[bytes, Table]] = {
    "comma in quotes": (b'first,address\nJohn,"120 any st., W"\nAnn,x', [["John", "120 any st., W"], ["Ann", "x"]]),
    "empty": (b'a,b,c\n1,"",""\n2,3,4', [["1", "", ""], ["2", "3", "4"]]),
    "empty, crlf": (b'a,b,c\r\n1,"",""\r\n2,3,4', [["1", "", ""], ["2", "3", "4"]]),
    "escaped quotes": (b'a,b\n1,"ha ""ha"" ha"\n3,4', [["1", 'ha "ha" ha'], ["3", "4"]]),
    "json": (
        b'key,val\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n2,x',
        [["1", '{"type": "Point", "at": [102.0, 0.5]}'], ["2", "x"]],
    ),
    "newlines": (b'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9', [
        ["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]]),
    "newlines, crlf": (b'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9', [
        ["1", "2", "3"], ["Once upon \r\na time", "5", "6"], ["7", "8", "9"]]),
    "quotes and newlines": (b'a,b\n1,"ha \n""ha"" \nha"\n3,4', [["1", 'ha \n"ha" \nha'], ["3", "4"]]),
    "simple": (b"a,b,c\n1,2,3", [["1", "2", "3"]]),
    "simple, crlf": (b"a,b,c\r\n1,2,3\r\n", [["1", "2", "3"]]),
    "utf8": ("a,b,c\n1,2,3\n4,5,ʤ".encode(), [["1", "2", "3"], ["4", "5", "ʤ"]]),
    "utf8, marked": ("\ufeffимя,город\nАнна,Пермь".encode(), [["Анна", "Пермь"]]),
}  # fmt: skip

NAUGHTY = [
    "undefined", "null", "NULL", "(null)", "nil", "NaN", "Infinity", "True", "0", "1.00", "-1", "1/0", "0x0",
    "1E+02", "123456789012345678901234567890", "٠١٢٣", "１２３", "1;SELECT * FROM users", "' OR '1'='1",
    "\"); DROP TABLE x;--", "<script>alert(1)</script>", "&lt;b&gt;", "{{ 7*7 }}", "{% debug %}",
    "${jndi:ldap://127.0.0.1/a}", "%s%n%x", "%00", "$(touch /tmp/x)", "`id`", "| cat /etc/passwd",
    "../../../etc/passwd", "C:\\con\\con", "=1+1", "+1", "@SUM(1)", "-2+3", "=HYPERLINK(\"http://127.0.0.1\")",
    "=cmd|' /C calc'!A0", "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "社會科學院語學研究所",
    "ﺍﻺﻃﻼﻗ", "בְּרֵאשִׁית", "\u202etest\u202c",
    "\u2066test\u2067", "\u200bzero\u200bwidth", "a\u0301\u0302\u0303" * 6, "Z̮̞̠͙͔ͅA͖̘", "👩‍👩‍👧‍👦", "🇷🇺", "𝕿𝖍𝖊",
    "⒯⒣⒠", "ß", "İıſ", "ﬀ", "Ǆ", "\u00ad", "\ufeffbom", "\ufffe", "\U0001f4a9", "\u2028line", "tab\tinside",
    "bell\x07", "nul\x00inside", "esc\x1b[31m", "del\x7f", "x" * 5000,
]  # fmt: skip

NAMES = [
    "../../etc/passwd.csv", "..\\..\\boot.csv", "/etc/shadow", "C:\\con.csv", "a\x00b.csv", "%00.csv",
    "x" * 400 + ".csv", "$(id).csv", "<img src=x onerror=alert(1)>.csv", "'\";.csv", "\u202evsc.exe", ".csv", "...",
    "nul", "имя файла.csv", "a\r\nSet-Cookie: x=1.csv", "💩.csv",
]  # fmt: skip

PEOPLE = [["E-mail", "First name"], ["kamila@example.com", "Kamila"], ["daria@example.com", "Daria"]]


def lying() -> bytes:
    """Its directory declares a thousand bytes where thirty million are."""
    content = book_with_sheet(OPEN + b" " * 30_000_000 + CLOSE)
    return content.replace((30_000_000 + len(OPEN + CLOSE)).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def twice() -> bytes:
    content = io.BytesIO(BOOK)
    with zipfile.ZipFile(content, "a") as book:
        member = zipfile.ZipInfo("xl/./worksheets/sheet1.xml")
        book.writestr(member, OPEN + CLOSE)
    return content.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members.items():
            archive.writestr(name, inside)
    return content.getvalue()


def sheet(xml: bytes) -> Callable[[], bytes]:
    """A workbook around these cells, built when it is asked for: some are large."""
    return lambda: book_with_sheet(xml)


def part(name: str, content: bytes | None) -> Callable[[], bytes]:
    return lambda: with_members(BOOK, {name: content})


FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "two far corners": sheet(OPEN + FAR + CLOSE),
    "one huge cell": lambda: book_with_sheet(
        OPEN + b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 60_000_000 + b"</t></is></c></row>" + CLOSE
    ),
    "rows without end": lambda: book_with_sheet(OPEN + b'<row r="1"><c r="A1"><v>1</v></c></row>' * 500_000 + CLOSE),
    "billion laughs": sheet(b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]>" + OPEN + CLOSE),
    "external entity": sheet(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + OPEN + CLOSE),
    "a part missing": part(SHEET, None),
    "a path outside": part("../../evil", b"x"),
    "macros": part("xl/vbaProject.bin", b"x"),
    "a lying directory": lying,
    "an archive in an archive": lambda: with_members(BOOK, {"xl/media/i.zip": zipped({"a": bytes(1_000_000)})}),
    "a name twice": twice,
    "half of it": lambda: BOOK[: len(BOOK) // 2],
}


def odd_texts() -> dict[str, bytes]:
    """Real office files, and texts that are none."""
    people = [["E-mail", "Имя"], ["kamila@example.com", "Камила"], ["daria@example.com", "Дарья"]]
    encoded = {name: csv_bytes(people, encoding=name, delimiter=";")
               for name in ("cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-8-sig")}  # fmt: skip
    return encoded | {
        "mixed encodings": csv_bytes(people, encoding="cp1251") + csv_bytes(people[1:], encoding="utf-8"),
        "an unclosed quote": b'E-mail,First name\na@example.com,"never closed\nb@example.com,x\n',
        "sixteen thousand empty columns": b"E-mail,First name" + b"," * 16_382 + b"\na@example.com,A\n",
        "headers twice": b"E-mail,E-mail,e-mail,E-MAIL\na@example.com,b@example.com,c,d\n",
        "two header rows": b"Customers of May,,\nE-mail,First name,Phone\na@example.com,A,+79000000001\n",
        "rows of every width": b"E-mail,First name\na@example.com\nb@example.com,B,C,D\n,,,\n",
        "a nul": b"E-mail,First name\na@example.com,A\x00B\nb@example.com,B\n",
        "lone surrogates": b"E-mail,First name\na@example.com,\xed\xa0\x80\nb@example.com,B\n",
        "only delimiters": b";" * 100_000,
        "only a header": b"E-mail,First name\n",
        "nothing but spaces": b" \n \n",
        "one long line": b"E-mail," + b"x" * 3_000_000,
        "noise": random.Random(4).randbytes(5000),
        "deep json": b"[" * 100_000,
        "json of one number": b"7",
        "numbers of fifteen digits": b"E-mail,Card\na@example.com,123456789012345678\nb@example.com,000123\n",
    }


CONTENTS: dict[str, bytes] = {
    "csv": csv_bytes(PEOPLE),
    "xlsx": xlsx_bytes(PEOPLE),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(400),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3" + bytes(400),
    "program": b"MZ\x90\x00\x03\x00\x00\x00" + bytes(400),
    "html": b"<!DOCTYPE html><table><tr><td>a@example.com</table>",
    "gzip": gzip.compress(csv_bytes(PEOPLE)),
    "zip": zipped({"people.csv": csv_bytes(PEOPLE)}),
    "xml": b'<?xml version="1.0"?><Workbook>',
    "json": b'[{"E-mail": "a@example.com"}]',
}
MISLABELLED = {f"{kind} called .{ending}": (content, f"people.{ending}")
               for kind, content in CONTENTS.items() for ending in ("csv", "xlsx", "xls")}  # fmt: skip
