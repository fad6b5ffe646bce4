"""Every code the domain can report has a sentence, and every sentence survives missing params."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from imports.actions import matching_note, verdicts
from imports.altcraft import CALLS
from imports.reading.formats import SHORT_SIGNATURES, SIGNATURES
from imports.states import Outcome
from imports.wording import (
    ACTIONS,
    ANSWERS,
    APPROVALS,
    CATALOGUE,
    CHOICES,
    DECISIONS,
    DESTROYING,
    FILES,
    LOOKING,
    PEOPLE,
    PROBES,
    ROWS,
    SHAPES,
    column_letter,
    fault_text,
    outcome_name,
    platform_advice,
    unlisted_advice,
    what,
)
from imports.wording.parts import LOOKS_LIKE

IMPORTS = Path(verdicts.__file__).parents[1]
REPORTERS = {"Refused", "Unreadable", "NotAllowed", "InvalidRequest", "note", "hold_job"}
SOURCES = [*IMPORTS.glob("actions/*.py"), *IMPORTS.glob("reading/*.py"), *IMPORTS.glob("validation/*.py")]
SOURCES += IMPORTS.glob("altcraft/*.py")
MAPPING = [IMPORTS / "actions" / "destinations.py", IMPORTS / "actions" / "mapping.py"]
MAPPING += IMPORTS.glob("mapping/*.py")


def codes_in(path: Path) -> Iterator[str]:
    """Constant codes handed to one of the reporters."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in REPORTERS:
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "_" in argument.value:
                    yield argument.value


@pytest.mark.parametrize("path", sorted(SOURCES), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_reported_code_has_a_sentence(path: Path) -> None:
    assert {code for code in codes_in(path) if code not in CATALOGUE} == set()


def yielded_codes(path: Path) -> Iterator[str]:
    """Codes of faults that are yielded as (code, params)."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            first = node.value.elts[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and "_" in first.value:
                yield first.value


@pytest.mark.parametrize("path", MAPPING, ids=lambda path: path.stem)
def test_every_fault_of_a_choice_has_a_sentence(path: Path) -> None:
    assert {code for code in yielded_codes(path) if code not in CATALOGUE} == set()


@pytest.mark.parametrize("matching", sorted({mode for call in CALLS.values() for mode in call.matchings}))
def test_every_way_of_finding_people_is_explained(matching: str) -> None:
    assert fault_text(matching_note(matching), {}) != matching_note(matching)


def test_no_code_has_two_sentences() -> None:
    parts = (FILES, ROWS, ACTIONS, ANSWERS, APPROVALS, CHOICES, DECISIONS, DESTROYING, LOOKING, PEOPLE, PROBES, SHAPES)

    assert len(CATALOGUE) == sum(len(part) for part in parts)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_sentence_without_its_params_is_still_a_sentence(code: str) -> None:
    assert fault_text(code, {})


def test_a_special_case_is_told_by_its_reason() -> None:
    assert what("email_invalid", {"why": "no_at"}) == "The e-mail address has no “@”."
    assert what("email_invalid", {"why": "something new"}) == "This is not an e-mail address."


@pytest.mark.parametrize(
    ("code", "text", "told"),
    [
        (1011, "Incorrect phone", "Altcraft takes this for no phone number"),
        (1013, "incorrect date", "Altcraft cannot read this date."),
        (7, "Incorrect IP", "Altcraft takes addresses of the form 192.0.2.1 only."),
        (404, "Profile not found", "There is no such database, resource or profile."),
        (403, "", "The API token is wrong, or has no right to do this."),
    ],
)
def test_what_the_documents_explain_is_told_with_advice(code: int, text: str, told: str) -> None:
    assert platform_advice(code, text).startswith(told)
    assert len(platform_advice(code, text)) > len(platform_advice(code, text, short=True))


@pytest.mark.parametrize("code", [440, 1041, -1])
def test_nothing_is_made_up_for_a_code_the_documents_do_not_list(code: int) -> None:
    assert platform_advice(code, "Something else") == ""
    assert "documents do not list this code" in unlisted_advice()


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_name(outcome: str) -> None:
    assert outcome_name(outcome)


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(place: int, letter: str) -> None:
    assert column_letter(place) == letter


def test_the_reason_in_a_sentence_is_in_words_too() -> None:
    closed = what("not_answering", {"reason": "connection_closed"})
    assert closed == "Altcraft has not answered for half an hour. The connection was closed without an answer."
    assert "(it needs too much memory)" in what("read_unsafely", {"reason": "memory"})
    assert "(OSError)" in what("storage_failed", {"reason": "OSError"})


def test_what_a_file_looks_like_is_said_in_russian() -> None:
    signed = {looks_like for _, looks_like in (*SIGNATURES, *SHORT_SIGNATURES)}
    assert signed - {"PDF"} <= set(LOOKS_LIKE)
    with translation.override("ru"):
        said = {word: what("not_a_table", {"looks_like": word}) for word in LOOKS_LIKE}
    assert [word for word, sentence in said.items() if f"({word})" in sentence] == []
