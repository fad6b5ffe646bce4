"""What a block of rows looks like as nearly every program writes it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellPattern:
    """Splitting a block by `cell` gives, for each cell, the gap before it and its groups: column, row, other
    attributes, formula, value, an inline text's attributes and its content.

    The last four are where the places given here say (the attributes before `inline`), 0 for groups it does not have;
    `fields` is how many parts a cell makes. `simple`: every cell has a value, and
    nothing but a value.
    """

    cell: re.Pattern[str]
    value: int
    formula: int
    inline: int
    fields: int
    simple: bool


class RowPatterns:
    """The patterns of a sheet whose tags have this prefix. Each knows no more than a block needs: that is quickest.

    `usual` is the one that fitted last, to be tried first.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = p = re.escape(prefix)
        self._formula, self._inline = f"<{prefix}f", f"<{prefix}is>"
        self.no_value = f"<{prefix}v></{prefix}v>"
        self._known: dict[tuple[bool, bool, bool], CellPattern] = {}
        self.usual = self._cell_pattern(False, False, False)
        opened = rf'<{p}row r="([0-9]{{1,7}})"[^<>/]*>'
        blank = rf"(?:<{p}row[^<>/]*></{p}row>\s*|<{p}row[^<>/]*/>\s*)*"
        self.first = re.compile(rf"\s*{blank}{opened}")
        self.following = re.compile(rf"</{p}row>\s*{blank}{opened}")
        self.last = re.compile(rf"</{p}row>\s*{blank}")

    def fitting(self, block: str) -> CellPattern:
        """The pattern for cells of the kinds this block has."""
        kinds = (self._formula in block, self._inline in block, "/>" in block)
        if kinds not in self._known:
            self._known[kinds] = self._cell_pattern(*kinds)
        return self._known[kinds]

    def _cell_pattern(self, *kinds: bool) -> CellPattern:
        formulas, inline, empty = kinds
        p = self._prefix
        formula = rf"(<{p}f(?: [^<>]*)?(?:/>|>[^<]*</{p}f>))?" if formulas else ""
        content = f"<{p}v>([^<]*)</{p}v>"
        if inline:
            content = rf"(?:{content}|<{p}is><{p}t([^<>/]*)>([^<]*)</{p}t></{p}is>)"
        if formulas or empty:
            content = f"(?:{content})?"
        rest = f">{formula}{content}</{p}c>"
        if empty:
            rest = f"(?:/>|{rest})"
        cell = re.compile(rf'<{p}c r="([A-Z]{{1,3}})([0-9]{{1,7}})"([^<>/]*){rest}')
        value = 5 if formulas else 4
        return CellPattern(
            cell, value, 4 if formulas else 0, value + 2 if inline else 0, cell.groups + 1, not any(kinds)
        )
