"""A table pasted into a form: its cells, the names above them if there are any, and the fields they seem meant for."""

from collections.abc import Sequence
from dataclasses import dataclass

from imports.mapping import TargetField, guess_targets
from imports.reading import pasted_header, pasted_rows

SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Pasted:
    """Rows of cells, the first of which is `header` where that is not None; a guessed field's name, or "", a column."""

    rows: list[list[str]]
    header: list[str] | None
    fields: list[str]


def look_at_pasted(text: str, fields: Sequence[TargetField]) -> Pasted:
    """What the clipboard of a spreadsheet holds. Nothing is kept."""
    rows = pasted_rows(text)
    header, proven = pasted_header(rows)
    if header and not proven and not any(guess.field for guess in guess_targets(header, [], fields)):
        header = None  # words, and none of them the name of a field
    below = rows[1 if header else 0 :][:SAMPLES]
    samples = [[row[column] for row in below] for column in range(len(rows[0]))]
    guesses = guess_targets(header or [""] * len(rows[0]), samples, fields)
    return Pasted(rows, header, [guess.field or "" for guess in guesses])
