"""The pipeline, which works in columns, against the plain way of one row at a time: a hundred thousand mixed rows."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports import reference
from imports.mapping import ColumnMapping, ColumnTarget, Kind, SubscriptionRule, TargetField
from imports.profiles import build_profiles
from imports.reference import Asked, Judged, judge_row
from imports.validation import Refused, Subscribing, clean_cell, clean_slice, match_keys
from tests.imports.validation.awkward import CELLS, FIELDS

ROWS = 10_000
BAD_SHARE = 0.03  # of cells taken from good and bad alike: most rows of many columns are to be good
SETTINGS = [
    ("email", ""),
    ("email_phone", ""),
    ("phone", ""),
    ("custom", "integer"),
    ("custom", "line"),
    ("email_sub", ""),
    ("phone_sub", ""),
    ("push_sub", ""),
    ("custom_sub", "card"),
    ("", ""),
]
COLUMNS = [
    "email", "phones", "phones", "tags", "tags", "_sex", "_bdate", "_ip", "integer", "float", "boolean", "enum", "line",
    "object", "objects", "subscriptions", "_fname",
]  # fmt: skip
BESIDE = {"contact": Kind.EMAIL, "mobile": Kind.PHONES, "token": Kind.LINE, "provider": Kind.LINE, "card": Kind.INTEGER}
"""Columns that feed no field of the profile, only subscriptions."""
ON_BAD = {"boolean": "set:нет", "_sex": "empty", "integer": "set:0", "enum": "empty", "_ip": "set:192.0.2.1"}


def column(name: str) -> str:
    return f"column:{len(COLUMNS) + list(BESIDE).index(name)}"


def rules(dice: random.Random) -> tuple[SubscriptionRule, ...]:
    own = (("card", column("card")), ("note", "все"))
    skip = dice.choice(["skip", "refuse"])
    return (
        SubscriptionRule("email", 28, cats=("news", "a b")),
        SubscriptionRule("email", 5, contact=column("contact"), on_bad="skip", custom_fields=own, status="unconfirmed"),
        SubscriptionRule("sms", 1, priority=dice.choice([None, 0, 3])),
        SubscriptionRule("whatsapp", 2, contact=column("mobile"), on_bad=skip),
        SubscriptionRule("push", 3, contact=column("token"), provider=column("provider"), on_bad=skip),
        SubscriptionRule("push", 4, contact=column("token"), provider="Firefox", custom_fields=own[1:]),
    )


def target(place: int, name: str, dice: random.Random, key: tuple[str, str]) -> ColumnTarget:
    """A column with choices of its own; the key's field is set as it stands, as the columns page demands."""
    kind = FIELDS[name].kind
    chosen: dict[str, Any] = {"region": dice.choice(["", "RU", "US"]), "date_order": dice.choice(["dmy", "mdy", "ymd"])}
    if name not in ("email", "phones", key[1]):
        chosen["on_bad"] = ON_BAD.get(name, "refuse") if dice.random() < 0.5 else "refuse"
        chosen["empty"] = dice.choice(["keep", "clear"]) if kind is not Kind.SUBSCRIPTIONS else "keep"
    if kind is Kind.SUBSCRIPTIONS:
        chosen["statuses"] = dice.choice(["refuse", "leave_out", "send"])
    if kind in (Kind.BOOLEAN, Kind.ENUM) and dice.random() < 0.7:
        chosen["values"] = (("Maybe", "set:да"), ("bronze", "set:gold"), ("1", "empty"))
    if kind in (Kind.INTEGER, Kind.FLOAT):
        chosen["decimal"] = dice.choice(["", "comma", "dot"])
    return ColumnTarget(place, name, name, **chosen)


ACTIONS = {"float": ("incr", ""), "tags": ("add", ""), "objects": ("delete", "id"), "object": ("upsert", "size")}


def with_actions(targets: Sequence[ColumnTarget], dice: random.Random) -> Iterator[ColumnTarget]:
    """Some fields are changed by functions; all columns of one field by the same."""
    acting = {name: ACTIONS[name] for name in ACTIONS if dice.random() < 0.6}
    for one in targets:
        action, submatch = acting.get(one.field, ("", ""))
        yield ColumnTarget(**{**_plain(one), "action": action, "submatch": submatch})


def _plain(one: ColumnTarget) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ColumnTarget.__dataclass_fields__}


def asked_for(number: int) -> Asked:
    """One import's choices; every number has others."""
    dice, key = random.Random(number), SETTINGS[number % len(SETTINGS)]
    targets = [target(place, name, dice, key) for place, name in enumerate(COLUMNS)]
    known = {(5, "email"): {"card": TargetField("card", Kind.INTEGER, "card")}}
    channels = {28: ("email",), 1: ("sms", "telegram_bot"), 5: ()} if number % 2 else None
    return Asked(
        mapping=ColumnMapping(tuple(with_actions(targets, dice))),
        fields=FIELDS,
        matching=key[0],
        match_field=key[1],
        subscribing=Subscribing(rules(dice), known, dice.choice(["", "RU"]), channels),
        nested_email=number % 2 == 0,
        wrapped=number % 3 == 0,
    )


