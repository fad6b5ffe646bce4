import pytest

from imports.mapping import Kind
from tests.imports.validation.cleaning import cleaned, refusal


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0", 0),
        ("-5", -5),
        ("+5", 5),
        ("\u22125", -5),
        ("007", 7),
        ("12.0", 12),
        ("12,00", 12),
        ("1 234", 1234),
        ("1\u00a0234\u202f567", 1234567),
        ("1'234", 1234),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1,234.00", 1234),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775807", -(2**63) + 1),
        ("0" * 30_000 + "5", 5),
        ("-0", 0),
        ("-000", 0),
    ],
)
def test_integer_is_read(cell, number):
    value = cleaned(Kind.INTEGER, cell)

    assert value == number
    assert type(value) is int


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12.5", "integer_fraction"),
        ("1 234,56", "integer_fraction"),
        ("1,234", "number_ambiguous"),
        ("12.000", "number_ambiguous"),
        ("7.9E+10", "number_scientific"),
        ("9223372036854775808", "number_too_large"),
        ("9" * 5000, "number_too_large"),
        ("abc", "number_invalid"),
        ("1e-5", "number_invalid"),
        ("1 23", "number_invalid"),
        ("1_000", "number_invalid"),
        ("\u0663", "number_invalid"),
        ("500 руб.", "number_invalid"),
        ("true", "number_invalid"),
        ("-", "number_invalid"),
    ],
)
def test_integer_is_refused_with_its_reason(cell, code):
    assert refusal(Kind.INTEGER, cell) == code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("100.5", 100.5),
        ("100,5", 100.5),
        ("-0,5", -0.5),
        ("1 234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234,56", 1234.56),
        ("1,234,567", 1234567.0),
        ("12 345,678", 12345.678),
        ("0,234", 0.234),
        ("37.617", 37.617),
        ("1,2345", 1.2345),
        ("12", 12.0),
        ("1e-05", 1e-05),
    ],
)
def test_float_is_read(cell, number):
    value = cleaned(Kind.FLOAT, cell)

    assert value == number
    assert type(value) is float


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("nan", "number_invalid"),
        ("inf", "number_invalid"),
        ("-Infinity", "number_invalid"),
        ("12,", "number_invalid"),
        ("1,23,456", "number_invalid"),
        ("1.234.56", "number_invalid"),
        ("50%", "number_invalid"),
        ("1,234", "number_ambiguous"),
        ("1.23E+05", "number_scientific"),
        ("9" * 400, "number_too_large"),
    ],
)
def test_float_is_refused_with_its_reason(cell, code):
    assert refusal(Kind.FLOAT, cell) == code
