"""The values reading deals in: what is asked, what is allowed, what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import orjson

from imports.reading.parts import MOST_PARTS, cut_columns, join_columns, join_parts, runs_of, split_parts

DELIMITED = "delimited"
WORKBOOK = "workbook"
RECORDS = "records"
DETECT_HEADER = -1

Note = tuple[str, dict[str, str]]
Fault = tuple[int, int, str, dict[str, str]]


class Unreadable(Exception):
    """The source is no table we can read. `code` says why, `params` hold the figures; never a cell's value."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


def note(code: str, **params: object) -> Note:
    """Something worth telling about a table that can be read all the same."""
    return code, {name: str(value) for name, value in params.items()}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a source. An empty text, or `DETECT_HEADER`, leaves that one choice to detection."""

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    header_row: int = 1

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values; `from_plain` takes it back."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Take back what `to_plain` gave. Missing names get the defaults, unknown ones are ignored."""
        return cls(
            format=str(plain["format"]),
            encoding=str(plain.get("encoding", "utf-8")),
            delimiter=str(plain.get("delimiter", ",")),
            sheet=str(plain.get("sheet", "")),
            header_row=int(plain.get("header_row", 1)),
        )


UNDECIDED = ReadOptions(format="", encoding="", delimiter="", sheet="", header_row=DETECT_HEADER)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may cost. Sizes in bytes, a cell in characters, times in seconds spent waiting for the reader."""

    bytes: int = 512 * 1024 * 1024
    rows: int = 1_100_000
    columns: int = 1_000
    cell: int = 32_767
    wall_seconds: float = 600.0
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    inflated_bytes: int = 6 * 1024 * 1024 * 1024
    inflate_ratio: int = 200
    members: int = 2_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Inspection:
    """A look at the head of a source: the options used or detected, the headers, the first 20 data rows.

    `rows` pairs the spreadsheet row number with the cells; a cell is cut to 2,000 characters here, nowhere else.
    """

    options: ReadOptions
    sheets: list[str]
    headers: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[Note]

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            options=ReadOptions.from_plain(plain["options"]),
            sheets=plain["sheets"],
            headers=plain["headers"],
            rows=[(number, cells) for number, cells in plain["rows"]],
            notes=[(code, params) for code, params in plain["notes"]],
        )


@dataclass(frozen=True, slots=True)
class EncodedSlice:
    """Up to `slice_rows` rows as the bytes of a `TableSlice`, its parts joined. Row numbers are the spreadsheet's."""

    number: int
    first_row: int
    last_row: int
    rows: int
    payload: bytes

    @property
    def parts(self) -> list[bytes]:
        """As they are stored. Raises ValueError when the payload is something else."""
        return split_parts(self.payload)


@dataclass(frozen=True, slots=True)
class ColumnStats:
    """What a column holds: how many cells hold anything, and three telling values, cut to 200 characters.

    `values` are all its different cells with their counts, where there are few; None where there are many. `dates` are
    the counts of DateEvidence over all its cells; None where the first ones did not look like dates.
    """

    header: str
    filled: int
    first: str
    longest: str
    oddest: str
    values: list[tuple[str, int]] | None = None
    dates: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class TableSummary:
    """The last thing `read_table` yields. `rows` counts data rows; blank ones are only in `blank_rows`.

    `notes` holds what only the whole table could show; the inspection has told the rest.
    """

    headers: list[str]
    rows: int
    blank_rows: int
    columns: list[ColumnStats]
    notes: list[Note]

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            headers=plain["headers"],
            rows=plain["rows"],
            blank_rows=plain["blank_rows"],
            columns=[ColumnStats(**column) for column in plain["columns"]],
            notes=[(code, params) for code, params in plain["notes"]],
        )


@dataclass(slots=True)
class TableSlice:
    """Consecutive data rows by column: every list in `columns` is as long as `row_numbers`.

    A fault is (place in the slice, column, code, params); column -1 means the whole row.
    """

    number: int
    row_numbers: list[int]
    columns: list[list[str]]
    faults: list[Fault] = field(default_factory=list)

    def to_parts(self) -> list[bytes]:
        """As it is stored: a head, then the cells of some rows each. Raises orjson.JSONEncodeError when a cell holds a
        lone surrogate."""
        rows = len(self.row_numbers)
        step = max(1, -(-rows // MOST_PARTS))
        head = {"number": self.number, "runs": runs_of(self.row_numbers), "faults": self.faults, "step": step}
        return [orjson.dumps(head), *cut_columns(self.columns, rows, step)]

    @classmethod
    def from_parts(cls, parts: Sequence[bytes]) -> Self:
        """Take back what `to_parts` gave. Raises ValueError (KeyError, TypeError) when the parts are something else."""
        plain = orjson.loads(parts[0])
        faults = [(index, column, code, params) for index, column, code, params in plain["faults"]]
        if "columns" in plain:  # as earlier versions stored it: all in one
            return cls(plain["number"], plain["row_numbers"], plain["columns"], faults)
        numbers = [number for first, count in plain["runs"] for number in range(first, first + count)]
        return cls(plain["number"], numbers, join_columns(parts[1:]), faults)

    def to_bytes(self) -> bytes:
        """The parts in one piece. Raises as `to_parts` does."""
        return join_parts(self.to_parts())

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Take back what `to_bytes` gave. Raises as `from_parts` does."""
        return cls.from_parts(split_parts(payload))
