"""Charts as plain SVG: bars with places of their own, their words for who cannot see them, no script."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from dashboard.figures import number
from dashboard.presenting.dictionary import Dictionary
from imports.models import ImportJob
from imports.results import Span, pace, refusals_by_week

WIDTH, HEIGHT, GAP = 600, 110, 1.5
WEEKS, MOST_LINES = 8, 5
SPARK_WIDTH, SPARK_HEIGHT = 96, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle in the units of its picture; `hue` names its colour."""

    x: str
    y: str
    width: str
    height: str
    hue: str


def pace_chart(job: ImportJob) -> dict[str, Any] | None:
    """Rows a minute over the time of the sending, accepted below rejected; None where there is nothing to show."""
    return chart_of(pace(job))


def chart_of(spans: Sequence[Span]) -> dict[str, Any] | None:
    """The picture of these spans, as components/pace.html takes it."""
    top = max((span.per_minute for span in spans), default=0)
    if not top:
        return None
    told = {"top": number(round(top)), "from": _clock(spans[0].start, spans), "to": _clock(_end(spans), spans)}
    said = _("Rows answered a minute, from %(from)s to %(to)s: at most %(top)s.") % told
    return told | {"bars": list(_stacked(spans, top)), "said": said, "width": WIDTH, "height": HEIGHT}


def trends(jobs: Any) -> dict[str, list[dict[str, Any]]]:
    """Rejected rows of the last eight weeks by code, and by preset where presets were used: most first."""
    dictionary = Dictionary()
    by_code = _lines(refusals_by_week(jobs, WEEKS))
    by_preset = _lines(refusals_by_week(jobs.exclude(preset=None), WEEKS, by="job__preset__name"))
    for line in by_code:
        line["title"] = dictionary.meaning(line["name"], line["text"]).title or line["text"]
    return {"codes": by_code, "presets": by_preset}


def _lines(found: Iterable[tuple[datetime, str, int, str]]) -> list[dict[str, Any]]:
    weeks = _weeks()
    count: Counter[tuple[str, datetime]] = Counter()
    total: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for week, name, rows, text in found:
        count[name, week] += rows
        total[name] += rows
        texts[name] = text
    top = max(count.values(), default=1)
    return [
        line_of(name, rows, [count[name, week] for week in weeks], top) | {"text": texts[name]}
        for name, rows in total.most_common(MOST_LINES)
    ]


def line_of(name: str, rows: int, weekly: Sequence[int], top: int) -> dict[str, Any]:
    """One line of weeks, as components/trend.html takes it; `top`: the tallest bar of all lines."""
    said = _("%(name)s, by week: %(counts)s") % {"name": name, "counts": ", ".join(map(number, weekly))}
    return {"name": name, "rows": rows, "now": weekly[-1], "bars": list(_spark(weekly, top)), "said": said}


def _weeks() -> list[datetime]:
    """The starts (Mondays) of the last weeks by the reader's clock, this one last."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [_at_midnight(monday - timedelta(weeks=back)) for back in range(WEEKS, -1, -1)]


def _at_midnight(day: datetime) -> datetime:
    """Midnight stays midnight when the clocks are changed in between."""
    return timezone.make_aware(day.replace(tzinfo=None))


def _spark(counts: Sequence[int], top: int) -> Iterable[Bar]:
    each = SPARK_WIDTH / len(counts)
    for place, count in enumerate(counts):
        height = max(1.5, SPARK_HEIGHT * count / top) if count else 0.75
        yield _bar(place * each, SPARK_HEIGHT - height, each - GAP, height, "rejected" if count else "notsent")


def _stacked(spans: Sequence[Span], top: float) -> Iterable[Bar]:
    each = WIDTH / len(spans)
    for place, span in enumerate(spans):
        scale = HEIGHT / top * 60 / span.seconds
        taken, refused = span.accepted * scale, span.rejected * scale
        if taken:
            yield _bar(place * each, HEIGHT - taken, each - GAP, taken, "accepted")
        if refused:
            yield _bar(place * each, HEIGHT - taken - refused, each - GAP, refused, "rejected")


def _bar(x: float, y: float, width: float, height: float, hue: str) -> Bar:
    """Numbers as SVG wants them, whatever the language of the page."""
    return Bar(f"{x:.2f}", f"{y:.2f}", f"{width:.2f}", f"{height:.2f}", hue)


def _end(spans: Sequence[Span]) -> datetime:
    return spans[-1].start + timedelta(seconds=spans[-1].seconds)


def _clock(at: datetime, spans: Sequence[Span]) -> str:
    """The time, with seconds or the day where the picture is that short or long."""
    lasted = (_end(spans) - spans[0].start).total_seconds()
    style = "H:i:s" if lasted < 900 else "H:i" if lasted < 86_400 else "j E, H:i"
    return dateformat.format(timezone.localtime(at), style)
