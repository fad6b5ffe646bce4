"""What each type of field accepts; the texts of refusals follow Altcraft's own import report."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.sandbox import fields
from imports.sandbox.demo import FIELDS
from imports.sandbox.errors import Refused

ACCEPTED = {
    "email": ["i.petrov@example.com", "A+b_c@sub.example.org", "иван@пример.рф", "x@xn--e1afmkfd.xn--p1ai"],
    "phones": [[], ["+79000000000"], ["+79000000000", "+442071838750"]],
    "line": ["", "00077", "Любой текст"],
    "integer": [0, -5, 100],
    "float": [0, 100.5, -1],
    "date": ["2001-12-31", "2024-02-29", "1990-02-22T21:00:00Z", "2001-12-31T00:00+03:00", "2024-05-27T12:00:00.5Z"],
    "boolean": [True, False],
    "sex": ["male", "female", 0, 1],
    "ip": ["127.0.0.1", "255.255.255.255", "2001:db8::1"],
    "tags": [[], ["Tag 1", "Tag 2"]],
    "object": [{}, {"key_1": {"sub_key": "v"}}],
    "objects": [[], [{"key_1": "v1"}, {"key_2": "v2"}]],
}
REFUSED = {
    "email": ["", "x", "x@", "@example.com", "a@b", "a b@example.com", "a@example.com; b@example.com", ".a@example.com",
              "a..b@example.com", "a@example..com", "a@-example.com", "a@example.com\n", 5, None, ["a@example.com"]],
    "phones": ["+79000000000", [""], ["12345"], ["89000000000"], ["+0000000000"], ["+7 900 000-00-00"], [79000000000],
               ["+7900000000000000"], ["+٧٩٠٠٠٠٠٠٠٠٠"], None],
    "line": [1, 1.5, True, None, ["x"]],
    "integer": ["1", 1.0, 1.5, True, None, ""],
    "float": ["1.5", True, None],
    "date": ["", "31.12.2001", "2001-13-01", "2023-02-29", "2001-12-31T25:00:00Z", "2001-12-31T00:00:00", "2024-W01-1",
             "20011231", 20011231, None],
    "boolean": ["true", 1, 0, None],
    "sex": ["m", "", 3, True, None],
    "ip": ["", "127.0.0", "256.0.0.1", "127.0.0.1:80", "01.2.3.4", 1, None],
    "tags": ["tag-1, tag-2", [1], None],
    "object": [[], "{}", None],
    "objects": [{}, ["x"], None],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in ACCEPTED.items() for value in values])
def test_value_is_kept_as_given(kind: str, value: Any) -> None:
    assert fields.KINDS[kind].check(value) == value


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in REFUSED.items() for value in values])
def test_value_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(Refused):
        fields.KINDS[kind].check(value)


def test_enum_takes_an_option_or_its_ordinal() -> None:
    check = fields.one_of(("bronze", "silver", "gold"))
    assert [check("gold"), check(1), check(3)] == ["gold", "bronze", "gold"]


@pytest.mark.parametrize("value", ["Gold", "", 0, 4, True, None, ["gold"]])
def test_enum_refuses_anything_else(value: Any) -> None:
    with pytest.raises(Refused):
        fields.one_of(("bronze", "silver", "gold"))(value)


@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4))
@settings(max_examples=60)
def test_any_json_value_is_kept_or_refused_by_every_kind(value: Any) -> None:
    for field in FIELDS:
        with contextlib.suppress(Refused):  # and nothing else
            assert field.check()(value) is not None
