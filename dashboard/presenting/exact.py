"""JSON spread over lines for reading, with every sign of its values as it is sent."""

import re
from collections.abc import Iterator
from itertools import zip_longest

INDENT = "  "
SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
OPENING, CLOSING = {"{", "["}, {"}", "]"}


def spread(text: str) -> str:
    """The same JSON with a member a line. Only whitespace between values is added: numbers, escapes and order stay."""
    return "".join(_pieces(SIGN.findall(text)))


def _pieces(signs: list[str]) -> Iterator[str]:
    depth = 0
    for sign, following in zip_longest(signs, signs[1:], fillvalue=""):
        depth += (sign in OPENING) - (sign in CLOSING)
        yield ": " if sign == ":" else sign
        if sign == "," or (sign in OPENING and following not in CLOSING):
            yield "\n" + INDENT * depth
        elif following in CLOSING and sign not in OPENING:
            yield "\n" + INDENT * (depth - 1)
