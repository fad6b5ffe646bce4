"""What stands in the `v` of a cell -> the text of the cell, by the type and the style its attributes name."""

import datetime
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from imports.reading.cells import cell_text
from imports.reading.xlsx.markup import broken, local, unescaped, unreferenced
from imports.reading.xlsx.strings import SharedStrings
from imports.reading.xlsx.styles import DATE, DURATION, PLAIN

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
EXACT_DIGITS = 15  # whole numbers this long go through a float unchanged
DAY = 86_400_000  # milliseconds
FIRST_DAY = -96_439_723  # the year -262143, before which XLS and ODS, read by calamine, know no date either
EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates know no zone
YEARS_TO_1904 = 1462  # days between the two systems of counting
NO_29TH = 60  # 29 February 1900, which Excel counts though it never was
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
ISO_TIME = re.compile(r"\d\d:\d\d:\d\d(?:\.\d{1,6})?")
MOST_REMEMBERED = 100_000
_ATTRIBUTE = re.compile(r"""\s+([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")

Converter = Callable[[str], str]


class Remembered(dict[str, str]):
    """A converter that remembers what it has converted, up to 100,000 values: asking a dict costs no call."""

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: str) -> str:
        text = self._convert(value)
        if len(self) < MOST_REMEMBERED:
            self[value] = text
        return text


class CellTexts(dict[str, Converter]):
    """Converters from the content of `v` to the cell's text, by the cell's attributes as they are written, without r.

    Raises Unreadable for attributes that are none. `errors` counts the error cells met.
    """

    def __init__(self, strings: SharedStrings, kinds: Sequence[int], *, from_1904: bool) -> None:
        super().__init__()
        self.errors = 0
        self._kinds = kinds
        self._strings = strings
        self._numbers = Remembered(number_text).__getitem__
        self._dates = Remembered(partial(date_text, shift=YEARS_TO_1904 if from_1904 else 0)).__getitem__
        self._typed: dict[str, Converter] = {
            "s": strings.text, "b": _truth_text, "d": iso_text, "e": self._error_text, "str": unescaped,
            "inlineStr": _nothing,
        }  # fmt: skip

    def __missing__(self, attributes: str) -> Converter:
        converter = self.converter_for(read_attributes(attributes))
        if len(self) < MOST_REMEMBERED:
            self[attributes] = converter
        return converter

    def column(self, attributes: str, values: list[str]) -> list[str]:
        """The texts of cells that all have these attributes and content."""
        convert = self[attributes]
        if convert == self._strings.text:
            return self._strings.texts(values)
        if convert is self._numbers and _are_plain(values):
            return values
        return list(map(convert, values))

    def converter_for(self, attributes: dict[str, str]) -> Converter:
        kind = attributes.get("t", "n")
        if kind == "n":
            return self._number_converter(attributes.get("s", ""))
        if kind not in self._typed:
            raise broken("CellType")
        return self._typed[kind]

    def _number_converter(self, style: str) -> Converter:
        kind = self._kinds[int(style)] if style.isdecimal() and int(style) < len(self._kinds) else PLAIN
        if kind in (DATE, DURATION):
            return self._dates if kind == DATE else duration_text
        return partial(padded_text, digits=kind) if kind else self._numbers

    def _error_text(self, value: str) -> str:
        self.errors += 1
        return value


def read_attributes(written: str) -> dict[str, str]:
    """{name without prefix: value}. Raises Unreadable when something else stands among them."""
    attributes = {}
    place = 0
    for found in _ATTRIBUTE.finditer(written):
        if found.start() != place:
            break
        attributes[local(found[1])] = unreferenced(found[2] if found[2] is not None else found[3])
        place = found.end()
    if written[place:].strip():
        raise broken("XmlAttributes")
    return attributes


def number_text(value: str) -> str:
    """The number as a person would type it; what is no number stays as it is."""
    if len(value) <= EXACT_DIGITS and value.isdecimal() and value.isascii() and (value[0] != "0" or value == "0"):
        return value
    if "." in value and value[-2:] != ".0" and value.isascii():
        with suppress(ValueError):
            if repr(float(value)) == value and "e" not in value:
                return value
    return cell_text(float(value)) if NUMBER.fullmatch(value) else value


def _are_plain(values: list[str]) -> bool:
    """Whether all are whole numbers written as `number_text` writes them; asked of many at once, that costs little."""
    joined = "\n".join(values)
    if joined[:1] == "0" or "\n0" in joined or len(max(values, key=len)) > EXACT_DIGITS:
        return False
    return joined.isascii() and joined.replace("\n", "").isdecimal()


def padded_text(value: str, digits: int) -> str:
    """The number as a sheet shows it under a format of zeros: 77 under 00000 is 00077."""
    text = number_text(value)
    return text.zfill(digits) if text.isdecimal() else text


def date_text(value: str, shift: int) -> str:
    """The date of a serial number, counted from 1900 (or 1904: `shift` days): a time below 1, a date if it is whole."""
    if not NUMBER.fullmatch(value):
        return value
    days = float(value)
    counted = days + shift if shift else days + 1 if days < NO_29TH else days
    if counted < FIRST_DAY:
        return cell_text(days)
    try:
        since = _rounded(counted * DAY)
        moment = EPOCH + datetime.timedelta(milliseconds=since % DAY if days < 1 else since)
    except (OverflowError, ValueError):
        return cell_text(days)
    if days < 1:
        return cell_text(moment.time())
    return cell_text(moment.date() if days.is_integer() else moment)


def duration_text(value: str) -> str:
    """Hours, minutes and seconds of a serial number, however many hours."""
    if not NUMBER.fullmatch(value):
        return value
    try:
        return cell_text(datetime.timedelta(milliseconds=_rounded(float(value) * DAY)))
    except (OverflowError, ValueError):
        return cell_text(float(value))


def iso_text(value: str) -> str:
    """A date or time written out, in the form all of them get here; anything else stays as it is."""
    day, mark, time = value.partition("T")
    with suppress(ValueError):
        if ISO_DATE.fullmatch(day) and not mark:
            return cell_text(datetime.date.fromisoformat(day))
        if ISO_DATE.fullmatch(day) and ISO_TIME.fullmatch(time):
            return cell_text(datetime.datetime.fromisoformat(f"{day}T{_padded(time)}"))
        if ISO_TIME.fullmatch(value):
            return cell_text(datetime.time.fromisoformat(_padded(value)))
    return value


def _padded(time: str) -> str:
    """Six digits of a second's fraction: all that every supported Python takes."""
    whole, point, fraction = time.partition(".")
    return f"{whole}.{fraction:0<6}" if point else whole


def _rounded(milliseconds: float) -> int:
    """Half away from zero."""
    return int(milliseconds + (0.5 if milliseconds >= 0 else -0.5))


def _truth_text(value: str) -> str:
    return "false" if value in ("0", "false") else "true"


def _nothing(_: str) -> str:
    """An inline text stands in `is`; a `v` beside it only repeats it."""
    return ""
