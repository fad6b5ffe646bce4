"""Every number of the fault matrix is shown by a test, or is said to be open and why."""

from tests.faults.matrix import MATRIX, OPEN, PICTURE, STAGES, TESTS, picture, shown


def test_every_fault_is_shown_by_a_test_or_said_to_be_open() -> None:
    numbers = {number for number, _ in shown()}

    assert numbers <= MATRIX.keys()
    assert sorted(MATRIX.keys() - numbers - OPEN.keys() - STAGES.keys()) == []
    assert all((TESTS / stage).exists() for stage in STAGES.values())


def test_the_picture_in_the_docs_is_drawn_from_the_marks() -> None:
    assert PICTURE.read_text() == picture(), "run: python -m tests.faults.matrix"
