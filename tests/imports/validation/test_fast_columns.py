"""The fast columns against the plain cells, row by row."""

import random
from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, Problem, TargetField
from imports.profiles import build_profile, build_profiles
from imports.validation import Cleaned, Refused, clean_cell, clean_slice, match_keys, merge_row, with_order
from imports.validation.columns import clean_column

OPTIONS = ("Gold", "Silver", "Очень важный")
FIELDS = {field.name: field for field in SYSTEM_FIELDS} | {
    str(kind): TargetField(str(kind), kind, kind.name, options=OPTIONS if kind is Kind.ENUM else ()) for kind in Kind
}

CELLS: dict[Kind, list[str]] = {
    Kind.EMAIL: [
        "ivan@example.com", "IVAN@Example.COM", "Info@EXAMPLE.com", "a-b.c+d@ex-ample.co.uk", "a@b--c.ru", "x@y.test",
        "ivan@пример.рф", "a@example.com;b@example.com", "bad", "a" * 65 + "@example.com", "a@" + "b" * 64 + ".com",
        "iv\u0430n@example.com", "mailto:a@example.com", "a@example.c", "ab@cd--ef.com", "a@xn--e1afmkfd.xn--p1ai",
        "ivan@example.com\u200b", "İ@example.com", "\u212aelvin@example.com", "a..b@example.com", "-@example.com",
        "long" * 12 + "@example.com", "postmaster@Example.com", "POSTMASTER@example.com", "a@EXAMPLE.LOCALHOST",
    ],
    Kind.PHONES: [
        "+7 (900) 000-00-01", "8 900 000-00-02", "79000000003", "9000000004", "+79000000005", "84951234567",
        "4951234567", "+375 29 123-45-67", "375291234567", "+49 30 123456", "0049 30 123456", "+1 202-555-0143",
        "+44 (0)7911 123456",
        "+39 06 1234 5678", "79000000006.0", "7900000000.0", "7.9E+10", "12345", "+70000000000", "+7 8 900 000 00 07",
        "+79000000008, +79000000009", "+7900\n0000010", "8 900 000 00 11 доб. 3", "+7-900-000-00-12", "words",
        "+7\u00a0900\u00a0000\u00a000\u00a013", "89000000014\n", "78001234567", "+998 90 123 45 67",
        '["+7 900 000-00-15","8 900 000 00 16, доб. 3"]',
        "+86 139 1234 5678", "+559034685905", "+86115613598373", "+352151141249", "+375886657468",
    ],
    Kind.LINE: ["Анна", " x ", "00077", "#N/A", "#1", "two\nlines", "\u200bx\u00a0", "a\ud83d", "👩\u200d👩", "1E5"],
    Kind.INTEGER: [
        "0", "-7", "007", "1 234", "12.0", "12.5", "1,234", "9" * 18, "9" * 19, "x", "+5", "\u0663", "1_0", "--1",
    ],
    Kind.FLOAT: [
        "0", "1.5", "1,5", "-0,25", "1,234", "0,234", "12,3456", "1 234,56", "1,234.56", "1e-05", "1E+05", "nan", "inf",
        "123456789012345,123456789012345", "9" * 16, "1.", ",5", "1,5,5", "\u0663,5", "9" * 400,
    ],
    Kind.DATE: [
        "15.01.1990", "31.02.1990", "1990-01-15", "03/04/2020", "25/03/2020", "03/25/2020", "15.01.90", "15.01.05",
        "15.01.1990 12:00", "2024-05-27T12:00:00+03:00", "5 мая 1990", "44927", "завтра", "\u200b15.01.1990",
    ],
    Kind.BOOLEAN: ["да", "НЕТ", "1", "0", "+", "-", "true", "maybe"],
    Kind.ENUM: ["gold", "Gold", "SILVER", "очень важный", "bronze", "1"],
    Kind.IP: ["192.0.2.1", "2001:DB8::1", "192.0.2.256", "fe80::1%eth0"],
    Kind.TAGS: ["a", '["a, b","c"]', "[vip]", "a, b;a", ",;", "очень важный; новый"],
    Kind.SEX: ["муж", "Ж", "female", "1", "0", "не указан"],
    Kind.OBJECT: ['{"a": 1}', "{", "[]", '{"action": "incr"}'],
    Kind.OBJECTS: ['[{"a": 1}]', "[]", "[1]", "{}"],
    Kind.SUBSCRIPTIONS: [
        '[{"channel": "email", "resource_id": 28, "email_data": {"email": "a@example.com"}, "cats": ["x"]}]',
        '[{"channel": "sms", "resource_id": 1, "phone": "8 900 000-00-01"}]',
        '[{"channel": "push", "resource_id": 1, "provider": "Firefox", "subscription_id": "t"}]',
        '[{"channel": "telegram_bot", "resource_id": 1, "cc_data": {"id": 5}, "status": "subscribed"}]', "[]", "yes",
    ],
}  # fmt: skip


def plain_column(cells, target, field):
    values, refusals = [], []
    for index, cell in enumerate(cells):
        try:
            values.append(clean_cell(cell, target, field))
        except Refused as refused:
            values.append(None)
            refusals.append((index, refused.code, refused.params))
    return values, refusals


