"""`{% load ledger %}`: the parts of every page. Each is shown, with how to call it, in templates/gallery.html.

Leaf parts are tags, boxes around other markup are block tags; what needs no reckoning is a plain include
out of templates/components/, whose first line names its parameters.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dashboard import badges, figures, strip
from dashboard.presenting import approvals, destroying, shapes
from dashboard.presenting.roles import ROLES
from imports.models import ImportJob

register = template.Library()

register.filter("number", figures.number)
register.filter("filesize", figures.filesize)
register.filter("duration", figures.duration)
register.filter("elapsed", figures.elapsed)
register.filter("mask", figures.mask)
register.filter("percent", figures.percent)

STEPS = {
    "file": pgettext_lazy("step", "File"),
    "columns": pgettext_lazy("step", "Columns"),
    "check": pgettext_lazy("step", "Check"),
    "send": pgettext_lazy("step", "Send"),
    "results": pgettext_lazy("step", "Results"),
}
DATES = {"ru": "j E Y", "en": "j M Y"}
DECORATION = SafeString('aria-hidden="true"')
TEXTURED = {"invalid", "aside", "notsent", "unknown"}


class Section(NamedTuple):
    """One entry of the main menu: the URL's name, its label, how other URL names under it begin, and whom it is for:
    "all", "importers" or "admins", as `may_import` and `is_admin` of the page's context say."""

    url_name: str
    label: str | Promise
    under: str | tuple[str, ...] = ""
    audience: str = "all"
    counted: str = ""  # the name in the page's context of how many things wait there


OF_ADMINS = ("connection", "catalogue", "person_", "team_", "invitation_", "policy", "answer_", "sending_", "retention")
SECTIONS = (
    Section("home", _("Home")),
    Section("job_list", _("Imports"), under="job"),
    Section("job_new", _("New import"), audience="importers"),
    Section("form_new", _("Form"), under="form", audience="importers"),
    Section("approval_list", _("Approvals"), under="approval", counted="approvals_waiting"),
    Section("preset_list", _("Presets"), under="preset"),
    Section("history", _("History"), under="history"),
    Section("administration", _("Administration"), under=OF_ADMINS, audience="admins"),
)


@register.simple_tag
def icon(name: str, label: str = "", big: bool = False) -> SafeString:
    """A sign of icons.svg. Without a label it is decoration and hidden from readers."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else DECORATION
    return format_html(
        '<svg class="i{}" {}><use href="{}#i-{}"/></svg>', " i-big" if big else "", spoken, static("icons.svg"), name
    )


@register.filter
def role_name(role: str) -> str:
    """A role in words."""
    return str(ROLES.get(role, role))


@register.filter
def initials(name: str) -> str:
    """At most two capitals: "Anna Kravtsova" is AK, "auditor" is A."""
    return "".join(word[0] for word in str(name).split()[:2]).upper()


@register.simple_tag
def moment(value: datetime | None, show: str = "both") -> SafeString | str:
    """A `<time>` in the page's zone with UTC in its tooltip; show is "both", "date", "time" or "seconds"."""
    if value is None:
        return ""
    local, utc = timezone.localtime(value), value.astimezone(UTC)
    date = DATES["ru" if (get_language() or "").startswith("ru") else "en"]
    style = {"both": f"{date}, H:i", "date": date, "time": "H:i", "seconds": "H:i:s"}[show]
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S"),
        dateformat.format(local, style),
    )


@register.simple_tag
def day(value: date) -> str:
    """A day without a time, as the page's language writes it."""
    return destroying.day(value)


@register.inclusion_tag("components/kept_until.html", takes_context=True)
def kept_until(context: Context, job: ImportJob) -> dict[str, Any]:
    """The line under every page of an import: when its rows and file go, or went."""
    return {"job": job, "told": destroying.kept_until(job), "may_destroy": bool(context.get("is_admin"))}


@register.simple_tag
def zone_note() -> str:
    """Says which clock the page's times are read from, for the footer."""
    offset = timezone.localtime().strftime("%z")
    hours, minutes = int(offset[:3]), offset[3:]
    shift = "UTC" if not hours and minutes == "00" else f"UTC{hours:+d}" + (f":{minutes}" if minutes != "00" else "")
    clock = ", ".join(dict.fromkeys((timezone.get_current_timezone_name(), shift)))
    return gettext("Times are %(clock)s") % {"clock": clock}


@register.simple_tag
def outcome_tag(name: str, plain: bool = False) -> SafeString:
    """An outcome as icon and word; plain leaves out the wash, for tables of few words."""
    return _tag(badges.outcome_badge(name), plain=plain)


@register.simple_tag
def state_tag(name: str, kind: str = "job", plain: bool = False) -> SafeString:
    """A job's state, or with kind="batch" a batch's, as icon and word."""
    return _tag(badges.state_badge(name, kind), plain=plain)


@register.inclusion_tag("components/legend.html")
def legend() -> dict[str, Any]:
    """The seven outcomes, named and drawn, for those who have not met them."""
    return {"badges": list(badges.OUTCOMES.values())}


@register.inclusion_tag("components/guess.html")
def guess_tag(certainty: str, why: str = "") -> dict[str, Any]:
    """How sure a guess at a column is, in a word and its reason, never as a percentage."""
    return {"badge": badges.guess_badge(certainty), "why": why}


@register.inclusion_tag("components/shape.html")
def shape_notice(job: ImportJob) -> dict[str, Any]:
    """How the job's file differs from the last ones, and a box to tick in the form `start` where a rule asks for it."""
    return {"told": shapes.shape_told(job)}


