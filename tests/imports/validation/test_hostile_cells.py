"""Cells made to wear a pattern out: every kind answers at once, with a value or a code."""

from contextlib import suppress

import pytest

from imports.mapping import SYSTEM_FIELDS, ColumnTarget, Kind, TargetField, guess_targets
from imports.validation import Refused, clean_cell, date_evidence

LONG = 32_767
CELLS = [
    "1" + " " * LONG + "2", "+7" + "(" * LONG + "9", "<" + " " * LONG, "<" * LONG, "a" * LONG, "@" * LONG,
    "a." * LONG + "@b.ru", "a@" + "b-" * LONG, "15.01.1990 10:00" + " " * LONG + "x", "1," * LONG, "1 234" * LONG,
    "9" * LONG, "0" * LONG, "1.234" * LONG, "{" * LONG, "mailto:" + " " * LONG + "?", " и " * LONG, "тел. " * LONG,
    "0" * LONG + ".0", "-" * LONG, ":" * LONG, "\n" * LONG + "1" + "\n" * LONG + "2", ";" * LONG + "x",
    "a@b.ru," * LONG, "\u0430a@" * LONG, "15 " + "я" * LONG, "1e" + "9" * LONG, "x\u00a0" * LONG, "[{}," * LONG,
]  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_hostile_cell_is_answered_by_every_kind(kind):
    field, target = TargetField("field", kind, "field", options=("a", "b")), ColumnTarget(0, "A", "field", region="RU")

    for cell in CELLS:
        with suppress(Refused):
            clean_cell(cell, target, field)


def test_hostile_cells_do_not_stop_guessing_or_counting():
    assert len(guess_targets(CELLS, [[cell] for cell in CELLS], SYSTEM_FIELDS)) == len(CELLS)
    assert date_evidence(CELLS).order() == "dmy"
