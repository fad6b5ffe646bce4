import pytest

from imports.mapping import Kind
from tests.imports.validation.cleaning import cleaned, refusal


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("ivan@example.com", "ivan@example.com"),
        ("  ivan@example.com\u00a0", "ivan@example.com"),
        ("\ufeffivan@example.com\u200b", "ivan@example.com"),
        ("ivan\u00ad@exam\u200bple.com", "ivan@example.com"),
        ("Ivan.Petrov@Example.COM", "Ivan.Petrov@example.com"),
        ("IVAN@EXAMPLE.COM", "IVAN@example.com"),
        ("Info@Example.com", "info@example.com"),
        ("ivan+news@sub.example.co.uk", "ivan+news@sub.example.co.uk"),
        ("o'hara_1%x@example.org", "o'hara_1%x@example.org"),
        ("mailto:ivan@example.com", "ivan@example.com"),
        ("MAILTO: ivan@example.com?subject=Hi", "ivan@example.com"),
        ("<ivan@example.com>", "ivan@example.com"),
        ('"Ivan Petrov" <ivan@example.com>', "ivan@example.com"),
        ("ivan@example.com;", "ivan@example.com"),
        ("ivan@example.com,", "ivan@example.com"),
        ("ivan@пример.рф", "ivan@пример.рф"),
        ("ivan@ПРИМЕР.РФ", "ivan@пример.рф"),
        ("иван@пример.рф", "иван@пример.рф"),
        ("ivan@xn--e1afmkfd.xn--p1ai", "ivan@пример.рф"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_email_is_taken_and_levelled(cell, address):
    assert cleaned(Kind.EMAIL, cell) == address


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a@example.com; b@example.org", ("email_several", {"count": "2"})),
        ("a@example.com, b@example.org, c@example.org", ("email_several", {"count": "3"})),
        ("a@example.com b@example.org", ("email_several", {"count": "2"})),
        ("a@example.com\nb@example.org", ("email_several", {"count": "2"})),
        ("ivan.example.com", ("email_invalid", {"why": "no_at"})),
        ("нет", ("email_invalid", {"why": "no_at"})),
        ("<>", ("email_invalid", {"why": "no_at"})),
        ("ivan@@example.com", ("email_invalid", {"why": "at"})),
        ("ivan petrov@example.com", ("email_invalid", {"why": "space"})),
        ("ivan@example com", ("email_invalid", {"why": "space"})),
        ("ivan@example,com", ("email_invalid", {"why": "comma"})),
        ("@example.com", ("email_invalid", {"why": "local"})),
        (".ivan@example.com", ("email_invalid", {"why": "local"})),
        ("ivan..p@example.com", ("email_invalid", {"why": "local"})),
        ("a" * 65 + "@example.com", ("email_invalid", {"why": "local"})),
        ("ivan@", ("email_invalid", {"why": "domain"})),
        ("ivan@example", ("email_invalid", {"why": "domain"})),
        ("ivan@example..com", ("email_invalid", {"why": "domain"})),
        ("ivan@-example.com", ("email_invalid", {"why": "domain"})),
        ("ivan@example.c", ("email_invalid", {"why": "domain"})),
        ("ivan@example.123", ("email_invalid", {"why": "domain"})),
        ("ivan@example.test", ("email_invalid", {"why": "domain"})),
        ("ivan@[192.0.2.1]", ("email_invalid", {"why": "domain"})),
        ("iv\u0430n@example.com", ("email_letters", {"letters": "\u0430"})),
        ("ivan@ex\u0430mple.com", ("email_letters", {"letters": "\u0430"})),
        ("иван@example.com", ("email_letters", {"letters": "и, в, а, н"})),
        ("ivan@ex\u0430mple.рф", ("email_letters", {"letters": "\u0430"})),
    ],
)
def test_email_is_refused_with_its_reason(cell, expected):
    assert refusal(Kind.EMAIL, cell) == expected
