"""What an XLSX package holds and where: its sheets, shared strings and styles, by way of the workbook's relations.

Source: ECMA-376, part 1, sections 18.2.19 (sheets), 18.2.28 (workbookPr); part 2, section 9 (parts and relations).
"""

import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

from imports.reading.archive import inflated, refuse_doctypes
from imports.reading.source import StoredFile
from imports.reading.xlsx.markup import broken

BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
LARGEST_PART = 64 * 1024 * 1024  # bytes of a part that is parsed in one go


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, the member it is written in (None: not in the archive), whether a person can see it."""

    name: str
    member: zipfile.ZipInfo | None
    visible: bool


@dataclass(frozen=True, slots=True)
class Book:
    """`from_1904`: its dates are counted from 1904."""

    sheets: list[Sheet]
    strings: zipfile.ZipInfo | None
    styles: zipfile.ZipInfo | None
    from_1904: bool

    @property
    def streamed(self) -> set[str]:
        """Names of the members that are too large to be looked through before they are read."""
        members = [*(sheet.member for sheet in self.sheets), self.strings]
        return {member.filename for member in members if member}


def open_book(source: StoredFile, archive: zipfile.ZipFile) -> Book:
    """Raises Unreadable("broken_workbook") when the workbook or its relations cannot be understood."""
    members = {member.filename.replace("\\", "/").lower(): member for member in archive.infolist()}
    book = _parsed(source, members.get(BOOK))
    relations = {
        relation.get("Id", ""): (relation.get("Type", "").rpartition("/")[2], _member_name(relation.get("Target", "")))
        for relation in _parsed(source, members.get(RELATIONS))
    }
    sheets = []
    for entry in book.iter():
        if entry.tag.endswith("}sheet"):
            kind, name = relations.get(_relation_id(entry), ("worksheet", ""))
            if kind == "worksheet":
                visible = entry.get("state", "visible") == "visible"
                sheets.append(Sheet(entry.get("name", ""), members.get(name.lower()), visible))
    if not sheets:
        raise broken("Sheets")
    others = dict(relations.values())
    return Book(
        sheets=sheets,
        strings=members.get(others.get("sharedStrings", "xl/sharedStrings.xml").lower()),
        styles=members.get(others.get("styles", "xl/styles.xml").lower()),
        from_1904=any(
            entry.get("date1904", "") in ("1", "true", "on") for entry in book if entry.tag.endswith("}workbookPr")
        ),
    )


def part_bytes(source: StoredFile, member: zipfile.ZipInfo | None) -> bytes:
    """All of a small part. Raises Unreadable when it is missing or large."""
    if member is None or member.file_size > LARGEST_PART:
        raise broken("Part")
    return b"".join(inflated(source, member))


def _parsed(source: StoredFile, member: zipfile.ZipInfo | None) -> ElementTree.Element:
    content = part_bytes(source, member)
    refuse_doctypes(content)
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - without a document type there is nothing to expand
    except (ElementTree.ParseError, ValueError) as error:
        raise broken("XmlError") from error


def _member_name(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else ""


def _relation_id(entry: ElementTree.Element) -> str:
    """The r:id attribute, under whichever of the two namespaces the standard has for it."""
    return next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
