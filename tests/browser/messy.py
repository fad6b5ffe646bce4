"""A messy file of a known sender: wrong values of every kind, columns renamed, new and without a name."""

from typing import Any

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob
from tests.factories import make_job

ROWS = 240
BEFORE = (
    "Электронная почта,Имя,Телефон,Д.р.,Пол,Город,Менеджер\n"
    "kamila@example.com,Камила,+79000000001,14/03/1987,ж,Казань,Лапин\n"
)
HEADERS = 'Электронная почта,Имя,Моб. тел.,Д.р.,Пол,Город,Менеджер,,"<b>שם</b>"\n'
WORDS = ("Женский", "женск", "м", "м/ж")
MANAGERS = ("Лапин", "Ветрова", "")


def messy(by: Any, account: Connection) -> ImportJob:
    """A job nobody has mapped yet, with the preset of the file before."""
    first = make_job(by, BEFORE, name="Подписчики август 2026.csv")
    fields = ("email", "_fname", "phones", "_bdate", "_sex", "_city")
    found = tuple(ColumnTarget(place, first.headers[place], field) for place, field in enumerate(fields))
    dates = (*found[:3], ColumnTarget(3, "Д.р.", "_bdate", date_order="dmy"), *found[4:])
    where = Destination(int(account.part("databases")[0]["id"]), phone_region="RU")
    choices = {"connection": account, "destination": where, "mapping": ColumnMapping(dates), "by": by}
    preset = actions.save_preset(first, name="Рассылка, осень", shared=True, **choices)
    job = make_job(by, HEADERS + "".join(map(_row, range(ROWS))), name="Подписчики осень 2026.csv")
    return actions.apply_preset(job, preset, by=by)


def _row(n: int) -> str:
    address = f"p{n}@example.com" if n % 40 else "nobody"
    phone = f"8 916 000-{n // 100:02}-{n % 100:02}" if n % 25 else "12"
    born = f"{n % 28 + 1:02}/{n % 12 + 1:02}/1987" if n % 3 else (f"11/{n % 10 + 14}/1988" if n % 9 else "скоро")
    cells = (address, "Светлана", phone, born, WORDS[n % 20 if n % 20 < 4 else 0], "Казань", MANAGERS[n % 3])
    return ",".join((*cells, "ок" if n % 50 == 0 else "", "=1+1" if n % 60 == 0 else "")) + "\n"
