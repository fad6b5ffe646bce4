"""Children of these tests are started as the product starts them: they are what is tested here."""

import pytest

from imports.reading import confinement
from tests.warm import NURSERY


@pytest.fixture(autouse=True)
def _cold_children(monkeypatch: pytest.MonkeyPatch) -> None:
    if NURSERY.cold:
        monkeypatch.setattr(confinement, "start_child", NURSERY.cold)
