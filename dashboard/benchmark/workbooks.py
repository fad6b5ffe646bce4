"""How fast and in how much memory a large XLSX is read, against openpyxl's read-only mode on the same workbook:
`python -m dashboard.benchmark.workbooks [ROWS]` prints it, `measured_workbook(rows)` is what the benchmark calls."""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboard.benchmark.programs import BenchFailed
from dashboard.local import ROOT

ROWS = 200_000
HEADERS = (
    "email", "phone", "first name", "last name", "born", "city", "sex", "card", "level", "points", "last purchase",
    "spent", "source", "consent", "notes",
)  # fmt: skip
FIRST_NAMES = ("Анна", "Мария", "Иван", "Пётр", "Ольга")
CITIES = ("Москва", "Нижний Новгород", "Пермь")
ROWS_AT_ONCE = 2_000
NAMES = "http://schemas.openxmlformats.org"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{NAMES}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{NAMES}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{NAMES}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{NAMES}/spreadsheetml/2006/main" '
    f'xmlns:r="{NAMES}/officeDocument/2006/relationships"><sheets><sheet name="People" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NAMES}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{NAMES}/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{NAMES}/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{NAMES}/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{NAMES}/spreadsheetml/2006/main"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/>'
    '</cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
}
OPENPYXL = """
import json, sys, time, openpyxl
begun = time.process_time()
rows = sum(1 for _ in openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True))
print(json.dumps({"rows": rows - 1, "seconds": time.process_time() - begun}))
"""
OURS = """
import json, resource, sys
from pathlib import Path
from imports.reading import EncodedSlice, inspect, read_table
with Path(sys.argv[1]).open("rb") as source:
    options = inspect(source, name="bench.xlsx").options
    looked = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = sum(item.rows for item in read_table(source, options=options) if isinstance(item, EncodedSlice))
used = resource.getrusage(resource.RUSAGE_CHILDREN)
look = looked.ru_utime + looked.ru_stime
seconds = used.ru_utime + used.ru_stime - look
print(json.dumps({"rows": rows, "seconds": seconds, "look": look, "kilobytes": used.ru_maxrss}))
"""
STREAM = """
import json, sys, time
from pathlib import Path
from imports.reading.source import StoredFile
from imports.reading.table import DEFAULT_LIMITS, UNDECIDED
from imports.reading.workbook import open_workbook
begun = time.process_time()
with Path(sys.argv[1]).open("rb") as source:
    records = open_workbook(StoredFile(source.fileno()), UNDECIDED, DEFAULT_LIMITS)[0]
    rows = sum(1 for _ in records)
print(json.dumps({"rows": rows - 1, "seconds": time.process_time() - begun}))
"""


@dataclass(frozen=True, slots=True)
class WorkbookFigures:
    """Processor seconds of each side for one workbook of `rows` x 15.

    `openpyxl` iterates over the values; `cells` is our reader doing just that, and giving texts; `ours` is the whole
    reading child: start, cells, the table's slices as JSON; `look` the child that only shows the head. `peak_mb` is
    the largest of our children (resident).
    """

    rows: int
    openpyxl: float
    cells: float
    ours: float
    look: float
    peak_mb: float

    @property
    def times(self) -> float:
        """Cells against cells: how many times as fast as openpyxl."""
        return self.openpyxl / self.cells

    @property
    def times_child(self) -> float:
        """The same with all that the child does beyond: the price of the table is ours alone."""
        return self.openpyxl / self.ours


def measured_workbook(rows: int = ROWS) -> WorkbookFigures:
    """Make a workbook, read it in three processes of their own, one after the other. Raises BenchFailed."""
    with tempfile.TemporaryDirectory(prefix="bench-xlsx-") as folder:
        path = Path(folder) / "people.xlsx"
        write_workbook(path, rows)
        slow, stream, ours = (_told(program, path, rows) for program in (OPENPYXL, STREAM, OURS))
    return WorkbookFigures(
        rows=rows,
        openpyxl=slow["seconds"],
        cells=stream["seconds"],
        ours=ours["seconds"],
        look=ours["look"],
        peak_mb=ours["kilobytes"] / 1024,
    )


