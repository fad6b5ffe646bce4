"""The one text each kind of cell becomes, whichever workbook it stands in."""

import datetime

PLAIN_DIGITS_BELOW = 1e16  # a number cell cannot hold more digits: beyond, some were lost, and the text says so

CellValue = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta


def cell_text(value: CellValue) -> str:
    """What a cell that is no text becomes: plain digits, the shortest float, ISO dates and times, true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < PLAIN_DIGITS_BELOW else repr(value)
    if isinstance(value, datetime.datetime | datetime.time):
        return value.isoformat(timespec="seconds" if value.microsecond == 0 else "milliseconds")
    if isinstance(value, datetime.timedelta):
        return _duration_text(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _duration_text(value: datetime.timedelta) -> str:
    sign = "-" if value < datetime.timedelta() else ""
    seconds = round(abs(value).total_seconds())
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
