import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.mapping import Kind
from imports.validation import Refused, date_evidence
from imports.validation.dates import clean_date, quick_dates
from tests.imports.validation.cleaning import cleaned, refusal


@pytest.mark.parametrize(
    ("cell", "order", "date"),
    [
        ("15.01.1990", "dmy", "1990-01-15"),
        ("5.1.1990", "dmy", "1990-01-05"),
        ("15/01/1990", "dmy", "1990-01-15"),
        ("15-01-1990", "dmy", "1990-01-15"),
        ("01/15/1990", "mdy", "1990-01-15"),
        ("03/04/2020", "dmy", "2020-04-03"),
        ("03/04/2020", "mdy", "2020-03-04"),
        ("03.04.2020", "mdy", "2020-03-04"),
        ("1990-01-15", "dmy", "1990-01-15"),
        ("1990/1/5", "mdy", "1990-01-05"),
        ("1990.01.15", "", "1990-01-15"),
        ("19900115", "", "1990-01-15"),
        ("15.01.90", "dmy", "1990-01-15"),
        ("01/15/32", "mdy", "1932-01-15"),
        ("15.01.1990 г.", "dmy", "1990-01-15"),
        ("15 января 1990 года", "", "1990-01-15"),
        ("5 мая 1990", "", "1990-05-05"),
        ("15-Jan-1990", "", "1990-01-15"),
        ("Sept 5, 1990", "", "1990-09-05"),
        ("29.02.2000", "dmy", "2000-02-29"),
        ("31.12.9999", "dmy", "9999-12-31"),
        ("\u00a015.01.1990\u200b", "dmy", "1990-01-15"),
    ],
)
def test_date_alone_stays_a_date(cell, order, date):
    assert cleaned(Kind.DATE, cell, date_order=order) == date


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("15.01.1990 12:00", "1990-01-15T12:00:00Z"),
        ("2026-11-22T14:05:00", "2026-11-22T14:05:00Z"),
        ("2024-05-27T12:00:00Z", "2024-05-27T12:00:00Z"),
        ("2001-12-31T00:00+03:00", "2001-12-31T00:00:00+03:00"),
        ("2023-12-31T23:59:59+03:00", "2023-12-31T23:59:59+03:00"),
        ("2024-05-27 12:00:00.1200 +0300", "2024-05-27T12:00:00.12+03:00"),
        ("2024-05-27 12:00:00-05", "2024-05-27T12:00:00-05:00"),
        ("2024-05-27 12:00 UTC", "2024-05-27T12:00:00Z"),
        ("15.01.1990, 3:45 PM", "1990-01-15T15:45:00Z"),
        ("15.01.1990 12:00 am", "1990-01-15"),
        ("15 января 1990 12:30", "1990-01-15T12:30:00Z"),
    ],
)
def test_date_with_a_time_keeps_its_zone_and_figures(cell, moment):
    assert cleaned(Kind.DATE, cell, date_order="dmy") == moment


@pytest.mark.parametrize("cell", ["15.01.1990 00:00:00", "1990-01-15 0:00", "1990-01-15T00:00:00.000"])
def test_birthday_with_an_idle_midnight_never_moves(cell):
    assert cleaned(Kind.DATE, cell, date_order="dmy") == "1990-01-15"


def test_midnight_with_a_zone_is_a_moment():
    assert cleaned(Kind.DATE, "1990-01-15T00:00:00Z") == "1990-01-15T00:00:00Z"


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("31.02.2020", "dmy", "date_invalid"),
        ("29.02.1900", "dmy", "date_invalid"),
        ("32.01.1990", "dmy", "date_invalid"),
        ("13/13/2020", "", "date_invalid"),
        ("00.00.0000", "dmy", "date_invalid"),
        ("0000-00-00", "", "date_invalid"),
        ("15.01.1090", "dmy", "date_invalid"),
        ("1.1.199", "dmy", "date_invalid"),
        ("1990-13-01", "", "date_invalid"),
        ("15.01.1990 25:00", "dmy", "date_invalid"),
        ("15.01.1990 13:00 PM", "dmy", "date_invalid"),
        ("2024-05-27T12:00:00+15:00", "", "date_invalid"),
        ("15 мартобря 1990", "", "date_invalid"),
        ("сегодня", "dmy", "date_invalid"),
        ("01.1990", "dmy", "date_invalid"),
        ("15.01/1990", "dmy", "date_invalid"),
        ("15.01.05", "dmy", "date_two_digit_year"),
        ("15.01.31", "dmy", "date_two_digit_year"),
        ("90-01-15", "ymd", "date_two_digit_year"),
        ("5 мая 05", "", "date_two_digit_year"),
        ("44927", "dmy", "date_number"),
        ("44927.5", "", "date_number"),
        ("03/04/2020", "", "date_ambiguous"),
        ("03-04-2020", "", "date_ambiguous"),
        ("25/03/2020", "mdy", ("date_order", {"order": "mdy"})),
        ("03/25/2020", "dmy", ("date_order", {"order": "dmy"})),
        ("25.03.2020", "ymd", ("date_order", {"order": "ymd"})),
    ],
)
def test_date_is_refused_with_its_reason(cell, order, expected):
    assert refusal(Kind.DATE, cell, date_order=order) == expected


