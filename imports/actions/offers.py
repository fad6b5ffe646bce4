"""What a page may offer for choosing, and a person's choices as the values the domain takes."""

from collections.abc import Mapping

from imports.actions.connections import mapped_fields
from imports.altcraft import CALLS
from imports.destination import Destination
from imports.mapping import ColumnMapping, Problem
from imports.models import Connection
from imports.reading import ENCODINGS, UNDECIDED, ReadOptions
from imports.validation import clean_slice

DELIMITERS = (",", ";", "\t", "|")


def offered_matchings(operation: str) -> tuple[str, ...]:
    """The ways this call can find people, whose key can stand in a table; () when it searches nobody."""
    return CALLS[operation].matchings if operation in CALLS else ()


def offered_encodings() -> tuple[str, ...]:
    return ENCODINGS


def offered_delimiters() -> tuple[str, ...]:
    return DELIMITERS


def read_options(found: ReadOptions | None, chosen: Mapping[str, str]) -> ReadOptions:
    """The options a person chose over those that were found; what is left out or empty stays, or is detected."""
    plain = (found or UNDECIDED).to_plain()
    given = {name: chosen[name] for name in ("encoding", "delimiter", "sheet") if chosen.get(name)}
    header_row = chosen.get("header_row", "")
    if header_row.isdecimal() and len(header_row) < 8:
        given["header_row"] = header_row
    return ReadOptions.from_plain(plain | given)


def typed_problems(
    connection: Connection, destination: Destination, mapping: ColumnMapping, cells: list[str]
) -> list[Problem]:
    """What the check would find in one row of these cells; nothing is stored, nothing is sent."""
    fields = mapped_fields(connection, destination.database_id, mapping)
    rule = {"matching": destination.matching, "match_field": destination.match_field}
    return clean_slice([[cell] for cell in cells], mapping, fields, **rule).problems
