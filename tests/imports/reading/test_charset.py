import pytest

from imports.reading.charset import canonical_encoding, detect_encoding
from imports.reading.table import Unreadable
from tests.imports.reading.reads import read_here, refusal, stored
from tests.workbooks import csv_bytes

RUSSIAN = [["Имя", "Город", "email"], ["Пётр", "Казань", "petr@example.com"], ["Анна", "Омск", "anna@example.com"]]


def detected(content: bytes) -> str:
    with stored(content) as source:
        return detect_encoding(source)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r"])
def test_detection_tells_encodings_apart_without_a_mark(encoding):
    assert detected(csv_bytes(RUSSIAN, encoding=encoding, delimiter=";")) == encoding


@pytest.mark.parametrize(
    ("written", "expected"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("cp1251", "cp1251"), ("koi8-r", "koi8-r")],
)
def test_cells_come_out_the_same_in_every_encoding(written, expected):
    whole = read_here(csv_bytes(RUSSIAN, encoding=written, delimiter=";"))

    assert whole.options.encoding == expected
    assert [whole.headers, *whole.rows] == RUSSIAN


def test_utf16_of_either_order_loses_its_mark():
    content = b"\xfe\xff" + csv_bytes(RUSSIAN, encoding="utf-16-be")

    assert read_here(content).headers[0] == "Имя"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        *((encoding, name) for encoding in ("cp1251", "cp866", "koi8-r") for name in ("Иванов", "МОСКВА", "Фёдор")),
        ("cp1251", "Щукин № 5"),
        ("cp866", "Щукин № 5"),
        ("cp1251", "«Лента»"),
    ],
)
def test_one_russian_name_among_latin_is_enough(encoding, name):
    rows = [["email", "name"], *([f"u{n}@example.com", "John"] for n in range(50)), ["x@example.com", name]]

    assert detected(csv_bytes(rows, encoding=encoding)) == encoding


def test_russian_that_begins_after_megabytes_of_latin_is_seen():
    latin = b"email,name\r\n" + b"someone@example.com,John\r\n" * 400_000

    assert len(latin) > 8 * 1024 * 1024
    assert detected(latin + "late@example.com,Ирина\r\n".encode("cp1251") * 10_000) == "cp1251"


def test_samples_cut_in_the_middle_of_characters_stay_utf8():
    content = ("email,name\r\n" + "ж" * 11 + ",я\r\n") * 400_000

    assert detected(content.encode()) == "utf-8"


def test_one_broken_character_in_a_small_utf8_file_is_named_by_row_too():
    content = "email,name\nu2@example.com,Müller\nu3@example.com,Анна\n".encode()
    assert refusal(content.replace("ü".encode(), b"\xfc")) == (
        "undecodable",
        {"row": "2", "column": "2", "encoding": "utf-8"},
    )


def test_one_broken_character_in_much_utf8_is_named_by_row_instead_of_guessed_around():
    content = csv_bytes([["email", "имя"], *([f"u{n}@example.com", "Мария"] for n in range(30))])
    broken = content.replace(b"u7@example.com,\xd0\x9c", b"u7@example.com,\xd0", 1)

    assert refusal(broken) == ("undecodable", {"row": "9", "column": "2", "encoding": "utf-8"})


def test_guessed_russian_encoding_is_a_note():
    assert read_here(csv_bytes(RUSSIAN, encoding="cp866")).notes["encoding_guessed"] == {"encoding": "cp866"}


@pytest.mark.parametrize(
    ("spelling", "name"), [("UTF8", "utf-8"), ("utf-8-sig", "utf-8"), ("windows-1251", "cp1251"), ("KOI8_R", "koi8-r")]
)
def test_encoding_names_are_taken_in_any_spelling(spelling, name):
    assert canonical_encoding(spelling) == name


@pytest.mark.parametrize("name", ["klingon", "idna", "hex", "unicode_escape", "", "a\0b"])
def test_encoding_that_is_unknown_or_no_text_is_refused(name):
    with pytest.raises(Unreadable) as refused:
        canonical_encoding(name)

    assert refused.value.code == "encoding_unknown"