@register.inclusion_tag("components/approval.html")
def approval_notice(job: ImportJob, edits: bool = False) -> dict[str, Any]:
    """How an import stands with its second person; `edits`: on a page where a change would make that void."""
    return {"job": job, "edits": edits, **approvals.standing_told(job, edits=edits)}


def _tag(badge: badges.Badge, *, plain: bool) -> SafeString:
    return format_html(
        '<span class="tag is-{}{}">{}{}</span>', badge.hue, " plain" if plain else "", icon(badge.icon), badge.label
    )


@register.simple_tag
def sumbar(counts: object, mini: bool = False) -> SafeString:
    """The sum as a bar; only attributes carry widths, and each outcome has its own texture (not in lists)."""
    known = figures.outcome_counts(counts)
    parts = figures.bar(known, least=2.75, gap=0.8) if mini else figures.bar(known)
    return format_html(
        '<svg class="sumbar{}" role="img" aria-label="{}">{}</svg>',
        " mini" if mini else "",
        _spoken_sum(known),
        format_html_join("", "{}", ((_segment(*part, mini=mini),) for part in parts)),
    )


def _segment(name: str, x: float, width: float, *, mini: bool) -> SafeString:
    place = format_html('x="{}%" width="{}%" height="100%"', f"{x:.2f}", f"{width:.2f}")
    plain = format_html('<rect class="f-{}" {}/>', name, place)
    if mini or name not in TEXTURED:
        return plain
    return plain + format_html('<rect fill="url(#pt-{})" {}/>', name, place)


def _spoken_sum(counts: dict[str, int]) -> str:
    told = [f"{badges.OUTCOMES[name].label} {figures.number(count)}" for name, count in counts.items() if count]
    return ", ".join(told) or gettext("no rows yet")


@register.inclusion_tag("components/sum.html", name="sum")
def equation(counts: object, href: str = "", pending: str = "", note: str = "") -> dict[str, Any]:
    """The equation: rows in the file = seven outcomes. href: terms link to `href?outcome=NAME`; pending: another
    wording of the last term; note: another sentence under the rule."""
    known, rows = figures.outcome_counts(counts), figures.row_count(counts)
    terms = [
        (badges.OUTCOMES[name], pending if pending and name == "pending" else badges.TERMS[name], name, count)
        for name, count in known.items()
    ]
    missing = rows - figures.total(known)
    closed = not missing and not known["pending"]
    return {
        "rows": rows,
        "terms": terms,
        "counts": known,
        "missing": abs(missing),
        "closed": closed,
        "href": href,
        "note": note,
    }


@register.simple_tag
def batch_strip(states: Iterable[str], label: str = "") -> SafeString:
    """One square a batch, in order: filled answered, cut corner with rejected rows, ringed on the wire, hollow
    waiting. label: in words, where a square stands for several batches."""
    return strip.draw(list(states), label)


register.simple_tag(strip.square, name="batch_square")


@register.inclusion_tag("components/stepper.html")
def stepper(current: str, reached: str = "", **urls: str | None) -> dict[str, Any]:
    """The five steps. current, reached: file, columns, check, send or results; steps before `current`, and up to
    `reached`, are done. Further arguments are links of the steps there are: `file=url columns=url`."""
    names = list(STEPS)
    done = max(names.index(current), names.index(reached) + 1 if reached else 0)
    steps = [
        {
            "number": place + 1,
            "name": STEPS[name],
            "current": name == current,
            "done": place < done and name != current,
            "url": urls.get(name),
        }
        for place, name in enumerate(names)
    ]
    return {"steps": steps}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*steps: str) -> dict[str, Any]:
    """The way here: text and URL in turn, the last text without one."""
    return {"links": list(zip(steps[:-1:2], steps[1::2], strict=False)), "last": steps[-1] if len(steps) % 2 else ""}


@register.inclusion_tag("components/facts.html")
def facts(*pairs: object) -> dict[str, Any]:
    """Name and value in turn, under a heading; pairs without a value are left out."""
    return {"pairs": [(name, value) for name, value in zip(pairs[::2], pairs[1::2], strict=True) if value]}


@register.inclusion_tag("components/sections.html", takes_context=True)
def sections(context: Context) -> dict[str, Any]:
    """The entries of the main menu this person may open, the current one marked."""
    here = getattr(getattr(context.get("request"), "resolver_match", None), "url_name", None) or ""
    exact = here in {section.url_name for section in SECTIONS}
    open_to = {"importers": context.get("may_import"), "admins": context.get("is_admin")}
    return {
        "sections": [
            {"section": section, "current": _current(section, here, exact), "count": context.get(section.counted)}
            for section in SECTIONS
            if open_to.get(section.audience, True)
        ]
    }


def _current(section: Section, here: str, exact: bool) -> str:
    if section.url_name == here:
        return "page"
    return "true" if section.under and not exact and here.startswith(section.under) else ""


@register.simple_block_tag
def notice(content: str, hue: str = "", icon: str = "", role: str = "") -> SafeString:
    """One message in the flow. hue: an outcome's name or "accent"; icon: else the hue's own; role: status or alert."""
    sign = icon or (badges.OUTCOMES[hue].icon if hue in badges.OUTCOMES else "info")
    return render_to_string("components/notice.html", {"content": content, "hue": hue, "icon": sign, "role": role})


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """Around a wide table: scrolls sideways, can be reached by keyboard, has a name."""
    return render_to_string("components/scroll.html", {"content": content, "label": label})


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    """Opens by `<button popovertarget="NAME">`, with or without script; the safe button comes first and is primary."""
    return render_to_string("components/dialog.html", {"content": content, "name": name, "title": title})


@register.simple_block_tag
def actionbar(content: str, why: str = "") -> SafeString:
    """The bar with the step's one primary button; why says what it will do."""
    return render_to_string("components/actionbar.html", {"content": content, "why": why})
