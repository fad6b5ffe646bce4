"""A JSON text of any size, taken in through a window that slides over it."""

import json
import re
from typing import Any, Final, TextIO

from imports.reading.json_values import DEEPEST, Decoder
from imports.reading.table import Unreadable

WINDOW: Final = 128 * 1024
LARGEST_ELEMENT: Final = 4 * 1024 * 1024  # characters; a profile of that size fits into no request
NEAR: Final = 20  # an error so close to the end of the window may only mean that the rest is not there yet
BLANKS: Final = re.compile(r"[ \t\r\n]*")


class JsonText:
    """Looks at one sign or decodes one value at a time; everything before is forgotten.

    Raises Unreadable with the line and column (both from 1, in characters) where the text is no JSON.
    """

    def __init__(self, stream: TextIO, decoder: Decoder) -> None:
        self._stream = stream
        self._decoder = decoder
        self._window = ""
        self._place = 0
        self._began = 0
        self._lines = 1
        self._before = 0  # characters of the window's first line that are already forgotten

    def peek(self) -> str:
        """The next sign that is no blank; "" at the end."""
        while True:
            blanks = BLANKS.match(self._window, self._place)
            self._place = blanks.end() if blanks else self._place
            if self._place < len(self._window):
                return self._window[self._place]
            if not self._fill():
                return ""

    def take(self, sign: str) -> bool:
        """Whether the next sign is this one; it is then behind us."""
        if self.peek() != sign:
            return False
        self._place += 1
        return True

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise self.broken()

    def value(self) -> Any:
        """The next value, whatever it is."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.decode(self._window, self._place)
            except json.JSONDecodeError as error:
                self._fill_or_give_up(error)
                continue
            except RecursionError:
                raise Unreadable("json_too_deep", limit=DEEPEST) from None
            if end - self._place > LARGEST_ELEMENT:
                raise self._too_large()
            if end < len(self._window) or not self._fill():
                self._began, self._place = self._place, end
                return value

    def last_holds(self, sign: str) -> bool:
        """Whether the text of the last value holds the sign."""
        return self._window.find(sign, self._began, self._place) >= 0

    def broken(self, place: int | None = None) -> Unreadable:
        """The refusal for what stands at this place of the window, or at the next sign."""
        place = self._place if place is None else place
        line = self._lines + self._window.count("\n", 0, place)
        start = self._window.rfind("\n", 0, place) + 1
        column = place - start + 1 + (0 if start else self._before)
        return Unreadable("json_broken", line=line, column=column)

    def _fill_or_give_up(self, error: json.JSONDecodeError) -> None:
        if len(self._window) - self._place <= LARGEST_ELEMENT:
            if not self._fill():
                raise self.broken(error.pos)
            return
        if error.pos < len(self._window) - NEAR and not error.msg.startswith("Unterminated"):
            raise self.broken(error.pos)
        raise self._too_large()

    def _too_large(self) -> Unreadable:
        return Unreadable("json_too_large", limit=LARGEST_ELEMENT, line=self.broken().params["line"])

    def _fill(self) -> bool:
        """Forget what is behind and take in more: as much again as is still needed, so that growing costs little."""
        rest = self._window[self._place :]
        piece = self._stream.read(max(WINDOW, len(rest)))
        if not piece:
            return False
        newline = self._window.rfind("\n", 0, self._place)
        self._lines += self._window.count("\n", 0, self._place)
        self._before = self._place - newline - 1 + (self._before if newline < 0 else 0)
        self._window = rest + piece
        self._place = 0
        return True
