"""A value that must not be seen: not in a repr, a log, a pickle, a page or an answer that quotes it."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NoReturn
from urllib.parse import quote, quote_plus

MASK: Final = "***"
SHORTEST: Final = 4  # characters; anything shorter stands in every text by chance, and is no secret


class Secret:
    """Holds one secret text. Ask for it with `reveal()`, as late as possible and never into a name that stays."""

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        return self.__value

    def hide(self, text: str) -> str:
        """`text` without the secret, whether it stands there plain or escaped."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return text

    def hide_bytes(self, body: bytes, limit: int) -> bytes:
        """The first `limit` bytes of `body` without the secret, which may reach across the cut."""
        longest = max((len(form) for form in self._forms), default=0)
        part = body[: limit + longest]
        for form in self._forms:
            part = part.replace(form.encode(), MASK.encode())
        return part[:limit]

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        """The ways a server may quote it back, longest first so that no form is left standing in part of another."""
        value = self.__value
        if len(value) < SHORTEST:
            return ()
        in_json = json.dumps(value)[1:-1]
        forms = {
            value,
            in_json,
            in_json.replace("/", "\\/"),
            quote(value),
            quote(value, safe=""),
            quote_plus(value),
            html.escape(value),
        }
        return tuple(sorted(forms, key=len, reverse=True))

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A secret is not pickled or copied.")


class WireBody:
    """A request's bytes in pieces, which hold the token and everybody's data: error reports that print local variables
    see only their number. Megabytes go to the socket as they lie in memory, without being put together."""

    def __init__(self, *parts: bytes | memoryview) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes | memoryview]:
        return iter(self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"
