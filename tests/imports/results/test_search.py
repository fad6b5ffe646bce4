"""Looking for rows: by number, by contact through the marks of the check, by any cell."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from imports.marks import join_marks
from imports.models import RowSlice
from imports.results import find_rows, search, slice_rows
from tests.factories import fresh, make_checked_job
from tests.imports.results.conftest import in_small_slices

HEADER = "E-mail,First name,Phone\n"
DRESSED = HEADER + (
    "Anna <Anna@Example.com>,Anna,8 (900) 000-00-01\n"
    'boris@example.com,Boris,"+7 900 000-00-02, 8 900 000 00 03"\n'
    "clara@example.com,boris@example.com,+79000000004\n"
    "not an address,Daria,12345\n"
)


@pytest.fixture(params=["mixed_job", "sliced_job"])
def job(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def dressed_job(anna: Any, sandbox: Any, db: None) -> Any:
    from tests.factories import make_connection

    return make_checked_job(anna, make_connection(sandbox), DRESSED)


def numbers(rows: Any) -> list[int]:
    return [row.number for row in rows]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("12", [12]),
        ("person10@example.com", [12]),
        (" PERSON10@EXAMPLE.COM ", [12]),
        ("имя 10", [12]),
        ("ИМЯ 10", [12]),
        ("иМя 1000", []),
        ("+7 900 000-00-10", [12]),
        ("89000000010", [12]),
        ("person5@example.com", [7, 42]),
        ("person10", []),
        ("43", []),
        ("", []),
        ('a"b\\c', []),
        ("9" * 300, []),
    ],
)
def test_rows_are_found_by_number_address_or_phone(mixed_job: Any, asked: str, rows: list[int]) -> None:
    assert numbers(find_rows(mixed_job, asked)) == rows


def test_marks_find_what_looking_at_every_cell_finds(job: Any) -> None:
    every = [row for row_slice in RowSlice.objects.current(job) for row in slice_rows(job, row_slice)]
    for asked in {cell for row in every for cell in (row.cells[0], row.cells[2])}:
        by_marks, by_cells = search(job, asked), search(job, asked, everywhere=True)

        assert by_marks.rows == by_cells.rows != []
        assert by_cells.columns is None
        if "@" in asked:
            assert by_marks.columns == (0, 2)


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("anna@example.com", [2]),
        ("Anna <anna@example.com>", [2]),
        ("+79000000001", [2]),
        ("9000000002", [3]),
        ("+79000000003", [3]),
        ("8 900 000-00-04", [4]),
        ("boris@example.com", [3]),
        ("12345", [5]),
    ],
)
def test_contacts_are_found_as_the_file_has_them_and_as_they_are_sent(
    dressed_job: Any, asked: str, rows: list[int]
) -> None:
    assert numbers(search(dressed_job, asked).rows) == rows


def test_an_address_in_another_column_is_found_when_every_cell_is_looked_at(dressed_job: Any) -> None:
    assert numbers(search(dressed_job, "boris@example.com", everywhere=True).rows) == [3, 4]


def test_a_mark_alone_finds_nothing(dressed_job: Any) -> None:
    """Marks that lie, as equal marks of different texts would, cost a look and nothing else."""
    row_slice = RowSlice.objects.current(dressed_job).get()
    lying = join_marks([["nobody@example.com"] * 4], [])
    dressed_job.vault.put(row_slice.marks_name(dressed_job.check_version), lying)

    assert search(dressed_job, "nobody@example.com").rows == []


def test_an_import_checked_by_an_earlier_version_is_searched_cell_by_cell(dressed_job: Any) -> None:
    row_slice = RowSlice.objects.current(dressed_job).get()
    default_storage.delete(dressed_job.vault._path(row_slice.marks_name(dressed_job.check_version)))
    found = search(dressed_job, "boris@example.com")

    assert (numbers(found.rows), found.columns) == ([3, 4], None)


def test_an_import_that_is_not_checked_is_searched_cell_by_cell(anna: Any, db: None) -> None:
    from tests.factories import make_job

    assert numbers(find_rows(make_job(anna, DRESSED), "clara@example.com")) == [4]


def test_a_long_search_stops_says_where_and_goes_on(sliced_job: Any) -> None:
    found, after, looks = [], 0, 0
    while True:
        step = search(sliced_job, "Bad", after=after, seconds=0)
        found, looks = [*found, *numbers(step.rows)], looks + 1
        if not step.stopped_at:
            break
        assert step.stopped_at > after
        after = step.stopped_at

    assert found == numbers(search(sliced_job, "Bad").rows)
    assert len(found) > 2
    assert looks == RowSlice.objects.current(sliced_job).count()


def test_many_hits_come_piece_by_piece(anna: Any, sandbox: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories import make_connection

    in_small_slices(monkeypatch)
    text = HEADER + "".join(f"person{number}@example.com,Same,+79000000001\n" for number in range(30))
    job = fresh(make_checked_job(anna, make_connection(sandbox), text))
    first = search(job, "same", most=10)
    second = search(job, "same", most=50, after=first.stopped_at)

    assert numbers(first.rows) == list(range(2, 12))
    assert numbers(second.rows) == list(range(12, 32))
    assert second.stopped_at == 0
    by_marks = search(job, "+79000000001", most=15)
    assert (numbers(by_marks.rows), by_marks.stopped_at) == (list(range(2, 17)), 16)
    assert numbers(search(job, "+79000000001", after=16).rows) == list(range(17, 32))
