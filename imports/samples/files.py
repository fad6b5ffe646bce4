"""The ten sample files, each with one of the ways real files are awkward."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from .people import HEADER, people

RUSSIAN = [
    "Электронная почта", "Моб. тел.", "Имя", "Фамилия", "Дата рождения", "Город", "Пол", "Номер карты", "Уровень",
    "Баллы", "Последняя покупка", "Потрачено", "Источник", "Согласие", "Примечание",
]  # fmt: skip
Rows = Sequence[Sequence[str]]


def write_samples(folder: Path) -> Path:
    """Write the sample files that are not there yet; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in SAMPLES.items():
        path = folder / name
        if not path.exists():
            path.write_bytes(build())
    return folder


def _clean() -> bytes:
    return _csv([HEADER, *people(200, seed=1)])


def _cyrillic_cp1251() -> bytes:
    return _csv([RUSSIAN, *people(300, seed=2)], delimiter=";", encoding="cp1251")


def _bom_and_tabs() -> bytes:
    return _csv([HEADER, *people(150, seed=3)], delimiter="\t", encoding="utf-8-sig")


def _utf16_and_bars() -> bytes:
    return _csv([RUSSIAN, *people(120, seed=4)], delimiter="|", encoding="utf-16")


def _line_breaks() -> bytes:
    rows = [[*person[:-1], f"первая строка\nвторая строка, {person[2]}"] for person in people(80, seed=5)]
    return _csv([HEADER, *rows])


def _blank_and_ragged() -> bytes:
    lines = [",".join(HEADER[:4])]
    for number, person in enumerate(people(60, seed=6), start=1):
        cells = person[:4]
        if number % 15 == 0:
            lines += ["", ",,,"]
        if number % 20 == 0:
            cells = cells[:2]
        if number % 29 == 0:
            cells = [*cells, "лишняя ячейка"]
        lines.append(",".join(cells))
    return "\r\n".join(lines).encode()


def _duplicate_keys() -> bytes:
    rows = list(people(100, seed=7))
    return _csv([HEADER, *rows, *([row[0].upper(), *row[1:]] for row in rows[:20]), *rows[40:45]])


def _bad_emails() -> bytes:
    return _csv([HEADER, *people(2_000, seed=8, bad_share=0.01)])


def _formatted_workbook() -> bytes:
    """Phones stored as numbers under a phone format, dates stored as dates: what Excel does to a typed list."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Октябрь")
        phone = book.add_format({"num_format": '"+"0 (000) 000-00-00'})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["E-mail", "Телефон", "Имя", "Фамилия", "Дата рождения", "Город", "Баллы"])
        for number, person in enumerate(people(250, seed=9), start=1):
            sheet.write_row(number, 0, [person[0], "", *person[2:4], "", person[5], int(person[9])])
            sheet.write_number(number, 1, 79_000_000_000 + number, phone)
            sheet.write_datetime(number, 4, date(1960 + number % 45, number % 12 + 1, number % 28 + 1), day)
        book.add_worksheet("Справочник").write_row(0, 0, ["код", "город"])
    return target.getvalue()


def _titled_workbook() -> bytes:
    """A report with a title above its header, a blank row, and an empty last column."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Отчёт")
        sheet.write(0, 0, "Подписчики магазина за октябрь 2026")
        sheet.write_row(2, 0, ["Почта", "Имя", "Сотовый", "Город", "Комментарий"])
        for number, person in enumerate(people(90, seed=10), start=3):
            sheet.write_row(number, 0, [person[0], person[2], person[1], person[5]])
    return target.getvalue()


def _csv(rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


SAMPLES: dict[str, Callable[[], bytes]] = {
    "01-clean.csv": _clean,
    "02-cyrillic-windows-1251.csv": _cyrillic_cp1251,
    "03-formatted-phones-and-dates.xlsx": _formatted_workbook,
    "04-quoted-line-breaks.csv": _line_breaks,
    "05-bom-and-tabs.tsv": _bom_and_tabs,
    "06-blank-and-ragged-rows.csv": _blank_and_ragged,
    "07-duplicate-keys.csv": _duplicate_keys,
    "08-one-percent-bad-emails.csv": _bad_emails,
    "09-utf-16-and-bars.txt": _utf16_and_bars,
    "10-title-above-the-header.xlsx": _titled_workbook,
}
