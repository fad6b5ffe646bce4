"""Filters that cannot hold a row cost nothing, whatever the import is like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import actions
from imports.mapping import Problem
from imports.masking import mask
from imports.outcomes import VARIOUS
from imports.results import RowFilter, row_page
from imports.results.places import ProblemsByRow
from imports.results.remaining import Remaining
from imports.states import Outcome
from tests.factories import fresh, make_checked_job, make_connection, make_job
from tests.imports.results.conftest import in_small_slices

BAD = "E-mail,First name,Phone\n" + "".join(f"bad {number},B,\n" for number in range(40))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the objects that are read from now on."""
    from imports.vault import Vault

    names: list[str] = []
    part = Vault.part
    monkeypatch.setattr(Vault, "part", lambda self, name, place: names.append(name) or part(self, name, place))
    return names


def test_where_every_row_failed_only_one_filter_opens_a_slice(
    anna: Any, sandbox: Any, db: None, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    in_small_slices(monkeypatch)
    job = make_checked_job(anna, make_connection(sandbox), BAD)
    opened.clear()

    for outcome in set(Outcome) - {Outcome.INVALID}:
        assert row_page(job, RowFilter(outcome)) == ([], False)
    assert opened == []
    page, more = row_page(job, RowFilter(Outcome.INVALID), after=20, size=5)
    assert ([row.number for row in page], more) == ([21, 22, 23, 24, 25], True)
    assert len(set(opened)) <= 2


@pytest.mark.parametrize("cancelled", [False, True])
def test_rows_nobody_has_checked_are_all_alike(anna: Any, db: None, opened: list[str], cancelled: bool) -> None:
    job = make_job(anna, BAD)
    if cancelled:
        actions.cancel_job(job, by=anna)
        job = fresh(job)
    only = Outcome.NOT_SENT if cancelled else Outcome.PENDING
    opened.clear()

    for outcome in set(Outcome) - {only}:
        assert row_page(job, RowFilter(outcome)) == ([], False)
    assert opened == []
    assert [row.number for row in row_page(job, RowFilter(only), after=3, size=3)[0]] == [4, 5, 6]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-1, 3)), max_size=30).map(sorted))
def test_problems_by_row_are_the_problems_of_each_row(places: list[tuple[int, int]]) -> None:
    plain = [[index, column, "code", {}] for index, column in places]
    found = ProblemsByRow(plain)

    assert list(found) == sorted({index for index, _ in places})
    for index in range(22):
        expected = [Problem(*item) for item in plain if item[0] == index]
        assert found.get(index, []) == expected
        assert (index in found) == bool(expected)


@given(st.integers(0, 40), st.sets(st.integers(0, 39)))
def test_what_remains_is_counted_without_a_list(count: int, excluded: set[int]) -> None:
    left = [number for number in range(count) if number not in excluded]
    found = Remaining(count, {number for number in excluded if number < count})

    assert [found.at(place) for place in range(len(found))] == left
    for number in range(count + 1):
        assert found.place_of(number) == sum(1 for other in left if other < number)


PARTS = [
    "Reason 2",
    "Reason 20",
    "",
    "…",
    "@",
    "ivan@example.com",
    "+79000000000",
    " 12345678 ",
    "x" * 300,
    "54759eb3c090d83494e2d804",
]
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=4).map("".join)


@given(text=TEXTS, wanted=TEXTS)
def test_an_answer_is_of_the_kind_whose_words_its_own_are_when_masked(text: str, wanted: str) -> None:
    assert RowFilter(Outcome.REJECTED, "1011", mask(text)).likes(1011, text)
    asked = mask(wanted) or "another"
    assert RowFilter(Outcome.REJECTED, "1011", asked).likes(1011, text) == (asked in (VARIOUS, mask(text)))
    assert not RowFilter(Outcome.REJECTED, "1012", asked).likes(1011, text)
