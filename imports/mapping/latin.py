"""Russian words in Latin letters, whichever way people write them."""

from __future__ import annotations

from typing import Final

_LETTERS: Final = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufhcye", strict=True)),
        **{"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "ъ": "", "ь": ""},
    }
)
_SPELLINGS: Final = (
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("ks", "x"),
    ("zh", "j"),
    ("ja", "ya"),
    ("ia", "ya"),
    ("ju", "yu"),
    ("iu", "yu"),
    ("iy", "y"),
    ("ij", "y"),
    ("yy", "y"),
    ("yi", "y"),
    ("ye", "e"),
    ("yo", "e"),
    ("ie", "e"),
)
"""Usual ways to write the same sounds, levelled to one; the order matters."""


def latin(word: str) -> str:
    """A Russian word in small letters as `folded` levels it."""
    return folded(word.translate(_LETTERS))


def folded(word: str) -> str:
    """A word in Latin letters, its spelling levelled: "rozhdeniya", "rojdeniia" and "rozhdenija" are one."""
    for spelling, level in _SPELLINGS:
        word = word.replace(spelling, level)
    return word.replace("y", "i").replace("'", "")
