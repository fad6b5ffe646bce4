"""The calls that bring profiles in, one description each.

Where the documents contradict themselves the examples win over the parameter tables: they are what was really sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PROVEN_MATCHINGS: Final = ("email", "email_profile", "phone", "custom")
_CREATING = (
    *PROVEN_MATCHINGS,
    *("email_sub", "phone_sub", "email_phone", "email_phone_sub", "push_sub", "custom_sub"),
)
_UPDATING = (*_CREATING, "profile_id")


@dataclass(frozen=True, slots=True)
class Call:
    """One endpoint as its page describes it.

    `matchings` are the modes whose key can stand inside a profile ([] when the call does not search); `options` the
    further request parameters it takes; `wrapped` says that each profile stands as `{"data": {...}}`.
    """

    operation: str
    path: str
    matchings: tuple[str, ...]
    options: frozenset[str]
    wrapped: bool = False
    takes_database: bool = True
    takes_scenario: bool = False


def _options(*names: str) -> frozenset[str]:
    return frozenset({"skip_triggers", "skip_invalid_subscriptions", *names})


CALLS: Final[Mapping[str, Call]] = {
    # Source: profiles/import_batch, Request parameters
    "import": Call("import", "profiles/import_batch", _CREATING, _options("resource_id", "detect_geo")),
    # Source: profiles/update_batch. Its table leaves skip_triggers out, its example sends it.
    "update": Call("update", "profiles/update_batch", _UPDATING, _options("resource_id")),
    # Source: profiles/add_batch/, printed with the closing slash; it does not search.
    "add": Call("add", "profiles/add_batch/", (), _options()),
    # Source: workflows/import_and_start_batch. No db_id: the scenario knows its database.
    "scenario": Call(
        "scenario",
        "workflows/import_and_start_batch",
        ("email", "email_profile", "phone", "profile_id", "custom"),
        _options("detect_geo", "content", "attach", "custom_request"),
        wrapped=True,
        takes_database=False,
        takes_scenario=True,
    ),
}

SINGLE_CALLS: Final[Mapping[str, Call]] = {
    # Source: profiles/import (v74), Request parameters
    "import": Call(
        "import", "profiles/import", _UPDATING, _options("detect_geo", "add_to_segments", "remove_from_segments")
    ),
    # profiles/update: its page could not be read; taken to be profiles/import without creating.
    "update": Call(
        "update", "profiles/update", _UPDATING, _options("detect_geo", "add_to_segments", "remove_from_segments")
    ),
    # Source: profiles/add
    "add": Call("add", "profiles/add", (), _options()),
}