def write_workbook(path: Path, rows: int) -> None:
    """An XLSX of `rows` people in 15 columns as Excel would store it: texts shared, dates by style. About 150,000
    rows a second; the same bytes each time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in PARTS.items():
            archive.writestr(_member(name), HEAD + content)
        for name, pieces in (("worksheets/sheet1", _sheet(rows)), ("sharedStrings", _strings(rows))):
            with archive.open(_member(f"xl/{name}.xml"), "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece.encode())


def _member(name: str) -> zipfile.ZipInfo:
    """Always of the same date, so that the same rows make the same bytes."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _sheet(rows: int) -> Iterator[str]:
    yield f'{HEAD}<worksheet xmlns="{NAMES}/spreadsheetml/2006/main"><sheetData><row r="1">'
    yield "".join(f'<c r="{chr(65 + place)}1" t="s"><v>{place}</v></c>' for place in range(len(HEADERS)))
    yield "</row>"
    for first in range(1, rows + 1, ROWS_AT_ONCE):
        yield "".join(map(_row, range(first, min(first + ROWS_AT_ONCE, rows + 1))))
    yield "</sheetData></worksheet>"


def _row(n: int) -> str:
    r = n + 1
    unique, often = len(HEADERS) + len(FIRST_NAMES) + len(CITIES) + 2 * (n - 1), len(HEADERS)
    return (
        f'<row r="{r}" spans="1:15"><c r="A{r}" t="s"><v>{unique}</v></c><c r="B{r}"><v>{79_000_000_000 + n}</v></c>'
        f'<c r="C{r}" t="s"><v>{often + n % 5}</v></c><c r="D{r}" t="s"><v>{often + n % 3}</v></c>'
        f'<c r="E{r}" s="1"><v>{30_000 + n % 9_000}</v></c><c r="F{r}" t="s"><v>{often + 5 + n % 3}</v></c>'
        f'<c r="G{r}" t="s"><v>{often + n % 2}</v></c><c r="H{r}" t="s"><v>{unique + 1}</v></c>'
        f'<c r="I{r}"><v>{n % 7}</v></c><c r="J{r}"><v>{n * 3 % 1_000}</v></c>'
        f'<c r="K{r}" s="1"><v>{45_000 + n % 365}</v></c><c r="L{r}"><v>{n * 7919 % 1_000_000 / 100}</v></c>'
        f'<c r="M{r}" t="s"><v>12</v></c><c r="N{r}" t="b"><v>{n % 2}</v></c><c r="O{r}" t="s"><v>14</v></c></row>'
    )


def _strings(rows: int) -> Iterator[str]:
    yield f'{HEAD}<sst xmlns="{NAMES}/spreadsheetml/2006/main">'
    yield "".join(f"<si><t>{text}</t></si>" for text in (*HEADERS, *FIRST_NAMES, *CITIES))
    for first in range(1, rows + 1, ROWS_AT_ONCE):
        people = range(first, min(first + ROWS_AT_ONCE, rows + 1))
        yield "".join(f"<si><t>user{n}@example.com</t></si><si><t>{10**11 + n}</t></si>" for n in people)
    yield "</sst>"


def _told(program: str, path: Path, rows: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if done.returncode:
        raise BenchFailed(f"the workbook was not read: {done.stderr.strip().splitlines()[-1:]}")
    told = dict(json.loads(done.stdout))
    if told["rows"] != rows:
        raise BenchFailed(f"{told['rows']} rows of {rows} were read")
    return told


if __name__ == "__main__":
    found = measured_workbook(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    print(f"{found}\ncells: {found.times:.1f} x openpyxl; the whole child: {found.times_child:.1f} x")
