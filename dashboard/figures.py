"""Numbers, sizes, spans of time and masked values, as a person in the page's language reads them. Text in, text out."""

import re
from collections.abc import Mapping

from django.utils import formats
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from dashboard.badges import OUTCOMES, spelled

HIDDEN = "•••"
NO_BREAK = "\u00a0"
SIZES = ((gettext_noop("GB"), 1024**3), (gettext_noop("MB"), 1024**2), (gettext_noop("KB"), 1024))
PHONE = re.compile(r"\+?[\d\s().\-]+")
FEWEST_DIGITS = 7


def number(value: float) -> str:
    """Grouped as the language does: 20,412 in English, 20 412 with a no-break space in Russian."""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def percent(part: float, whole: float) -> str:
    """The share with at most one decimal. Something is never rounded to 0 %, nor less than everything to 100 %."""
    share = round(100 * part / whole, 1) if whole else 0.0
    if 0 < part < whole:
        share = min(max(share, 0.1), 99.9)
    text = number(int(share) if share == int(share) else share)
    return f"{text}{NO_BREAK}%" if (get_language() or "").startswith("ru") else f"{text}%"


def filesize(count: int) -> str:
    """Bytes in the largest fitting unit of 1,024: 38 bytes, 2.4 MB, 512 MB."""
    for unit, size in SIZES:
        if count >= size:
            scaled = count / size
            rounded = round(scaled, 1) if scaled < 10 else round(scaled)
            return f"{number(int(rounded) if rounded == int(rounded) else rounded)}{NO_BREAK}{gettext(unit)}"
    return ngettext("%(count)s byte", "%(count)s bytes", count) % {"count": number(count)}


def duration(seconds: float, upper: float | None = None) -> str:
    """An estimate, never sharper than it is: "about 4 minutes", with an upper bound "6–8 minutes"."""
    longest = max(seconds, upper or 0)
    if longest < 50:
        return gettext("less than a minute")
    size = 60 if longest < 90 * 60 else 3600
    low, high = (max(1, round(span / size)) for span in (seconds, longest))
    if low == high:
        return _about(high, size)
    return _between(low, high, size)


def _about(count: int, size: int) -> str:
    if size == 60:
        text = ngettext("about %(count)s minute", "about %(count)s minutes", count)
    else:
        text = ngettext("about %(count)s hour", "about %(count)s hours", count)
    return text % {"count": number(count)}


def _between(low: int, high: int, size: int) -> str:
    if size == 60:
        text = ngettext("%(span)s minute", "%(span)s minutes", high)
    else:
        text = ngettext("%(span)s hour", "%(span)s hours", high)
    return text % {"span": f"{number(low)}–{number(high)}"}


def elapsed(seconds: float) -> str:
    """A measured span of time: less than 0.1 s, 1.9 s, 42 s, 3 min, 3 min 5 s, 1 h 12 min, 2 d 4 h."""
    if seconds < 0.05:
        return gettext("less than %(count)s s") % {"count": number(0.1)}
    if seconds < 60:
        return gettext("%(count)s s") % {
            "count": number(round(max(seconds, 0.1), 1) if seconds < 9.95 else int(seconds))
        }
    whole = int(seconds)
    if whole < 3600 and whole % 60 == 0:
        return gettext("%(count)s min") % {"count": whole // 60}
    if whole < 3600:
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}
    if whole < 86400:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": whole // 3600, "minutes": whole % 3600 // 60}
    return gettext("%(days)s d %(hours)s h") % {"days": number(whole // 86400), "hours": whole % 86400 // 3600}


def mask(value: object) -> str:
    """Enough to recognise a value one knows, too little to use it: i•••@e•••.org, +79•••••••01, K•••."""
    text = str(value or "").strip()
    local, at, domain = text.rpartition("@")
    if at:
        name, dot, suffix = domain.rpartition(".") if "." in domain else (domain, "", "")
        return f"{local[:1]}{HIDDEN}@{name[:1]}{HIDDEN}{dot}{suffix}"
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    if len(digits) >= FEWEST_DIGITS and PHONE.fullmatch(text):
        hidden = set(digits[2:-2])
        return "".join("•" if place in hidden else sign for place, sign in enumerate(text))
    return f"{text[:1]}{HIDDEN}" if text else ""


def quoted(text: str) -> str:
    """In the quotation marks of the page's language."""
    return gettext("“%(text)s”") % {"text": text}


def outcome_counts(counts: object) -> dict[str, int]:
    """The seven counts in the order of the sum, from a mapping or an object, in any spelling; what is missing is 0."""
    found = counts if isinstance(counts, Mapping) else _attributes(counts)
    spelt = {spelled(name): count for name, count in found.items()}
    return {name: int(spelt.get(name) or 0) for name in OUTCOMES}


def _attributes(counts: object) -> dict[str, int]:
    names = [*OUTCOMES, "set_aside", "not_sent"]
    return {name: getattr(counts, name) for name in names if hasattr(counts, name)}


def total(counts: Mapping[str, int]) -> int:
    """All rows the outcomes account for."""
    return sum(counts.values())


def row_count(counts: object) -> int:
    """Rows of the file as the counts tell them, or the sum of the outcomes where they do not."""
    told = counts.get("rows") if isinstance(counts, Mapping) else getattr(counts, "rows", None)
    return int(told) if told is not None else total(outcome_counts(counts))


def bar(counts: Mapping[str, int], *, least: float = 1.2, gap: float = 0.35) -> list[tuple[str, float, float]]:
    """(outcome, x, width) in percent of the bar for each outcome that has rows; none narrower than `least`."""
    shown = {name: count for name, count in counts.items() if count > 0}
    room = 100 - gap * (len(shown) - 1)
    small: set[str] = set()
    while True:
        free = room - least * len(small)
        rest = sum(count for name, count in shown.items() if name not in small)
        too_small = {name for name, count in shown.items() if name not in small and free * count < least * rest}
        if not too_small:
            break
        small |= too_small
    parts, x = [], 0.0
    for name, count in shown.items():
        width = least if name in small else free * count / rest
        parts.append((name, x, width))
        x += width + gap
    return parts
