"""Cells copied out of a spreadsheet, as the clipboard carries them."""

import re

from imports.reading.headers import clean_header, find_header, is_value

# A cell in quotes ends where a tab or a line end follows; a quote that is never closed so is part of the text.
CELL = re.compile(r'"((?:[^"]|"")*+)"(?=\t|\r|\n|\Z)|([^\t\r\n]*)')
LINE_END = re.compile(r"\r\n|\r|\n")


def pasted_rows(text: str) -> list[list[str]]:
    """Tab-separated cells in lines; quotes around a cell let it hold tabs, line breaks and doubled quotes.

    Excel, LibreOffice and Google Sheets all write so. Every row is as wide as the widest, a last empty line is none.
    """
    rows: list[list[str]] = [[]]
    place = 0
    while found := CELL.match(text, place):
        place = found.end()
        rows[-1].append(found[2] if found[1] is None else LINE_END.sub("\n", found[1].replace('""', '"')))
        if place == len(text):
            break
        end = LINE_END.match(text, place)
        place = end.end() if end else place + 1
        if end:
            rows.append([])
    if len(rows) > 1 and rows[-1] == [""]:
        rows.pop()
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def pasted_header(rows: list[list[str]]) -> tuple[list[str] | None, bool]:
    """(the names in the first line, whether the cells below prove it); (None, False) when it is a row like the others.

    Words above words prove nothing: two people's names look no different from a header and a name.
    """
    if len(rows) < 2 or find_header(rows) != 0:
        return None, False
    names = [clean_header(cell) for cell in rows[0]]
    proven = any(is_value(below.strip()) for name, below in zip(names, rows[1], strict=True) if name)
    return names, proven and not any(map(is_value, names))
