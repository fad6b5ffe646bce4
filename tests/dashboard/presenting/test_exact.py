"""JSON spread for reading keeps every sign."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.presenting.exact import spread

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(VALUES, st.booleans())
def test_only_whitespace_between_values_is_added(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))
    shown = spread(text)
    assert json.loads(shown) == value
    assert "".join(_outside_strings(shown)) == "".join(_outside_strings(text))


@pytest.mark.parametrize("number", ["1.0", "1e5", "12345678901234567890", "-0", "0.10"])
def test_numbers_stay_as_they_are_written(number: str) -> None:
    assert spread(f'{{"a":{number}}}') == f'{{\n  "a": {number}\n}}'


def test_a_member_stands_on_each_line() -> None:
    assert spread('{"a":[],"b":{},"c":["x, {y}",1]}').splitlines() == [
        "{",
        '  "a": [],',
        '  "b": {},',
        '  "c": [',
        '    "x, {y}",',
        "    1",
        "  ]",
        "}",
    ]


def test_nothing_stays_nothing() -> None:
    assert spread("") == ""


def _outside_strings(text: str) -> list[str]:
    """The signs of a JSON text, strings whole, without the whitespace between them."""
    signs, inside, start = [], False, 0
    for place, sign in enumerate(text):
        escaped = inside and (len(text[:place]) - len(text[:place].rstrip("\\"))) % 2 == 1
        if sign == '"' and not escaped:
            if inside:
                signs.append(text[start : place + 1])
            inside, start = not inside, place
        elif not inside and not sign.isspace():
            signs.append(sign)
    return signs
