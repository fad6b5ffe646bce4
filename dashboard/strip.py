"""The batches of a job as a strip of squares; each state has a shape of its own in components/patterns.html."""

from collections import Counter
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard import badges, figures

MOST = 480  # more squares than that cannot be told apart


def draw(states: Sequence[str]) -> SafeString:
    """A square a batch, in their order, and the legend with counts; past MOST batches the legend alone."""
    counts = Counter(states)
    squares = format_html_join("", "{}", ((_square(state),) for state in states)) if len(states) <= MOST else ""
    strip = format_html('<div class="strip" role="img" aria-label="{}">{}</div>', spoken(counts), squares)
    entries = (
        (_square(state), badges.state_badge(state, "batch").label, figures.number(count))
        for state, count in sorted(counts.items(), key=_place)
    )
    return strip + format_html('<ul class="legend">{}</ul>', format_html_join("", "<li>{}{} {}</li>", entries))


def spoken(counts: Counter[str]) -> str:
    """What the strip shows, in words: "Batches: 48. Answered 31, Waiting 17"."""
    told = [
        f"{badges.state_badge(state, 'batch').label} {figures.number(count)}"
        for state, count in sorted(counts.items(), key=_place)
    ]
    return _("Batches: %(count)s. %(states)s") % {"count": figures.number(counts.total()), "states": ", ".join(told)}


def _square(state: str) -> SafeString:
    return format_html('<svg class="sq" aria-hidden="true"><use href="#b-{}"/></svg>', state)


def _place(entry: tuple[str, int]) -> int:
    order = list(badges.BATCH_STATES)
    return order.index(entry[0]) if entry[0] in order else len(order)
