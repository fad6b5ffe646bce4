"""Wrong words of a closed set can mean one of its values; a sign can be said to part a number's fraction."""

import pytest

from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField
from imports.validation import EMPTIED, REPLACED, Cleaned, Refused, clean_cell, clean_slice

FIELDS = {
    "email": TargetField("email", Kind.EMAIL, "Email"),
    "_sex": TargetField("_sex", Kind.SEX, "Gender"),
    "size": TargetField("size", Kind.ENUM, "Size", options=("S", "M")),
    "price": TargetField("price", Kind.FLOAT, "Price"),
    "visits": TargetField("visits", Kind.INTEGER, "Visits"),
}
WORDS = ["дама", "ДАМА ", "сударь", "—", "ж"]


def cleaned(cells: list[str], target: ColumnTarget) -> Cleaned:
    return clean_slice([cells], ColumnMapping((target,)), FIELDS, matching="", match_field="")


def test_a_word_means_what_was_said_whatever_its_case_and_the_rest_follows_the_column() -> None:
    choices = (("дама", "set:female"), ("—", "empty"))
    found = cleaned(WORDS, ColumnTarget(0, "Пол", "_sex", values=choices))
    assert found.values["_sex"] == ["female", "female", None, None, "female"]
    assert [(problem.index, problem.code) for problem in found.problems] == [(2, "sex_unknown")]
    assert [(change.index, change.done) for change in found.changes] == [(0, REPLACED), (1, REPLACED), (3, EMPTIED)]


def test_a_word_can_be_refused_where_the_others_are_left_out() -> None:
    found = cleaned(WORDS, ColumnTarget(0, "Пол", "_sex", on_bad="empty", values=(("дама", "refuse"),)))
    assert [problem.index for problem in found.problems] == [0, 1]
    assert [change.index for change in found.changes] == [2, 3]


def test_what_the_field_understands_is_never_translated() -> None:
    found = cleaned(["m", "XS"], ColumnTarget(0, "Size", "size", values=(("m", "set:S"), ("XS", "set:S"))))
    assert found.values["size"] == ["M", "S"]


def test_a_translation_the_field_does_not_take_leaves_the_row_refused() -> None:
    found = cleaned(["XS"], ColumnTarget(0, "Size", "size", values=(("XS", "set:XL"),)))
    assert [problem.code for problem in found.problems] == ["enum_unknown"]


def test_choices_come_back_as_they_were_kept() -> None:
    mapping = ColumnMapping((ColumnTarget(0, "Size", "size", values=(("XS", "set:S"),), decimal="comma"),))
    assert ColumnMapping.from_plain(mapping.to_plain()) == mapping
    kept_before = [{"column": 0, "header": "Size", "field": "size"}]
    assert ColumnMapping.from_plain(kept_before).targets[0].values == ()


@pytest.mark.parametrize(
    ("target", "codes"),
    [
        (ColumnTarget(0, "Size", "size", values=(("XS", "set:S"),)), []),
        (ColumnTarget(0, "Size", "size", values=(("XS", "drop"),)), ["choice_unknown"]),
        (ColumnTarget(0, "Size", "size", values=(("XS", ""),)), ["choice_unknown"]),
        (ColumnTarget(0, "Size", "size", values=tuple((f"x{n}", "empty") for n in range(101))), ["choice_unknown"]),
        (ColumnTarget(0, "Price", "price", values=(("free", "set:0"),)), ["values_not_for_kind"]),
        (ColumnTarget(0, "Price", "price", decimal="semicolon"), ["choice_unknown"]),
    ],
)
def test_what_forbids_such_choices(target: ColumnTarget, codes: list[str]) -> None:
    assert [code for code, _params in ColumnMapping((target,)).faults(FIELDS, "", "")] == codes


def test_a_key_is_never_made_up() -> None:
    target = ColumnTarget(0, "Size", "size", values=(("XS", "set:S"),))
    assert [code for code, _ in ColumnMapping((target,)).faults(FIELDS, "custom", "size")] == ["action_on_key"]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,234", "comma", 1.234),
        ("1,234", "dot", 1234.0),
        ("1.234", "comma", 1234.0),
        ("1.234", "dot", 1.234),
        ("1.234,5", "comma", 1234.5),
        ("1,234.5", "dot", 1234.5),
        ("1 234,5", "comma", 1234.5),
        ("12,5", "dot", 12.5),
        ("1.5", "comma", 1.5),
        ("-1.234.567", "comma", -1234567.0),
    ],
)
def test_a_fraction_is_read_by_the_sign_that_was_chosen(text: str, decimal: str, number: float) -> None:
    target = ColumnTarget(0, "Price", "price", decimal=decimal)
    assert clean_cell(text, target, FIELDS["price"]) == number
    assert cleaned([text], target).values["price"] == [number]


def test_whole_numbers_in_thousands_need_no_guess_once_the_sign_is_chosen() -> None:
    plain, chosen = ColumnTarget(0, "Visits", "visits"), ColumnTarget(0, "Visits", "visits", decimal="comma")
    with pytest.raises(Refused, match="number_ambiguous"):
        clean_cell("12.000", plain, FIELDS["visits"])
    assert clean_cell("12.000", chosen, FIELDS["visits"]) == 12_000
    with pytest.raises(Refused, match="integer_fraction"):
        clean_cell("1,234", chosen, FIELDS["visits"])
