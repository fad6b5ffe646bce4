"""What a page may offer for choosing, and a person's choices as the values the domain takes."""

from collections.abc import Mapping
from typing import Any

from imports.actions.destinations import call_of
from imports.altcraft import Call
from imports.mapping import ACTION_KINDS, CONTACT_KINDS, TargetField
from imports.models import Connection
from imports.reading import ENCODINGS, RECORDS, UNDECIDED, UNICODE_ENCODINGS, ReadOptions

DELIMITERS = (",", ";", "\t", "|")


def offered_matchings(operation: str, *, single: bool = False) -> tuple[str, ...]:
    """The ways this call can find people; () when it searches nobody, or there is no such call."""
    call = _call(operation, single)
    return call.matchings if call else ()


def offered_options(operation: str, *, single: bool = False) -> frozenset[str]:
    """The optional request parameters this call takes, by the platform's names; any other that is chosen is a fault."""
    call = _call(operation, single)
    return call.options if call else frozenset()


def offered_channels(connection: Connection, resource_id: int) -> tuple[str, ...]:
    """The channels one can be subscribed to at a resource; all of them while the resource's own are not known."""
    resource: Mapping[str, Any] = next(
        (item for item in connection.part("resources") or () if item["id"] == resource_id), {}
    )
    told = resource.get("channels") or ()
    return tuple(channel for channel in CONTACT_KINDS if not told or channel in told)


def offered_actions(field: TargetField) -> tuple[str, ...]:
    """What a column may do to this field besides setting it."""
    return tuple(action for action, kinds in ACTION_KINDS.items() if field.kind in kinds)


def matching_note(matching: str) -> str:
    """The code of what a mode looks for and what it needs, for `imports.wording`."""
    return f"find_{matching}"


def offered_encodings(format_: str = "") -> tuple[str, ...]:
    """The encodings a file of this format may have; JSON knows the Unicode ones only."""
    return UNICODE_ENCODINGS if format_ == RECORDS else ENCODINGS


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


def _call(operation: str, single: bool) -> Call | None:
    """The call by which a page offers choices: the batch call where there is no single one."""
    return call_of(operation, single=single) or call_of(operation)
