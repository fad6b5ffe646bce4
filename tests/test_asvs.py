"""docs/asvs.md: every requirement of levels 1 and 2 once, and every test it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINE = re.compile(r"^\| (\d+)\.(\d+)\.(\d+) \| ([12]) \| ([^|]+) \| (tested|not applicable|accepted) \| ([^|]+) \|$")
ROWS = [found.groups() for line in (ROOT / "docs/asvs.md").read_text().splitlines() if (found := LINE.match(line))]
NAMED = sorted({one for *_, how, why in ROWS if how == "tested" for one in re.findall(r"`([^`]+)`", why)})

# Version 5.0.0: how many requirements of level 1 and of level 2 each chapter has.
CHAPTERS = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3), 9: (4, 3),
    10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16), 17: (0, 7),
}  # fmt: skip


def test_every_requirement_stands_there_once() -> None:
    numbers = [row[:3] for row in ROWS]

    assert len(numbers) == len(set(numbers)) == 253
    assert numbers == sorted(numbers, key=lambda one: tuple(map(int, one)))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_chapter_lacks_one(chapter: int) -> None:
    levels = [row[3] for row in ROWS if row[0] == str(chapter)]

    assert (levels.count("1"), levels.count("2")) == CHAPTERS[chapter]


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_exists(name: str) -> None:
    path, _, test = name.partition("::")
    defined = {node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)}

    assert test in defined


def test_what_is_not_tested_has_a_reason() -> None:
    assert [row for row in ROWS if row[5] == "tested" and "`" not in row[6]] == []
    assert all(len(row[6].strip()) > 5 for row in ROWS)