@pytest.mark.parametrize(
    ("cells", "order", "ambiguous"),
    [
        (["01/02/2020", "25/02/2020"], "dmy", False),
        (["01/02/2020", "02/25/2020"], "mdy", False),
        (["01/02/2020", "05/06/2020"], "dmy", True),
        (["25/01/2020", "01/25/2020"], "dmy", True),
        (["01.02.2020", "05.06.2020"], "dmy", False),
        (["01.02.2020", "01.25.2020"], "dmy", True),
        (["2020-01-02", "2020-05-06"], "ymd", False),
        (["2020-01-02", "25/01/2020"], "dmy", False),
        (["2020-01-02", "01/25/2020"], "mdy", False),
        (["05/05/2020", "06/06/2020"], "dmy", False),
        (["01/02/2020 10:00", " 25/02/2020"], "dmy", False),
        (["1/2/20", "2/25/20"], "mdy", False),
        (["", "нет", "45/45/2020", "0/1/2020"], "dmy", False),
    ],
)
def test_evidence_decides_for_the_whole_column(cells, order, ambiguous):
    evidence = date_evidence(cells)

    assert (evidence.order(), evidence.ambiguous) == (order, ambiguous)


def test_evidence_counts_each_cell():
    evidence = date_evidence(["25/01/2020", "25/01/2021", "01/25/2020", "01/02/2020", "2020-01-01", "01.02.2020", "x"])

    assert (evidence.dmy, evidence.mdy, evidence.either, evidence.ymd, evidence.dotted) == (2, 1, 1, 1, 1)


def test_evidence_of_slices_adds_up():
    first, second = ["01/02/2020", "05.06.2020", "2020-01-01"], ["25/02/2020", "03/03/2020"]

    assert date_evidence(first) + date_evidence(second) == date_evidence(first + second)


@settings(max_examples=80, deadline=None)
@given(
    days=st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), min_size=1, max_size=20),
    pattern=st.sampled_from(["{0.day:02}.{0.month:02}.{0.year}", "{0.day}/{0.month}/{0.year}"]),
)
def test_day_first_column_is_never_swapped(days, pattern):
    cells = [pattern.format(day) for day in days]
    evidence = date_evidence(cells)

    if not evidence.ambiguous:
        assert [cleaned(Kind.DATE, cell, date_order=evidence.order()) for cell in cells] == [str(day) for day in days]


@settings(max_examples=80, deadline=None)
@given(day=st.dates(dt.date(1800, 1, 1)))
def test_date_without_an_order_is_right_or_refused(day):
    cell = f"{day.day}/{day.month}/{day.year}"

    if day.day > 12 or day.day == day.month:
        assert cleaned(Kind.DATE, cell) == str(day)
    else:
        assert refusal(Kind.DATE, cell) == "date_ambiguous"


SHAPES = (
    r"[0-3][0-9][./-][0-3][0-9][./-](1[0-9]{3}|2026)|(1[0-9]{3}|2026)-[0-1][0-9W]-?[0-3][0-9]|2026-W[0-5][0-9]-[1-8]"
)


@settings(max_examples=300, deadline=None)
@given(text=st.from_regex(SHAPES, fullmatch=True), order=st.sampled_from(["dmy", "mdy", "ymd", ""]))
def test_what_dates_mostly_look_like_is_read_as_by_the_patterns(text, order):
    try:
        plain = clean_date(text, order)
    except Refused:
        plain = None

    assert quick_dates([text], order) == [plain]
