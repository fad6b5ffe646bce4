"""Every hostile file ends as docs/uploads.md says, in words, and this process does not notice."""

import os
from pathlib import Path

import pytest

from imports.wording import CATALOGUE
from tests.imports.reading.hostile_files import HOSTILE, outcome

TOLD = (Path(__file__).parents[3] / "docs/uploads.md").read_text()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_its_outcome(name: str) -> None:
    make, expected = HOSTILE[name]
    before = os.getpid()

    assert outcome(make()) == expected
    assert os.getpid() == before
    assert expected == "read" or expected.split()[0] in CATALOGUE


@pytest.mark.parametrize("name", HOSTILE)
def test_the_page_about_uploads_tells_the_outcome(name: str) -> None:
    assert f"| {name} | `{HOSTILE[name][1]}` |" in TOLD