def cells_of(kind: Kind) -> tuple[list[str], list[str]]:
    """All cells of a kind, and those a plain column of it takes."""
    every = [*CELLS[kind], "", " "]
    return every, [cell for cell in every if is_good(cell, kind)]


def is_good(cell: str, kind: Kind) -> bool:
    field = TargetField("x", kind, "x", options=FIELDS["enum"].options if kind is Kind.ENUM else ())
    try:
        clean_cell(cell, ColumnTarget(0, "x", "x", region="RU", date_order="dmy", statuses="send"), field)
    except Refused:
        return False
    return True


def mixed_table(rows: int, dice: random.Random) -> list[list[str]]:
    kinds = [FIELDS[name].kind for name in COLUMNS] + list(BESIDE.values())
    pools = {kind: cells_of(kind) for kind in set(kinds)}
    return [[dice.choice(pools[kind][dice.random() >= BAD_SHARE]) for _ in range(rows)] for kind in kinds]


def in_columns(columns: list[list[str]], asked: Asked) -> list[Judged]:
    """What the pipeline makes of the rows."""
    shape = {"matching": asked.matching, "match_field": asked.match_field}
    cleaned = clean_slice(columns, asked.mapping, asked.fields, **shape, subscribing=asked.subscribing)
    wanted = asked.subscribing.rules
    found = [Judged(key=key) for key in match_keys(cleaned.values, *shape.values(), wanted, cleaned.subscribed)]
    for problem in cleaned.problems:
        found[problem.index].problems.append(problem)
    for change in cleaned.changes:
        found[change.index].changes.append(change)
    good = [index for index, row in enumerate(found) if not row.problems]
    texts = build_profiles(
        cleaned.values,
        good,
        subscriptions=wanted,
        nested_email=asked.nested_email,
        wrapped=asked.wrapped,
        subscribed=cleaned.subscribed,
    )
    for index, text in zip(good, texts.splitlines(), strict=True):
        found[index].text = text
    return found


def told(row: Judged) -> tuple[object, ...]:
    """Everything of a row that must be the same on both ways; only the order of changes is nobody's business."""
    problems = [(problem.column, problem.code, problem.params) for problem in row.problems]
    return row.text, row.key, problems, sorted(tuple(change.to_plain()[1:]) for change in row.changes)


def assert_equal(columns: list[list[str]], asked: Asked) -> list[Judged]:
    rows = in_columns(columns, asked)
    for number, (row, cells) in enumerate(zip(rows, zip(*columns, strict=True), strict=True)):
        assert told(row) == told(judge_row(cells, asked)), f"row {number}: {cells}"
    return rows


def remembering() -> Callable[[str, ColumnTarget, TargetField], Any]:
    """`clean_cell` of one import, in which a column and its field stand for all that is asked of a cell."""
    known: dict[tuple[Any, ...], Any] = {}

    def cleaned(cell: str, target: ColumnTarget, field: TargetField) -> Any:
        key = (cell, target.column, target.field, target.header, field.kind)
        if key not in known:
            try:
                known[key] = clean_cell(cell, target, field)
            except Refused as refused:
                known[key] = refused
        if isinstance(known[key], Refused):
            raise Refused(known[key].code, **known[key].params)
        return known[key]

    return cleaned


@pytest.mark.parametrize("number", range(10))
def test_a_hundred_thousand_mixed_rows_become_the_same_profiles(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten imports of ten thousand rows. A cell's value depends on nothing but what is asked for, so the plain way
    cleans each different one once: that is what makes it quick enough for every test run."""
    monkeypatch.setattr(reference, "clean_cell", remembering())

    rows = assert_equal(mixed_table(ROWS, random.Random(number)), asked_for(number))

    assert len(rows) == ROWS
    assert ROWS / 20 < sum(not row.problems for row in rows) < ROWS * 0.9
    assert any(row.changes for row in rows)


@settings(max_examples=60)
@given(number=st.integers(0, 10_000), seed=st.integers(0, 2**32), rows=st.integers(0, 5))
def test_any_import_becomes_the_same_profiles(number: int, seed: int, rows: int) -> None:
    assert_equal(mixed_table(rows, random.Random(seed)), asked_for(number))


TEXTS = st.text(max_size=8) | st.text(alphabet='+7890 ().,;-@exampl.com"\\\n\u00a0\u200b', max_size=16)


@settings(max_examples=60)
@given(number=st.integers(0, 30), data=st.data())
def test_any_text_becomes_the_same_profiles(number: int, data: st.DataObject) -> None:
    kinds = [FIELDS[name].kind for name in COLUMNS] + list(BESIDE.values())
    rows = data.draw(st.integers(1, 3))
    cells = [data.draw(st.lists(TEXTS | st.just(cells_of(kind)[1][0]), min_size=rows, max_size=rows)) for kind in kinds]

    assert_equal(cells, asked_for(number))
