"""Invented people, the same for the same seed."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

HEADER = [
    "email", "phone", "first_name", "last_name", "birth_date", "city", "sex", "card_number", "level", "points",
    "last_purchase", "spent", "source", "consent", "notes",
]  # fmt: skip
WOMEN = ["Анна", "Мария", "Ольга", "Дарья", "Камила", "Светлана", "Nina", "Grace", "Гульнара", "Елена"]
MEN = ["Иван", "Пётр", "Олег", "Ахмед", "Илья", "Вячеслав", "Tomasz", "Daniel", "Сергей", "Юрий"]
FAMILIES = ["Петров", "Смирнов", "Кузнецов", "Ларин", "Ветров", "Каримов", "Орлов", "Белов", "Okafor", "Raman"]
CITIES = ["Москва", "Казань", "Пермь", "Санкт-Петербург", "Томск", "Самара", "Leeds", "York"]
LEVELS = ["bronze", "silver", "gold"]
SOURCES = ["сайт", "магазин", "акция «Осень»", "form #30"]
NOTES = ["", "", "", 'звонить после "обеда"', "любит скидки, акции", "VIP; см. договор"]


def people(rows: int, *, seed: int = 42, bad_share: float = 0.0) -> Iterator[list[str]]:
    """Rows under HEADER; `bad_share` of them have an e-mail no platform takes."""
    dice = random.Random(seed)
    for number in range(1, rows + 1):
        yield _person(dice, number, bad=dice.random() < bad_share)


def big_csv(path: Path, rows: int, *, seed: int = 42, bad_share: float = 0.01) -> Path:
    """A comma-separated UTF-8 file of any length, written in flat memory."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(HEADER)
        writer.writerows(people(rows, seed=seed, bad_share=bad_share))
    return path


def _person(dice: random.Random, number: int, *, bad: bool) -> list[str]:
    woman = dice.random() < 0.5
    first, family = dice.choice(WOMEN if woman else MEN), dice.choice(FAMILIES)
    return [
        f"person{number}.example.com" if bad else f"person{number}@example.{dice.choice(['com', 'org', 'net'])}",
        _phone(dice, number) if dice.random() > 0.05 else "",
        first,
        f"{family}а" if woman and family.endswith(("в", "н")) else family,
        f"{dice.randint(1, 28):02d}.{dice.randint(1, 12):02d}.{dice.randint(1950, 2006)}",
        dice.choice(CITIES),
        ("ж" if woman else "м") if dice.random() < 0.5 else ("женский" if woman else "мужской"),
        f"{number:012d}",
        dice.choice(LEVELS),
        str(dice.randint(0, 9000)),
        f"2026-{dice.randint(1, 10):02d}-{dice.randint(1, 28):02d}",
        f"{dice.randint(0, 90000)},{dice.randint(0, 99):02d}",
        dice.choice(SOURCES),
        dice.choice(["да", "нет"]),
        dice.choice(NOTES),
    ]


def _phone(dice: random.Random, number: int) -> str:
    """One number in four spellings, all of a range nobody has."""
    tail = f"{number % 10_000_000:07d}"
    spelled = f"{tail[:3]}-{tail[3:5]}-{tail[5:]}"
    forms = [f"+7900{tail}", f"8 900 {spelled}", f"+7 (900) {spelled}", f"7900{tail}"]
    return dice.choice(forms)
