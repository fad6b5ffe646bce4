"""The batches of a job as a strip of squares; each state has a shape of its own in components/patterns.html."""

from collections import Counter
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard import badges, figures


def draw(states: Sequence[str], label: str = "") -> SafeString:
    """A square for each state, in their order; label says in words what it shows, else the states are counted."""
    squares = format_html_join("", "{}", ((square(state),) for state in states))
    return format_html('<div class="strip" role="img" aria-label="{}">{}</div>', label or spoken(states), squares)


def square(state: str) -> SafeString:
    """One square; its shape tells the state without colour."""
    return format_html('<svg class="sq" aria-hidden="true"><use href="#b-{}"/></svg>', state)


def spoken(states: Sequence[str]) -> str:
    """The states in words: "Batches: 48. Waiting 17, Answered 31"."""
    counts = Counter(states)
    told = [
        f"{badges.state_badge(state, 'batch').label} {figures.number(counts[state])}"
        for state in sorted(counts, key=_place)
    ]
    return _("Batches: %(count)s. %(states)s") % {"count": figures.number(len(states)), "states": ", ".join(told)}


def _place(state: str) -> int:
    order = list(badges.BATCH_STATES)
    return order.index(state) if state in order else len(order)
