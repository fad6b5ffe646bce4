"""What the two kinds of JSON files share: profiles under the keys of all of them, as rows of text."""

from collections.abc import Iterator
from typing import Any, TextIO

from imports.reading.charset import LONE_SURROGATE, UNDECODABLE, open_text
from imports.reading.json_values import WRAP, CellWriter, Decoder, kind_name, unwrap
from imports.reading.marks import Marked
from imports.reading.records import LARGEST_SLICE, ROWS_AHEAD
from imports.reading.source import StoredFile
from imports.reading.table import Limits, Note, Unreadable, note

Element = tuple[int, dict[str, Any] | None, list[Note]]
"""(row number, the profile or None where there is none, what is wrong with the row)"""


class ProfileRecords(Marked):
    """Iterates over profiles as rows under the keys that `gather` found. `cost` grows with the bytes taken in."""

    def __init__(self, source: StoredFile, encoding: str, limits: Limits) -> None:
        super().__init__()
        self._source = self._file = source
        self._encoding = encoding
        self._limits = limits
        self._decoder = Decoder()
        self._writer = CellWriter()
        self._keys: dict[str, None] = {}

    @property
    def cost(self) -> int:
        return self._file.position

    def gather(self, *, whole: bool) -> list[str]:
        """All keys in order of appearance; of the head only, as far as a table looks ahead, unless `whole`.

        Raises Unreadable, also for what is broken anywhere in the part that was looked at.
        """
        filled = strange = rows = 0
        for rows, (_, profile, faults) in enumerate(self.elements(keys_only=True), 1):
            strange += bool(faults)
            filled += bool(profile or faults)
            if profile and not profile.keys() <= self._keys.keys():
                self._keys |= dict.fromkeys(profile)
                self._refuse_many_keys()
            if not whole and filled and (rows >= ROWS_AHEAD or self.cost > LARGEST_SLICE // 4):
                break
        if not self._keys:
            raise Unreadable("json_no_profiles" if strange else "empty_file")
        return list(self._keys)

    def __iter__(self) -> Iterator[list[str]]:
        width = len(self._keys)
        for number, profile, faults in self.elements():
            if faults:
                self.faults[number] = faults
            yield [""] * width if profile is None else self._row(number, profile)

    def remarks(self) -> list[Note]:
        return self._writer.remarks(list(self._keys))

    def elements(self, *, keys_only: bool = False) -> Iterator[Element]:
        """From the first one, whenever it is asked for; with `keys_only`, values may be anything."""
        raise NotImplementedError

    def _row(self, number: int, profile: dict[str, Any]) -> list[str]:
        text = self._writer.text
        values = enumerate(map(profile.get, self._keys))
        try:
            cells = [value if isinstance(value, str) else text(value, column) for column, value in values]
        except Unreadable as fault:
            self.faults.setdefault(number, []).append((fault.code, fault.params))
            return [""] * len(self._keys)
        # Broken bytes were refused before: this one was written as an escape, and is the fault of its row alone.
        if UNDECODABLE in "".join(cells):
            cells = [cell.replace(UNDECODABLE, LONE_SURROGATE) for cell in cells]
        return cells

    def opened(self) -> TextIO:
        """The text from its start."""
        self._file = self._source.again()
        return open_text(self._file, self._encoding)

    def element(self, number: int, value: Any, faults: list[Note]) -> Element:
        if type(value) is not dict:
            return number, None, [*faults, note("json_not_an_object", found=kind_name(value))]
        if WRAP in value:
            value, wrong = unwrap(value)
            faults = faults + wrong
        return number, value, faults

    def _refuse_many_keys(self) -> None:
        if len(self._keys) > self._limits.columns:
            raise Unreadable("too_many_columns", found=len(self._keys), limit=self._limits.columns)

    def undecodable(self, number: int) -> Unreadable:
        return Unreadable("undecodable", row=number, encoding=self._encoding)
