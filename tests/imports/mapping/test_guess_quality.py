"""How good guesses are on the headers of real programs: what is guessed is right, and little is missed."""

from collections.abc import Iterator

import pytest

from imports.mapping import SYSTEM_FIELDS, alike, guess_targets
from tests.imports.mapping.other_headers import OTHER
from tests.imports.mapping.usual_headers import USUAL

Table = dict[str, dict[str, str]]


def judged(table: Table) -> Iterator[tuple[str, str, str]]:
    """(header, field it means, field guessed) of a table, each header by itself and without values."""
    for headers in table.values():
        for header, meant in headers.items():
            (guess,) = guess_targets([header], [[]], SYSTEM_FIELDS)
            yield header, meant, guess.field or ""


def quality(table: Table) -> tuple[float, float]:
    """(precision, recall) of the guesses."""
    found = list(judged(table))
    right = sum(bool(meant) and meant == guessed for _, meant, guessed in found)
    return right / sum(bool(guessed) for *_, guessed in found), right / sum(bool(meant) for _, meant, _ in found)


@pytest.mark.parametrize("program", USUAL)
def test_the_usual_headers_are_guessed(program: str) -> None:
    found = list(judged({program: USUAL[program]}))
    assert [(header, guessed) for header, _, guessed in found] == [(header, meant) for header, meant, _ in found]


def test_headers_never_seen_are_guessed_right_or_not_at_all() -> None:
    precision, recall = quality(OTHER)
    assert precision == 1.0
    assert recall >= 0.8


def test_the_table_is_long_enough_to_speak() -> None:
    assert sum(map(len, USUAL.values())) >= 150


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("жен.", "Женский"),
        ("муж", "Мужской"),
        ("Жэнский", "Женский"),
        ("ж", None),
        ("-", None),
        ("дама", None),
        ("", None),
    ],
)
def test_a_word_is_likened_to_an_option(word: str, means: str | None) -> None:
    assert alike(word, ["Мужской", "Женский"]) == means


def test_a_word_like_several_options_means_none() -> None:
    assert alike("gold", ["Gold plus", "Gold max"]) is None
