"""A column of few different cells is counted whole; of any other there is no list."""

from imports.reading.stats import MOST_VALUES, ColumnTally


def tally(*slices: list[str]) -> list[tuple[str, int]] | None:
    column = ColumnTally("Gender")
    for cells in slices:
        column.add(cells, [len(cell) for cell in cells])
    return column.result().values


def test_words_are_counted_over_all_slices_empty_cells_among_them() -> None:
    assert tally(["ж", "м", ""], ["ж", "дама"]) == [("ж", 2), ("м", 1), ("", 1), ("дама", 1)]


def test_a_column_of_many_different_cells_has_no_list() -> None:
    assert tally([str(n) for n in range(MOST_VALUES)]) is not None
    assert tally([str(n) for n in range(MOST_VALUES + 1)]) is None


def test_once_there_are_too_many_later_slices_do_not_bring_it_back() -> None:
    assert tally([str(n) for n in range(MOST_VALUES + 1)], ["ж"]) is None


def test_texts_too_long_to_be_words_are_not_kept() -> None:
    assert tally(["x" * 1000]) is None
