"""Choices for one file's columns on another's."""

import pytest

from imports.mapping import (
    SYSTEM_FIELDS,
    ColumnMapping,
    ColumnTarget,
    Fit,
    SubscriptionRule,
    fit,
    fitted_mapping,
    fitted_rules,
)

OLD = ["E-mail", "Телефон", "Город", "Менеджер"]


def fitting(now: list[str], old: list[str] = OLD, used: tuple[int, ...] = (0, 1, 2)) -> Fit:
    return fit(old, now, used, SYSTEM_FIELDS)


def test_columns_may_change_places_and_spelling() -> None:
    found = fitting(["город ", "e_mail", "Телефон", "менеджер"])
    assert found.places == {0: 1, 1: 2, 2: 0, 3: 3}
    assert not found.differs


def test_a_column_under_another_name_of_the_same_field_is_renamed() -> None:
    found = fitting(["E-mail", "Моб. тел.", "Город", "Менеджер", ""])
    assert (found.renamed, found.new, found.missing) == (((1, 1),), (4,), ())


def test_a_slip_of_the_keyboard_is_a_new_name() -> None:
    assert fitting(["E-mail", "Телефон", "Город", "Менежер"]).renamed == ((3, 3),)


def test_a_column_in_the_same_place_is_not_taken_for_another() -> None:
    found = fitting(["E-mail", "Телефон", "Комментарий", "Менеджер"])
    assert (found.renamed, found.missing, found.new) == ((), (2,), (2,))


def test_a_missing_column_nobody_used_is_not_missed() -> None:
    assert fitting(["E-mail", "Телефон", "Город"]).missing == ()


def test_columns_of_one_name_keep_their_order() -> None:
    assert fitting(["Тел", "Тел", ""], ["Тел", "Тел", ""], (0, 1)).places == {0: 0, 1: 1, 2: 2}


def test_choices_move_with_their_columns() -> None:
    mapping = ColumnMapping((ColumnTarget(0, "E-mail", "email"), ColumnTarget(2, "Город", "_city", empty="clear")))
    now = ["Город", "E-mail"]
    moved = fitted_mapping(mapping, fitting(now), now)
    assert moved.targets == (ColumnTarget(0, "Город", "_city", empty="clear"), ColumnTarget(1, "E-mail", "email"))


@pytest.mark.parametrize(("now", "contacts"), [(["Телефон", "E-mail"], ["column:0"]), (["E-mail"], [])])
def test_subscriptions_move_with_their_columns_or_are_left_out(now: list[str], contacts: list[str]) -> None:
    rules = (SubscriptionRule("sms", 28, contact="column:1"),)
    assert [rule.contact for rule in fitted_rules(rules, fitting(now))] == contacts
