"""What the style of a cell makes of the number in it: a date, a time that goes on counting, a code with zeros.

Source: ECMA-376, part 1, sections 18.8.30 (numFmt, with the built-in numbers) and 18.8.10 (cellXfs).
"""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from imports.reading.xlsx.markup import broken

PLAIN: Final = 0  # a positive kind is the number of digits the cell shows at least
DATE: Final = -1
DURATION: Final = -2
BUILT_IN: Final = {**dict.fromkeys((*range(14, 23), 45, 47), DATE), 46: DURATION}
ZEROS: Final = re.compile("0{2,40}")
# Only the first section counts. Literals: "…", \x, _x (a blank as wide as x), *x (x as often as there is room).
_TOKEN: Final = re.compile(r'"[^"]*"?|[\\_*].?|\[([^\]]*)\]?|(;)|([dmhysDMHYS]|[aA][^;"]*?[pmPM/])|.', re.DOTALL)
_COUNTING: Final = re.compile("h+|m+|s+", re.IGNORECASE)


def style_kinds(styles: bytes) -> Sequence[int]:
    """The kind of number each cell style (by its index) shows, from the bytes of styles.xml. Raises Unreadable."""
    try:
        # Archives with a DOCTYPE in such a part were refused before, so there is nothing to expand in here.
        sheet = ElementTree.fromstring(styles)  # noqa: S314
    except (ElementTree.ParseError, ValueError) as error:
        raise broken("Styles") from error
    kinds: dict[str, int] = {str(number): kind for number, kind in BUILT_IN.items()}
    listed: list[int] = []
    for part in sheet:
        name = part.tag.rpartition("}")[2]
        if name == "numFmts":
            formats = ((form.get("numFmtId", ""), form.get("formatCode", "")) for form in part)
            kinds.update((number, format_kind(code)) for number, code in formats if code)
        elif name == "cellXfs":
            listed = [kinds.get(style.get("numFmtId", ""), PLAIN) for style in part]
    return listed


def format_kind(code: str) -> int:
    """The kind of one number format: `yyyy-mm-dd` a DATE, `[h]:mm` a DURATION, `00000` five digits, others PLAIN."""
    if ZEROS.fullmatch(code):
        return len(code)
    for bracketed, section, date in _TOKEN.findall(code):
        if section:
            return PLAIN
        if bracketed and _COUNTING.fullmatch(bracketed):
            return DURATION
        if date:
            return DATE
    return PLAIN
