from typing import Any

import pytest

from imports.results import find_rows


@pytest.mark.parametrize(
    ("asked", "numbers"),
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
    ],
)
def test_rows_are_found_by_number_address_or_phone(mixed_job: Any, asked: str, numbers: list[int]) -> None:
    assert [row.number for row in find_rows(mixed_job, asked)] == numbers
