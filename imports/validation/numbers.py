"""Whole and broken numbers as people and spreadsheets write them."""

from __future__ import annotations

import math
import re
from typing import Final

from imports.validation.text import Refused, without_invisible

LARGEST: Final = 2**63 - 1
"""INFERRED: an integer field holds 64 bits, as every integer of the platform's database does."""

_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f'\u2019](?=[0-9]{3}(?![0-9]))")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,][0-9]+)?")
_DOTS = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_COMMAS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GROUPING: Final = {"comma": (_DOTS, "."), "dot": (_COMMAS, ",")}
_ONE_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_THREE_ZEROS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.000")
_SMALL = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[eE]-[0-9]{1,3}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")


def clean_integer(text: str, decimal: str = "") -> int:
    """Return a whole number of at most 64 bits.

    "12.0" is 12; `decimal` "comma" | "dot" | "" is the sign before a fraction, the other one groups thousands.
    Raises Refused with "number_invalid", "number_ambiguous", "number_scientific", "number_too_large" or
    "integer_fraction".
    """
    plain = _plain(text, decimal)
    if not decimal and _THREE_ZEROS.fullmatch(plain):
        raise Refused("number_ambiguous")
    if not _PLAIN.fullmatch(plain):
        raise Refused("number_invalid")
    whole, _, fraction = plain.partition(".")
    if fraction.strip("0"):
        raise Refused("integer_fraction")
    # Python refuses to read a number of thousands of digits, so the length is judged first.
    digits = whole.lstrip("+-0") or "0"
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise Refused("number_too_large")
    return -int(digits) if whole[0] == "-" else int(digits)


def clean_float(text: str, decimal: str = "") -> float:
    """Return a finite number; a comma is a decimal one unless it groups thousands. `decimal` as for `clean_integer`.

    Raises Refused with "number_invalid", "number_ambiguous" ("1,234"), "number_scientific" or "number_too_large".
    """
    plain = _plain(text, decimal)
    if not _PLAIN.fullmatch(plain) and not _SMALL.fullmatch(plain):
        raise Refused("number_invalid")
    number = float(plain)
    if not math.isfinite(number):
        raise Refused("number_too_large")
    return number


def _plain(text: str, decimal: str) -> str:
    """Drop what groups thousands and turn a decimal comma into a dot."""
    text = _SPACES.sub("", without_invisible(text).replace("\u2212", "-"))
    if _SMALL.fullmatch(text):
        return text
    # Digits were lost when a spreadsheet shortened the number; only very small ones are programs' own spelling.
    if _SCIENTIFIC.fullmatch(text):
        raise Refused("number_scientific")
    if decimal:
        grouped_by, sign = _GROUPING[decimal]
        return (text.replace(sign, "") if grouped_by.fullmatch(text) else text).replace(",", ".", 1)
    if _ONE_GROUP.fullmatch(text):
        raise Refused("number_ambiguous")
    grouped = _GROUPED.fullmatch(text)
    if grouped and (text.count(grouped["mark"]) > 1 or {".", ","} <= set(text)):
        text = text.replace(grouped["mark"], "")
    return text.replace(",", ".", 1)
