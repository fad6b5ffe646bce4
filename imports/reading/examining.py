"""A look through the bytes of a workbook by the rules of its format, before the parser gets them."""

import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from imports.reading.archive import CONTENT, inflated, is_open_document, open_archive, scan_archive
from imports.reading.biff import open_old
from imports.reading.compound import MARK
from imports.reading.findings import SheetFindings
from imports.reading.open_document import errors_of
from imports.reading.source import StoredFile
from imports.reading.table import Limits, Note, note


@dataclass(frozen=True, slots=True)
class Examined:
    """Findings by the sheet's name, or by its place where names are not known; notes for whoever sent the file."""

    by_name: Mapping[str, SheetFindings] = field(default_factory=dict)
    by_place: Sequence[SheetFindings] = ()
    notes: list[Note] = field(default_factory=list)

    def findings(self, name: str, place: int) -> SheetFindings:
        if place < len(self.by_place):
            return self.by_place[place]
        return self.by_name.get(name, SheetFindings())


def examine(source: StoredFile, limits: Limits) -> Examined:
    """What can be told without a parser. Raises Unreadable for a workbook that is encrypted, broken or dangerous."""
    if source.at(0, len(MARK)) == MARK:
        findings, macros = open_old(source)
        return Examined(by_place=findings, notes=[note("macros_ignored")] if macros else [])
    archive = open_archive(source)
    members = scan_archive(source, archive, limits)
    if not is_open_document(archive):
        return Examined(by_name=_by_sheet(archive, members))
    if not members[CONTENT].marked:
        return Examined()
    return Examined(by_name=errors_of(inflated(source, archive.getinfo(CONTENT))))


def _by_sheet(archive: zipfile.ZipFile, members: Mapping[str, SheetFindings]) -> dict[str, SheetFindings]:
    """Findings of the member each sheet is written in, by way of the workbook's relations, as far as these tell."""
    try:
        # Archives with a DOCTYPE anywhere were refused before, so there is nothing to expand in here.
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        return {}
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = {entry.get("name", ""): _relation_id(entry) for entry in book.iter() if entry.tag.endswith("}sheet")}
    return {name: members.get(_member_name(targets.get(sheet, "")), SheetFindings()) for name, sheet in sheets.items()}


def _member_name(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else ""


def _relation_id(entry: ElementTree.Element) -> str:
    """The r:id attribute, under whichever of the two namespaces the standard has for it."""
    return next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
