"""What a kind of history event consists of, and the counts its sentences are made of."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.words import without_gaps
from imports.wording import fault_text

Details = Mapping[str, Any]


class Verb(NamedTuple):
    """`label` names the kind in filters, `title` is the sentence; `hue` only where it is an outcome's."""

    label: str | Promise
    title: str | Promise
    icon: str = "clock"
    hue: str = ""
    text: Callable[[Details], str] = lambda details: ""


class Grouped(dict[str, Any]):
    """Details for a sentence, numbers grouped; one that is missing shows as an ellipsis and never breaks the page."""

    def __getitem__(self, key: str) -> Any:
        value = super().get(key, "…")
        return number(value) if isinstance(value, int) else value


def rows_text(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number(count)}


def profiles_text(count: int) -> str:
    return ngettext("%(count)s profile", "%(count)s profiles", count) % {"count": number(count)}


def listed(*parts: str) -> str:
    """What there is to say, one after another."""
    return ", ".join(part for part in parts if part)


def fault_told(details: Details) -> str:
    """Why it could not be done, by its code."""
    return without_gaps(fault_text(details.get("code", ""), details, short=True))
