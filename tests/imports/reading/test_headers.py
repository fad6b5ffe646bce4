from dataclasses import replace

import pytest

from imports.reading import UNDECIDED
from imports.reading.headers import find_header
from tests.imports.reading.reads import read_here, refusal

PEOPLE = [["Анна", "a@example.com", "+79000000001"], ["Олег", "o@example.com", "+79000000002"]]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Имя", "Почта", "Телефон"], *PEOPLE], 0),
        (PEOPLE, None),
        ([["Отчёт за ноябрь", "", ""], ["", "", ""], ["Имя", "Почта", "Телефон"], *PEOPLE], 2),
        ([[], ["Клиенты"], ["Выгружено 22.11.2026"], ["Имя", "Почта", "Телефон"], *PEOPLE], 3),
        ([["Имя", "", "Телефон"], *PEOPLE], 0),
        ([["Город", "Имя"], ["Казань", "Анна"], ["Омск", "Олег"]], 0),
        ([["Казань", "Анна"], ["Омск", "Олег"], ["Казань", "Ян"]], None),
        ([["Имя", "2025", "2026"], ["Анна", "да", "нет"], ["Олег", "да", "да"]], None),
        ([["email"], ["a@example.com"]], 0),
        ([["a@example.com"]], None),
        ([["+79000000001"], ["+79000000002"]], None),
        ([["телефон"], ["8 (900) 000-00-01"], ["8 (900) 000-00-02"]], 0),
        ([["card", "born"], ["C-1", "1990-01-31"], ["C-2", "31.01.1990"]], 0),
        ([["Имя"], ["Анна"]], 0),
        ([["", ""]], None),
    ],
)
def test_header_is_found_where_a_person_sees_it(rows, place):
    assert find_header(rows) == place


def test_titles_above_the_header_are_left_out_and_noted():
    whole = read_here("Клиенты;;\r\n;;\r\nИмя;Почта;Город\r\nАнна;a@example.com;Омск\r\n".encode())

    assert whole.options.header_row == 3
    assert whole.headers == ["Имя", "Почта", "Город"]
    assert whole.notes["rows_above_header"] == {"count": "1"}
    assert whole.numbers == [4]


def test_a_persons_choice_of_header_row_is_taken():
    content = b"x,y\r\nemail,name\r\na@example.com,Anna\r\n"

    assert read_here(content, options=replace(UNDECIDED, header_row=2)).headers == ["email", "name"]
    whole = read_here(content, options=replace(UNDECIDED, header_row=0))
    assert (whole.headers, whole.numbers) == (["", ""], [1, 2, 3])
    assert "empty_header" not in whole.notes


def test_blank_row_chosen_as_header_gives_nameless_columns():
    whole = read_here(b"\r\na@example.com,Anna\r\n", options=replace(UNDECIDED, header_row=1))

    assert (whole.headers, whole.rows) == (["", ""], [["a@example.com", "Anna"]])


def test_header_row_beyond_the_file_is_refused():
    content = b"email,name\r\na@example.com,Anna\r\n"

    assert refusal(content, options=replace(UNDECIDED, header_row=9)) == ("header_row_missing", {"row": "9"})
