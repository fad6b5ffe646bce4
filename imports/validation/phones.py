"""Phone numbers to +E.164, the form Altcraft's examples use. Source: profiles/import, Request examples."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from imports.validation.plain import json_texts
from imports.validation.text import Refused, without_invisible

NATIONAL_LENGTHS: Final[dict[int, int]] = {
    7: 10, 373: 8, 374: 8, 375: 9, 380: 9, 992: 9, 993: 8, 994: 9, 995: 9, 996: 9, 998: 9,
}  # fmt: skip
"""Digits after the country code where the library allows more lengths than people have (freephone, satellite).

INFERRED from the national numbering plans; Altcraft says only that 12345, words, zeros and long numbers are refused.
"""

BARE_INTERNATIONAL: Final = re.compile(
    r"7[34789][0-9]{9}|(?:375|380|992|994|995|996|998)[0-9]{9}",
)
"""Digits without a plus that can only be a full number: spreadsheets drop the plus of +7 916 ...

INFERRED: no country of the library has local numbers of this length that begin so, but for a few rare ones.
"""

_EXTENSION = re.compile(r"[,;]?[ \n]?(?:доб|доп|вн|внутр|ext|extension|x|#)[.:\s]*[0-9]{1,7}\b\.?", re.IGNORECASE)
_LABEL = re.compile(r"(?:тел|телефон|моб|мобильный|сот|раб|дом|т|м|tel|phone|mob|mobile)[.:\s]+|tel:", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;/|\n\r]+| и | and ", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n\r]+")
LONGEST: Final = 1_000
"""Characters of a cell past which nobody wrote phone numbers; keeps the patterns below from being worn out."""
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?e\+?[0-9]+", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s().\-\u2010-\u2015\u2212_~*'\u2019]+")
_DIGITS = re.compile(r"\+?[0-9]{3,20}")
_LOOSE: Final = {ord(character): None for character in " ()-\xa0"}
_SEVENS: Final = {  # by region, the ten digits of a Russian or Kazakh number; one find a line, "" for any other text
    region: re.compile(rf"^(?:{code})([0-9]{{10}})$|^.*$", re.MULTILINE).findall
    for region, code in {
        # Every 9xx number of Russia is a valid mobile one; the landlines' ranges are the library's business.
        "RU": r"\+?7(?=[3489])|8?(?=9)",
        "": r"\+?7(?=[3489])",
        "other": r"\+7(?=[3489])",
    }.items()
}
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch


def clean_phones(text: str, region: str) -> list[str]:
    """Return the numbers of a cell as +E.164, without repeats. `region` is the country of numbers without a code.

    Raises Refused with "phone_invalid", "phone_no_country" or "phone_scientific". An extension is dropped: nobody can
    be sent a message there, but the number before it stays good.
    """
    if len(text) > LONGEST:
        raise Refused("phone_invalid")
    if listed := json_texts(text):
        return list(dict.fromkeys(number for one in listed if one for number in clean_phones(one, region)))
    plain = _BLANKS.sub(" ", without_invisible(text))
    if _SCIENTIFIC.fullmatch(plain):
        raise Refused("phone_scientific")
    plain = _EXTENSION.sub("", plain)
    parts = [part.strip() for part in _SEPARATORS.split(plain)]
    numbers = [_one_number(part, region) for part in parts if part]
    if not numbers:
        raise Refused("phone_invalid")
    return list(dict.fromkeys(numbers))


def _one_number(text: str, region: str) -> str:
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if whole := _WHOLE_FLOAT.fullmatch(text):
        text = whole[1]
    compact = _PUNCTUATION.sub("", text)
    if not _DIGITS.fullmatch(compact):
        raise Refused("phone_invalid")
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    return _read(compact, region)


def _read(compact: str, region: str) -> str:
    number = _international(compact) if compact[0] == "+" else None
    if number is None and region:
        number = _national(compact.lstrip("+"), region)
    if number is None and BARE_INTERNATIONAL.fullmatch(compact):
        number = _international("+" + compact)
    if number is not None:
        return number
    without_code = compact[0] != "+" and not region and 7 <= len(compact) <= 15
    raise Refused("phone_no_country" if without_code else "phone_invalid")


def _international(text: str) -> str | None:
    number = _parse(text, None)
    return _written(number) if number is not None and _is_plausible(number) else None


def _national(digits: str, region: str) -> str | None:
    """Read digits by the rules of a country; strictly, as the code is ours and not the writer's."""
    number = _parse(digits, region)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return _written(number) if _is_plausible(number) else None


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _written(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_plausible(number: PhoneNumber) -> bool:
    """Judge by length, not by allotted ranges: ranges change, and test numbers must pass."""
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return False
    national = phonenumbers.national_significant_number(number)
    fixed = NATIONAL_LENGTHS.get(number.country_code or 0, len(national))
    return len(national) == fixed and national.strip("0") != "" and len(str(number.country_code)) + len(national) >= 7


class _CallingCode(NamedTuple):
    lengths: frozenset[int]
    trunk_prefix: re.Pattern[str] | None


def quick_phones(texts: list[str], region: str) -> list[list[str] | None]:
    """Return what `clean_phones` would for each text, or None where the fast patterns cannot tell."""
    # One pass over the joined column is four times faster than one for each cell.
    joined = "\n".join(texts).translate(_LOOSE)
    if joined.count("\n") != len(texts) - 1:  # several lines in a cell are nothing for the fast patterns
        joined = "\n".join(["" if "\n" in text else text for text in texts]).translate(_LOOSE)
    found = _SEVENS.get(region, _SEVENS["other"])(joined)
    if "" not in found:
        return [["+7" + digits] for digits in found]
    lines = zip(found, joined.split("\n"), strict=True)
    return [["+7" + digits] if digits else _abroad(compact) if compact else None for digits, compact in lines]


def _abroad(compact: str) -> list[str] | None:
    return [compact] if _INTERNATIONAL(compact) and _needs_no_library(compact) else None


def _needs_no_library(compact: str) -> bool:
    """Tell whether the library would keep the digits: a length its country allows, and no trunk prefix to drop."""
    size = next((size for size in (2, 3, 4) if int(compact[1:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), 0)
    rule = _calling_code(int(compact[1:size])) if size else None
    national = compact[size:]
    if rule is None or len(national) not in rule.lengths or national[0] == "0":
        return False
    return rule.trunk_prefix is None or not rule.trunk_prefix.match(national)


@cache
def _calling_code(code: int) -> _CallingCode | None:
    region = phonenumbers.region_code_for_country_code(code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    lengths = frozenset(metadata.general_desc.possible_length)
    if code in NATIONAL_LENGTHS:
        lengths &= {NATIONAL_LENGTHS[code]}
    prefix = metadata.national_prefix_for_parsing
    enough = frozenset(length for length in lengths if len(str(code)) + length >= 7)
    return _CallingCode(enough, re.compile(prefix) if prefix else None)
