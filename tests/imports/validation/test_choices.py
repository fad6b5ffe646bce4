import pytest

from imports.mapping import Kind
from tests.imports.validation.cleaning import cleaned, refusal

LEVELS = ("Gold", "Silver", "Очень важный")


@pytest.mark.parametrize("cell", ["да", "ДА", "yes", "Y", "true", "True", "t", "1", "1.0", "+", "истина", " вкл "])
def test_boolean_reads_yes(cell):
    assert cleaned(Kind.BOOLEAN, cell) is True


@pytest.mark.parametrize("cell", ["нет", "Нет", "no", "n", "false", "FALSE", "f", "0", "0.0", "ложь", "off"])
def test_boolean_reads_no(cell):
    assert cleaned(Kind.BOOLEAN, cell) is False


@pytest.mark.parametrize("cell", ["-", "2", "может быть", "x", "null", "да нет"])
def test_boolean_refuses_what_may_mean_anything(cell):
    assert refusal(Kind.BOOLEAN, cell) == "boolean_unknown"


@pytest.mark.parametrize("cell", ["мужской", "Муж", "муж.", "м", "М.", "мужчина", "male", "M", "man", "1", "1.0"])
def test_sex_reads_male(cell):
    assert cleaned(Kind.SEX, cell) == "male"


@pytest.mark.parametrize("cell", ["женский", "ЖЕН", "жен.", "ж", "женщина", "female", "F", "woman", "2"])
def test_sex_reads_female(cell):
    assert cleaned(Kind.SEX, cell) == "female"


@pytest.mark.parametrize("cell", ["не указан", "Неизвестно", "unknown", "н/д"])
def test_sex_that_is_not_known_counts_as_empty(cell):
    assert cleaned(Kind.SEX, cell) is None


@pytest.mark.parametrize("cell", ["0", "3", "мж", "other", "-"])
def test_sex_refuses_other_words(cell):
    assert refusal(Kind.SEX, cell) == "sex_unknown"


@pytest.mark.parametrize(
    ("cell", "option"), [("Gold", "Gold"), ("gold", "Gold"), (" SILVER ", "Silver"), ("очень ВАЖНЫЙ", "Очень важный")]
)
def test_enum_becomes_the_listed_option(cell, option):
    assert cleaned(Kind.ENUM, cell, options=LEVELS) == option


def test_enum_outside_the_list_names_what_is_allowed():
    expected = ("enum_unknown", {"allowed": "Gold, Silver, Очень важный"})

    assert refusal(Kind.ENUM, "Platinum", options=LEVELS) == expected
    assert refusal(Kind.ENUM, "1", options=LEVELS) == expected


def test_enum_with_many_options_shows_the_first_of_them():
    _, params = refusal(Kind.ENUM, "x", options=tuple(f"option {n}" for n in range(100)))

    assert params["allowed"].endswith("option 19, …")


def test_enum_whose_options_differ_by_case_only_needs_the_exact_one():
    assert cleaned(Kind.ENUM, "a", options=("A", "a")) == "a"
    assert refusal(Kind.ENUM, "B", options=("b", "b ", "c"))[0] == "enum_unknown"


def test_enum_without_known_options_takes_any_text():
    assert cleaned(Kind.ENUM, "Gold") == "Gold"


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("vip", ["vip"]),
        ("vip, new;  b2b ", ["vip", "new", "b2b"]),
        ("vip,vip;VIP", ["vip", "VIP"]),
        ("очень важный\nновый", ["очень важный", "новый"]),
        (",;", None),
    ],
)
def test_tags_are_split(cell, tags):
    assert cleaned(Kind.TAGS, cell) == tags