def fast_column(cells, target, field):
    values, problems = clean_column(cells, target, field)
    return values, [(problem.index, problem.code, problem.params) for problem in problems]


def plain_slice(columns, mapping):
    """What `clean_slice` must give with matching by email (column 0), written the slow and obvious way."""
    parts, problems = {}, []
    for target in mapping.targets:
        field, cells = FIELDS[target.field], columns[target.column]
        values, refusals = plain_column(cells, with_order(target, field, cells), field)
        parts.setdefault(target.field, []).append(values)
        problems += [Problem(index, target.column, code, params) for index, code, params in refusals]
    rows = range(len(columns[0]))
    values = {
        name: lists[0] if len(lists) == 1 else [merge_row([one[row] for one in lists]) for row in rows]
        for name, lists in parts.items()
    }
    refused_keys = {problem.index for problem in problems if problem.column == 0}
    for row, key in enumerate(match_keys(values, "email", "")):
        if key is None and row not in refused_keys:
            problems.append(Problem(row, -1, "key_missing", {"fields": "email"}))
    return Cleaned(values, sorted(problems, key=lambda problem: (problem.index, problem.column)))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("region", ["", "RU", "BY", "US"])
def test_fast_column_equals_plain_cells(kind, region):
    field = FIELDS[str(kind)]
    cells = CELLS[kind] + ["", " ", "\u00a0"]
    for target in (
        ColumnTarget(0, "A", field.name, region=region),
        ColumnTarget(0, "A", field.name, region=region, date_order="dmy", empty="clear"),
    ):
        assert fast_column(cells, target, field) == plain_column(cells, target, field)
        for cell in cells:
            assert fast_column([cell], target, field) == plain_column([cell], target, field), cell


def test_fast_table_equals_plain_cells_row_by_row():
    dice = random.Random(20)
    others = [str(kind) for kind in Kind if str(kind) not in ("email", "phones")]
    names = ["email", "phones", "phones", "_sex", "_bdate", "_ip", *others]
    columns = [[dice.choice([*CELLS[FIELDS[name].kind], ""]) for _ in range(2_000)] for name in names]
    columns[0] = [f"{n}.{cell}" if "@" in cell else cell for n, cell in enumerate(columns[0])]
    mapping = ColumnMapping(tuple(ColumnTarget(n, name, name, region="RU") for n, name in enumerate(names)))

    cleaned = clean_slice(columns, mapping, FIELDS, matching="email", match_field="")

    expected = plain_slice(columns, mapping)
    assert cleaned.values == expected.values
    assert cleaned.problems == expected.problems
    shape = {"subscriptions": [], "nested_email": True, "wrapped": False}
    texts = build_profiles(cleaned.values, range(2_000), **shape)
    assert texts == [build_profile({k: v[n] for k, v in expected.values.items()}, **shape) for n in range(2_000)]


ALPHABETS = {
    Kind.EMAIL: "aB1.-_+@@ ,;<>:аеЁ\u200bxn",
    Kind.PHONES: "+78900123456() -.,;/\n\u00a0xдоб",
    Kind.INTEGER: "0123456789-+., \u00a0'eE_\u0663",
    Kind.FLOAT: "0123456789-+.., ,eE\u2212'n",
    Kind.DATE: "0123456789./- :TZ+майjan",
}


@pytest.mark.parametrize("kind", list(ALPHABETS))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_fast_column_equals_plain_cells_for_any_text(kind, data):
    text = st.text(alphabet=ALPHABETS[kind], max_size=18) | st.text(max_size=6)
    cells = data.draw(st.lists(text | st.sampled_from(CELLS[kind]), max_size=8))
    region = data.draw(st.sampled_from(["", "RU", "KZ", "DE", "US"]))
    field, target = FIELDS[str(kind)], ColumnTarget(0, "A", str(kind), region=region)

    assert fast_column(cells, target, field) == plain_column(cells, target, field)
    ordered = replace(target, date_order="dmy")
    assert fast_column(cells, ordered, field) == plain_column(cells, ordered, field)


CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


@settings(max_examples=120, deadline=None)
@given(code=st.sampled_from(CODES), national=st.from_regex(r"[0-9]{4,13}", fullmatch=True))
def test_fast_phones_equal_the_library_for_every_country(code, national):
    cells = [f"+{code}{national}", f"{code} {national}", national]
    field, target = FIELDS["phones"], ColumnTarget(0, "A", "phones", region="RU")

    assert fast_column(cells, target, field) == plain_column(cells, target, field)


LABELS = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,5}[a-zA-Z0-9])?", fullmatch=True)


@settings(max_examples=80, deadline=None)
@given(
    local=st.from_regex(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]{1,12}", fullmatch=True),
    domain=st.lists(LABELS, min_size=1, max_size=3).map(".".join),
    end=st.sampled_from(["com", "RU", "c", "test", "Local", "1a", "xn--p1ai", "arpa", "museum"]),
)
def test_fast_emails_equal_the_library(local, domain, end):
    cells = [f"{local}@{domain}.{end}"]
    field, target = FIELDS["email"], ColumnTarget(0, "A", "email")

    assert fast_column(cells, target, field) == plain_column(cells, target, field)
