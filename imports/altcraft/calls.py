"""Requests: what a call asks for besides the profiles, and the exact bytes that are posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

import orjson

from imports.altcraft.endpoints import CALLS, SINGLE_CALLS, Call
from imports.altcraft.errors import InvalidRequest

__all__ = ["CALLS", "SINGLE_CALLS", "AnyRequest", "BatchRequest", "Call", "SingleRequest"]

FIELD_MATCHINGS: Final = ("custom", "custom_sub")  # both take a field_name (Matching, required fields)
TOKEN_ROOM: Final = 512  # bytes kept free for `"token":"...",` when sizes are planned without knowing the token

Parts = tuple[bytes, bytes | memoryview, bytes]


@runtime_checkable
class JoinedTexts(Protocol):
    """JSON texts that lie in memory as they stand in a request: with commas between."""

    @property
    def joined(self) -> bytes | memoryview: ...


@dataclass(frozen=True, slots=True)
class _Request:
    """What batch and single requests have in common. Options left at None are not sent."""

    calls: ClassVar[Mapping[str, Call]]
    single: ClassVar[bool] = False

    operation: str
    database_id: int | None = None
    matching: str = "email"
    match_field: str = ""
    skip_triggers: bool = True
    skip_invalid_subscriptions: bool = False
    detect_geo: bool | None = None

    @property
    def call(self) -> Call:
        """The description of the endpoint. Raises InvalidRequest("operation_unknown")."""
        if self.operation not in self.calls:
            raise InvalidRequest("operation_unknown", operation=self.operation)
        return self.calls[self.operation]

    @property
    def path(self) -> str:
        return self.call.path

    def chosen_options(self) -> dict[str, Any]:
        """The optional parameters this request asks for, in the order they are sent."""
        return {
            "skip_triggers": self.skip_triggers,
            "skip_invalid_subscriptions": self.skip_invalid_subscriptions or None,
            "detect_geo": self.detect_geo,
        }

    def faults(self) -> list[tuple[str, dict[str, str]]]:
        """What its page would not let pass, as (code, params); [] when the request can be sent."""
        if self.operation not in self.calls:
            return [("operation_unknown", {"operation": self.operation})]
        return [*self._faults(self.call)]

    def _faults(self, call: Call) -> Iterator[tuple[str, dict[str, str]]]:
        if call.takes_database and self.database_id is None:
            yield "database_missing", {}
        if self._searches(call) and self.matching not in call.matchings:
            yield "matching_not_for_call", {"matching": self.matching}
        if call.matchings and self.matching in FIELD_MATCHINGS and not self.match_field:
            yield "match_field_missing", {}

    def _searches(self, call: Call) -> bool:
        return bool(call.matchings)

    def unsent_options(self) -> list[str]:
        """Options that were chosen but that this call does not take: they are left out of the request."""
        return [
            name
            for name, value in self.chosen_options().items()
            if value not in (None, False) and name not in self.call.options
        ]

    def _options_sent(self) -> dict[str, Any]:
        taken = self.call.options
        return {name: value for name, value in self.chosen_options().items() if value is not None and name in taken}

    def _refuse_faults(self) -> None:
        for code, params in self.faults():
            raise InvalidRequest(code, **params)


@dataclass(frozen=True, slots=True)
class BatchRequest(_Request):
    """Everything of a batch call but the profiles and the token.

    `content`, `attach` and `custom_request` belong to the scenario call: template variables and files for its
    messages, and a database query that stands in for a matching ("When no matching specified").
    """

    calls = CALLS

    resource_id: int | None = None
    scenario_id: int | None = None
    content: Mapping[str, Any] | None = None
    attach: Sequence[Mapping[str, Any]] | None = None
    custom_request: Mapping[str, Any] | None = None

    def envelope_size(self) -> int:
        """Bytes of the body without profiles and the commas between them, with room for a token."""
        return len(self.body((), None)) + TOKEN_ROOM

    def body(self, profiles: Sequence[bytes], token: str | None) -> bytes:
        """The exact bytes to post; `profiles` are JSON texts, already wrapped where the call wants that.

        `token` None leaves it out (it goes in a header then). Raises InvalidRequest.
        Source: profiles/import_batch, profiles/update_batch, workflows/import_and_start_batch, Request example.
        """
        return b"".join(self.parts(profiles, token))

    def parts(self, profiles: Sequence[bytes], token: str | None) -> Parts:
        """The same, not yet put together: megabytes are better copied once."""
        self._refuse_faults()
        head = orjson.dumps({**_token(token), **self._head(), "data": []})
        joined = profiles.joined if isinstance(profiles, JoinedTexts) else b",".join(profiles)
        return head[:-2], joined, b"]}"

    def chosen_options(self) -> dict[str, Any]:
        # no super(): a dataclass with slots is a new class, which the bare form does not find
        extra = {"content": self.content, "attach": self.attach, "custom_request": self.custom_request}
        return {"resource_id": self.resource_id, **_Request.chosen_options(self), **extra}

    def _head(self) -> dict[str, Any]:
        call = self.call
        head: dict[str, Any] = {"db_id": self.database_id} if call.takes_database else {"workflow_id": self.scenario_id}
        if self._searches(call):
            head["matching"] = self.matching
            if self.matching in FIELD_MATCHINGS:
                head["field_name"] = self.match_field
        return head | self._options_sent()

    def _searches(self, call: Call) -> bool:
        by_query = not self.matching and bool(self.custom_request) and "custom_request" in call.options
        return bool(call.matchings) and not by_query

    def _faults(self, call: Call) -> Iterator[tuple[str, dict[str, str]]]:
        yield from _Request._faults(self, call)
        if call.takes_scenario and self.scenario_id is None:
            yield "scenario_missing", {}


@dataclass(frozen=True, slots=True)
class SingleRequest(_Request):
    """Everything of a one-profile call but the profile and the token; the value searched for stands beside `data`.

    The value is `match_value`, or with `placed` it comes with the profile: `{"email": ..., "data": {...}}`.
    """

    calls = SINGLE_CALLS
    single = True

    match_value: str | int | None = None
    add_to_segments: Sequence[int] | None = None
    remove_from_segments: Sequence[int] | None = None
    placed: bool = False

    def envelope_size(self) -> int:
        """Bytes of the body without its placed profile, with room for a token."""
        return len(orjson.dumps(self._head())) + TOKEN_ROOM

    def body(self, profiles: Sequence[bytes], token: str | None) -> bytes:
        """The exact bytes to post for the one JSON text in `profiles`. Raises InvalidRequest.

        Source: profiles/import, Request examples.
        """
        return b"".join(self.parts(profiles, token))

    def parts(self, profiles: Sequence[bytes], token: str | None) -> Parts:
        """The same, not yet put together."""
        self._refuse_faults()
        (profile,) = profiles
        if self.placed:
            return orjson.dumps({**_token(token), **self._head()})[:-1], b",", profile[1:]
        head = orjson.dumps({**_token(token), **self._head(), "data": 0})
        return head[:-2], profile, b"}"

    def chosen_options(self) -> dict[str, Any]:
        extra = {"add_to_segments": self.add_to_segments, "remove_from_segments": self.remove_from_segments}
        return {**_Request.chosen_options(self), **extra}

    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = {"db_id": self.database_id}
        if self.call.matchings:
            named = {"field_name": self.match_field} if self.matching in FIELD_MATCHINGS else {}
            head |= {"matching": self.matching, **named, **({} if self.placed else self._match_member())}
        return head | self._options_sent()

    def _match_member(self) -> dict[str, Any]:
        if self.matching in FIELD_MATCHINGS:
            return {"field_value": self.match_value}
        if self.matching == "profile_id":
            return {"profile_id": self.match_value}
        mail = self.matching in ("email", "email_profile", "email_sub")
        both = self.matching in ("email_phone", "email_phone_sub")
        return {"email" if mail or (both and "@" in str(self.match_value)) else "phone": self.match_value}

    def _faults(self, call: Call) -> Iterator[tuple[str, dict[str, str]]]:
        yield from _Request._faults(self, call)
        if call.matchings and not self.placed and self.match_value in (None, ""):
            yield "match_value_missing", {}


AnyRequest = BatchRequest | SingleRequest


def _token(token: str | None) -> dict[str, str]:
    return {} if token is None else {"token": token}
