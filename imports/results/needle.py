"""A text that is looked for among cells: letter case does not matter, nor the punctuation of a phone."""

import re

import orjson

from imports.marks import digits_of, form_of


class Needle:
    """`is_contact` tells whether it looks like an address or a phone: such texts have marks."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        self._form, digits = form_of(asked), digits_of(asked)
        self.is_address = "@" in asked
        self.is_contact = self.is_address or bool(digits)
        text = asked.casefold()
        self._ascii = _stored(text) if text.isascii() else b""
        self._pattern = _digits_apart(digits) if digits else None
        if self._pattern is None and not self._ascii:
            self._pattern = re.compile(b"".join(map(_any_case, asked)))

    def may_be_in(self, payload: bytes) -> bool:
        """Whether cells as they are stored can hold it, told from the bytes: most parts need not be opened."""
        if self._pattern is not None:
            return self._pattern.search(payload) is not None
        return self._ascii in payload.lower()

    def equals(self, cell: str) -> bool:
        return form_of(cell) == self._form


def _digits_apart(digits: str) -> "re.Pattern[bytes]":
    return re.compile(rb"[^0-9]{0,3}".join(digit.encode() for digit in digits))


def _stored(text: str) -> bytes:
    """As it stands inside a stored slice, which is JSON."""
    return orjson.dumps(text)[1:-1]


def _any_case(character: str) -> bytes:
    """A pattern of the bytes of this character in any letter case."""
    spellings = {character, character.lower(), character.upper(), character.casefold()}
    return b"(?:" + b"|".join(re.escape(_stored(each)) for each in sorted(spellings)) + b")"
