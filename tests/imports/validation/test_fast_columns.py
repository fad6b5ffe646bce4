"""The fast columns against the plain cells, row by row."""

import random
from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.mapping import ColumnMapping, ColumnTarget, Kind, Problem
from imports.profiles import build_profile, build_profiles
from imports.validation import Cleaned, Refused, clean_cell, clean_slice, match_keys, merge_row, with_order
from imports.validation.columns import clean_column
from tests.imports.validation.awkward import CELLS, FIELDS


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
    texts = build_profiles(cleaned.values, range(2_000), **shape).splitlines()
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
