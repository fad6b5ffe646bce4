"""A look through the bytes of a workbook by the rules of its format, before the parser gets them."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imports.reading.archive import CONTENT, inflated, refuse_claims, scan_archive
from imports.reading.biff import open_old
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


def examine(source: StoredFile, archive: zipfile.ZipFile | None, limits: Limits) -> Examined:
    """What can be told without a parser of an ODS (`archive`) or XLS workbook.

    Raises Unreadable for one that is encrypted, broken or dangerous.
    """
    if archive is None:
        findings, macros = open_old(source)
        return Examined(by_place=findings, notes=[note("macros_ignored")] if macros else [])
    refuse_claims(archive, limits)
    if CONTENT not in scan_archive(source, archive):
        return Examined()
    return Examined(by_name=errors_of(inflated(source, archive.getinfo(CONTENT))))
