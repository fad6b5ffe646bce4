"""What surrounds a value without being part of it."""

from typing import Final

_WHITESPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
_WIDE_WHITESPACE = "".join(map(chr, range(0x2000, 0x200B)))
_ZERO_WIDTH = "\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
TRIMMED: Final = _WHITESPACE + _WIDE_WHITESPACE + _ZERO_WIDTH
"""Everything Unicode calls white space, and the zero-width characters that web pages and BOMs leave at the ends."""
