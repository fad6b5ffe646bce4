"""Dates in the spellings people use, to the ones Altcraft documents."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Final

from imports.validation.text import Refused, without_invisible

NAIVE_TIME_ZONE: Final = "Z"
"""Zone written after a time that has none.

The documented form of a date with a time is RFC 3339, which must have a zone ("Profile data object"; "Types of fields
in the database"). INFERRED: with Z the platform keeps the clock figures of the file as they stand.
"""

YEARS: Final = range(1800, 10_000)
"""Years taken at their word; 9999 is the usual "for ever" of contracts, years before 1800 are slips of the keyboard."""

_EARLIEST: Final = str(YEARS.start)
_LONGEST: Final = 64
MOST_KNOWN: Final = 1 << 15  # dates of each order that are remembered; a century has 36,525 days
_CENTURY_FROM: Final = 32
"""A two-digit year from here on cannot be a day, nor lie in this century: 90 is 1990."""

_TIME = (
    r"(?:[T,\s]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_YEAR_WORD = r"(?:\s*г(?:ода|\.)?)?"
_NUMBERS = re.compile(
    rf"(?P<first>[0-9]{{1,4}})(?P<mark>[./-])(?P<middle>[0-9]{{1,2}})(?P=mark)(?P<third>[0-9]{{1,4}})"
    rf"{_YEAR_WORD}{_TIME}",
    re.IGNORECASE,
)
_COMPACT = re.compile(rf"(?P<year>[12][0-9]{{3}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}}){_TIME}", re.IGNORECASE)
_MONTHS: Final = (
    ("января", "январь", "january"),
    ("февраля", "февраль", "february"),
    ("марта", "март", "march"),
    ("апреля", "апрель", "april"),
    ("мая", "май", "may"),
    ("июня", "июнь", "june"),
    ("июля", "июль", "july"),
    ("августа", "август", "august"),
    ("сентября", "сентябрь", "september"),
    ("октября", "октябрь", "october"),
    ("ноября", "ноябрь", "november"),
    ("декабря", "декабрь", "december"),
)
_MONTH = r"(?P<month>[^\W\d_]{3,9})"
_DAY_NAMED = rf"(?P<day>[0-9]{{1,2}})[\s.-]*{_MONTH}\.?[\s,.-]*(?P<year>[0-9]{{2,4}}){_YEAR_WORD}{_TIME}"
_MONTH_NAMED = rf"{_MONTH}\.?\s+(?P<day>[0-9]{{1,2}}),?\s+(?P<year>[0-9]{{4}}){_TIME}"
_NAMED = (re.compile(_DAY_NAMED, re.IGNORECASE), re.compile(_MONTH_NAMED, re.IGNORECASE))
_SERIAL = re.compile(r"[0-9]{5,}(?:[.,][0-9]+)?")


def clean_date(text: str, order: str) -> str:
    """Return "YYYY-MM-DD", or RFC 3339 when there is a time; `order` "dmy" | "mdy" | "ymd" | "" (each must be plain).

    A date alone stays a date, and a time of exactly midnight without a zone is how other programs write a date alone,
    so a birthday never moves to another day. A given zone is kept; without one see NAIVE_TIME_ZONE.
    Raises Refused with "date_invalid", "date_two_digit_year", "date_ambiguous", "date_order" (order) or "date_number".
    """
    text = without_invisible(text)
    if len(text) > _LONGEST:
        raise Refused("date_invalid")
    if match := _NUMBERS.fullmatch(text):
        return _written(_year_month_day(match, order), match)
    if match := _COMPACT.fullmatch(text):
        return _written((match["year"], match["month"], match["day"]), match)
    for pattern in _NAMED:
        if match := pattern.fullmatch(text):
            return _written((match["year"], _month(match["month"]), match["day"]), match)
    raise Refused("date_number" if _SERIAL.fullmatch(text) else "date_invalid")


class KnownDates(dict[str, str | None]):
    """What texts mean in one order, None for refused ones: a column has few different dates. Forgets all when full."""

    def __init__(self, order: str) -> None:
        super().__init__()
        self._order = order

    def __missing__(self, text: str) -> str | None:
        try:
            value = _usual(text, self._order) or (clean_date(text, self._order) if text else None)
        except Refused:
            value = None
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[text] = value
        return value


@cache
def known_dates(order: str) -> KnownDates:
    return KnownDates(order)


def quick_dates(texts: list[str], order: str) -> list[str | None]:
    """Return what `clean_date` would for each text, or None where it refuses."""
    return list(map(known_dates(order).__getitem__, texts))


def _usual(text: str, order: str) -> str | None:
    """What `clean_date` gives for a date of ten figures and marks, four times as fast; None for any other text."""
    if len(text) != 10:
        return None
    spelled = text
    if order in ("dmy", "mdy") and text[2] in "./-" and text[2] == text[5]:
        first, second, year = text[:2], text[3:5], text[6:]
        spelled = f"{year}-{second}-{first}" if order == "dmy" else f"{year}-{first}-{second}"
    try:
        dt.date.fromisoformat(spelled)  # which knows weeks, too: 2026-W07-1
    except ValueError:
        return None
    return spelled if spelled >= _EARLIEST and "W" not in spelled else None


def _year_month_day(match: re.Match[str], order: str) -> tuple[str, str, str]:
    first, second, third = match["first"], match["middle"], match["third"]
    if len(first) == 4:
        return first, second, third
    if len(first) > 2:
        raise Refused("date_invalid")
    if len(third) <= 2 and int(third) < _CENTURY_FROM:
        raise Refused("date_two_digit_year")
    day_first = _day_first(int(first), int(second), match["mark"], order)
    return (third, second, first) if day_first else (third, first, second)


def _day_first(first: int, second: int, mark: str, order: str) -> bool:
    if max(first, second) > 31 or min(first, second) > 12:
        raise Refused("date_invalid")
    if order in ("dmy", "mdy"):
        if (second if order == "dmy" else first) > 12:
            raise Refused("date_order", order=order)
        return order == "dmy"
    if order == "ymd":
        raise Refused("date_order", order=order)
    if first != second and max(first, second) <= 12 and mark != ".":
        raise Refused("date_ambiguous")
    return second <= 12


def _month(name: str) -> str:
    """Return the number of a month named in full or by its first letters."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(full.startswith(name.lower()) for full in names):
            return str(number)
    raise Refused("date_invalid")


def _written(parts: tuple[str, str, str], match: re.Match[str]) -> str:
    year, month, day = parts
    try:
        date = dt.date(_full_year(year), int(month), int(day)).isoformat()
    except ValueError:
        raise Refused("date_invalid") from None
    return date + _written_time(match)


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) == 2:
        if number < _CENTURY_FROM:
            raise Refused("date_two_digit_year")
        return 1900 + number
    if number not in YEARS:
        raise Refused("date_invalid")
    return number


def _written_time(match: re.Match[str]) -> str:
    if match["hour"] is None:
        return ""
    hour, minute, second = _hour(match), int(match["minute"]), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Refused("date_invalid")
    fraction = (match["fraction"] or "").rstrip("0")
    zone = match["zone"]
    if zone is None and not (hour or minute or second or fraction):
        return ""
    return f"T{hour:02}:{minute:02}:{second:02}{'.' + fraction if fraction else ''}{_zone(zone)}"


def _hour(match: re.Match[str]) -> int:
    hour = int(match["hour"])
    if not match["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise Refused("date_invalid")
    return hour % 12 + (12 if match["half"].lower().startswith("p") else 0)


def _zone(zone: str | None) -> str:
    if zone is None:
        return NAIVE_TIME_ZONE
    if zone[0] not in "+-":
        return "Z"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) > 14 or int(digits[2:]) > 59:
        raise Refused("date_invalid")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
