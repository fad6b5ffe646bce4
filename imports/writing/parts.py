"""What stands around the rows of a workbook: its list of sheets, three styles, and the beginning of a sheet."""

from collections.abc import Collection
from typing import Final

TEXT, HEADER, MARKED = 1, 2, 3  # places in cellXfs below; 0 is the format of a cell nobody has spoken of
WIDTH: Final = 18  # of a column, in characters

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET_END: Final = "</sheetData></worksheet>"
# 49 is the built-in number format "@": text, whatever is typed.
STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill'
    ' patternType="solid"><fgColor rgb="FFFFE08A"/><bgColor indexed="64"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def column_name(place: int) -> str:
    """The letters of a 0-based column: A, B, ..., Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_start(columns: int, hidden: Collection[int]) -> str:
    """The beginning of a sheet: its header stays in sight, its columns are text."""
    shown = {True: ' hidden="1"', False: ""}
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{WIDTH}" style="{TEXT}" customWidth="1"{shown[place - 1 in hidden]}/>'
        for place in range(1, columns + 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{widths}</cols>' if columns else ''}<sheetData>"
    )


def around(sheets: int) -> dict[str, str]:
    """Every other part of a package with so many sheets, by its name."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="Sheet{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    related = "".join(_relation(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    related += _relation("rIdStyles", "styles", "styles.xml")
    typed = "".join(_type(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers)
    typed += _type("/xl/workbook.xml", "sheet.main") + _type("/xl/styles.xml", "styles")
    workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": _XML + workbook,
        "xl/_rels/workbook.xml.rels": _relations(related),
        "_rels/.rels": _relations(_relation("rId1", "officeDocument", "xl/workbook.xml")),
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/>{typed}</Types>',
    }


def _relations(listed: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _relation(identity: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identity}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


def _type(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_KIND}.{kind}+xml"/>'
