"""Marks of contacts against looking at every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.marks import form_of, forms_of, join_marks, places_of

TEXTS = st.one_of(
    st.text(max_size=6),
    st.text("0123456789 +-().@aБß\n\t\u00a0", max_size=14),
    st.sampled_from(["Anna@Example.com", "anna@example.com ", "8 900 000-00-10", "+79000000010", "", "İ@x", "١٢٣٤٥٦"]),
)


@st.composite
def columns(draw: st.DrawFn) -> list[list[str]]:
    rows = draw(st.integers(0, 9))
    return draw(st.lists(st.lists(TEXTS, min_size=rows, max_size=rows), max_size=3))


@given(st.lists(TEXTS, max_size=12))
def test_the_forms_of_a_column_are_those_of_its_cells(cells: list[str]) -> None:
    assert forms_of(cells) == list(map(form_of, cells))


@given(columns(), TEXTS.filter(form_of), st.data())
def test_every_row_that_holds_a_text_is_among_its_places(
    cells: list[list[str]], asked: str, data: st.DataObject
) -> None:
    rows = len(cells[0]) if cells else 0
    further = data.draw(st.lists(st.tuples(st.integers(0, max(0, rows - 1)), TEXTS), max_size=5 if rows else 0))
    holding = {row for column in cells for row, cell in enumerate(column) if form_of(cell) == form_of(asked)}
    holding |= {row for row, text in further if form_of(text) == form_of(asked)}
    beside = data.draw(st.lists(st.lists(TEXTS, min_size=rows, max_size=rows), max_size=2 if cells else 0))
    holding |= {row for column in beside for row, text in enumerate(column) if form_of(text) == form_of(asked)}

    assert holding <= set(places_of(join_marks(cells, further, beside), asked))


@given(columns(), st.data())
def test_columns_of_what_is_sent_leave_the_marks_their_texts_leave_one_by_one(
    cells: list[list[str]], data: st.DataObject
) -> None:
    rows = len(cells[0]) if cells else 0
    known = [text for column in cells for text in column]
    numbers = ["+7" + form_of(text) for text in known if form_of(text).isascii() and form_of(text).isdecimal()]
    texts = TEXTS | st.sampled_from(known or [""])
    phones = st.from_regex(r"(\+[0-9]{7,15})?", fullmatch=True) | st.sampled_from(numbers or [""])
    beside, sent = (
        data.draw(st.lists(st.lists(one, min_size=rows, max_size=rows), max_size=2)) for one in (texts, phones)
    )

    one_by_one = [(row, text) for column in (*beside, *sent) for row, text in enumerate(column) if text]
    assert join_marks(cells, [], beside, sent) == join_marks(cells, one_by_one)


@given(st.lists(TEXTS, max_size=30), TEXTS.filter(form_of))
def test_places_are_in_order_and_once_each(cells: list[str], asked: str) -> None:
    found = places_of(join_marks([cells, cells], list(enumerate(cells))), asked)

    assert found == sorted(set(found))


def test_places_are_few() -> None:
    stored = join_marks([[f"person{number}@example.com" for number in range(10_000)]], [(7, "second@example.com")])

    assert places_of(stored, "PERSON77@example.com") == [77]
    assert places_of(stored, "second@example.com") == [7]
    assert places_of(stored, "nobody@example.com") == []


def test_what_a_cell_says_already_takes_no_room() -> None:
    cells = [["8 900 000-00-10"] * 5]

    assert len(join_marks(cells, [(3, "+79000000010")])) == len(join_marks(cells, []))
    assert join_marks(cells, [], [["", "+79000000010", "", "", "+7900-000-0010"]]) == join_marks(cells, [])
    assert join_marks(cells, [], [], [["", "+79000000010", "", "", "+79000000010"]]) == join_marks(cells, [])


@pytest.mark.parametrize("stored", [b"", b"short", join_marks([["a"]], [])[:-1], join_marks([["a"]], []) + b"x"])
def test_other_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="marks"):
        places_of(stored, "a")
