"""Invented people as tables for the browser tests."""

import csv
import io

HEADER = ["E-mail", "First name", "Phone"]
NAMES = ("Kamila", "Daria", "Oleg", "Nina", "Tomasz")


def people(count: int) -> list[list[str]]:
    return [[f"person{n}@example.com", NAMES[n % len(NAMES)], f"+7900000{n:04}"] for n in range(1, count + 1)]


def flawed(count: int) -> list[list[str]]:
    """The third has no usable address, the last one repeats the first."""
    rows = people(count)
    rows[2][0] = "person3.example.com"
    rows[-1] = rows[0]
    return rows


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows([HEADER, *rows])
    return target.getvalue()
