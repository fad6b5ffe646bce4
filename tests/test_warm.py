"""Children of tests that are forked behave as the product's own."""

import io
import sys
from typing import Any

import pytest

from imports.reading import DEFAULT_LIMITS, ReadOptions, Unreadable, confinement, inspect
from imports.reading.confinement import confined
from tests.warm import NURSERY
from tests.workbooks import csv_bytes, xlsx_bytes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked on Linux only")

TABLE = [["email", "n"], ["a@example.com", "1"]]


def looked(content: bytes) -> Any:
    try:
        found = inspect(io.BytesIO(content), name="file")
    except Unreadable as refusal:
        return refusal.code, refusal.params
    return found.headers, found.rows, found.options


@pytest.mark.parametrize("content", [csv_bytes(TABLE), xlsx_bytes(TABLE), b"%PDF-1.4", b""])
def test_it_says_what_the_product_s_own_says(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    warm = looked(content)
    monkeypatch.setattr(confinement, "start_child", NURSERY.cold)

    assert warm == looked(content)


def test_a_killed_one_is_gone_and_its_end_is_told() -> None:
    endless = ReadOptions(format="delimited").to_plain()
    request = {"ask": "read", "options": endless, "name": "", "slice_rows": 1, "limits": {}}
    with confined(io.BytesIO(b"a\n" + b"1\n" * 100_000), request, DEFAULT_LIMITS) as child:
        child.frame()  # it is at work, and the pipe will be full
        process = child._child
    assert process.wait() == -9


def test_one_that_has_ended_tells_how() -> None:
    request = {"ask": "inspect", "options": None, "name": "", "limits": {}}
    with confined(io.BytesIO(csv_bytes(TABLE)), request, DEFAULT_LIMITS) as child:
        child.frame()
        assert child._child.wait(60) == 0
