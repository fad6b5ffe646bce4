from typing import Any

import pytest

from imports.altcraft.fieldtypes import neutral_type, option_texts


@pytest.mark.parametrize(
    ("told", "neutral"),
    [
        ("int", "integer"),
        ("Integer", "integer"),
        ("number", "float"),
        ("Float", "float"),
        ("string", "line"),
        ("unicode", "line"),
        ("Line", "line"),
        ("text", "line"),
        ("bool", "boolean"),
        ("Boolean", "boolean"),
        ("date", "date"),
        ("DateTime", "date"),
        ("Enum", "enum"),
        ("list", "enum"),
        ("IP", "ip"),
        ("Tags", "tags"),
        ("Object", "object"),
        ("arr_object", "objects"),
        ("Array of objects", "objects"),
        ("phone list", "phones"),
        ("", "unknown"),
        ("hologram", "unknown"),
        (7, "unknown"),
        (None, "unknown"),
    ],
)
def test_spellings_of_a_type(told: Any, neutral: str) -> None:
    assert neutral_type(told) == neutral


def test_contact_fields_are_what_they_are() -> None:
    assert [neutral_type("string", name) for name in ("email", "phones", "phones2")] == ["email", "phones", "line"]


@pytest.mark.parametrize(
    ("listed", "texts"),
    [
        (["Silver", "Gold", "Gold"], ("Silver", "Gold")),
        ([{"id": 1, "name": "Silver"}, {"Id": 2, "Title": "Gold"}, {"id": 3}], ("Silver", "Gold", "3")),
        ({"1": "Silver", "2": "Gold"}, ("Silver", "Gold")),
        ([1, 2.5, None, True, "", []], ("1", "2.5")),
        ("devices", ()),
        (None, ()),
    ],
)
def test_options_of_an_enum(listed: Any, texts: tuple[str, ...]) -> None:
    assert option_texts(listed) == texts
