"""What a person, or a script, sees of the sandbox itself: the start page, its state, its profiles."""

from html import escape
from typing import Any

from .answers import Answer
from .errors import OUTER, PER_PROFILE
from .faults import FaultDesk
from .platform import Platform
from .reading_calls import shown_profile

_LAST = 20
_ASKED = {"db_id": "1", "limit": "50", "offset": "0"}  # by GET /sandbox/profiles, with what is meant when left out
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Altcraft sandbox</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse}}td,th{{text-align:left;padding:.2rem 1.2rem .2rem 0;vertical-align:top}}
code{{background:#8882;padding:.1rem .3rem}}</style>
<h1>Altcraft sandbox</h1>
<p>This stands in for the Altcraft platform API. It was built from the public documents, keeps its people in memory
and sends nothing to anybody.</p>
<p>Address <code>{url}/api/v1.1/</code>, token <code>{token}</code></p>
{tables}
<h2>Watch and steer</h2>
<ul><li><a href="/sandbox/state">/sandbox/state</a>: settings, faults, the last deliveries</li>
<li><a href="/sandbox/deliveries">/sandbox/deliveries</a>: every delivery so far</li>
<li><a href="/sandbox/profiles?db_id=1&amp;limit=50">/sandbox/profiles?db_id=1&amp;limit=50</a>: the people</li>
<li><code>POST /sandbox/control</code> with JSON, for example <code>{{"latency": 0.5, "fail_every": 10}}</code>
or <code>{{"reset": true}}</code></li></ul>
</html>
"""


def start_page(platform: Platform, url: str) -> bytes:
    """A small HTML page that needs nothing else."""
    catalogue = platform.catalogue
    databases = [
        (n, info.name, f"profiles: {len(platform.people[n].texts):,}") for n, info in catalogue.databases.items()
    ]
    resources = [(each.id, each.name, ", ".join(each.channels)) for each in catalogue.resources.values()]
    scenarios = [
        (each.id, each.name, _starts(platform, each.id, each.is_active)) for each in catalogue.scenarios.values()
    ]
    segments = [
        (each.id, each.name, _segment(len(each.members), each.is_static)) for each in catalogue.segments.values()
    ]
    tables = _table("Databases", databases) + _table("Resources", resources)
    tables += _table("Scenarios", scenarios) + _table("Segments", segments)
    tables += f"<p>Requests with profiles so far: {len(platform.deliveries):,}.</p>"
    return _PAGE.format(url=escape(url), token=escape(platform.token), tables=tables).encode()


def _starts(platform: Platform, number: int, is_active: bool) -> str:
    return f"starts: {sum(platform.started[number].values()):,}" if is_active else "not active"


def _segment(members: int, is_static: bool) -> str:
    return f"profiles: {members:,}" if is_static else "not static"


def _table(title: str, rows: list[tuple[int, str, str]]) -> str:
    cells = "".join(f"<tr><td>{number}<td>{escape(name)}<td>{escape(more)}" for number, name, more in rows)
    return f"<h2>{title}</h2><table>{cells}</table>"


def state(platform: Platform, desk: FaultDesk) -> dict[str, Any]:
    """Everything that can be set, and counts. Holds no personal data."""
    return {
        "faults": _plain(desk.faults),
        "settings": _plain(desk.settings),
        "calls_met": desk.met,
        "calls_harmed": desk.harmed,
        "most_calls_at_once": platform.most_at_once,
        "profiles": {str(number): len(people.texts) for number, people in platform.people.items()},
        "starts": {str(number): sum(counts.values()) for number, counts in platform.started.items()},
        "triggered": sum(platform.triggered.values()),
        "deliveries": len(platform.deliveries),
        "last_deliveries": [delivery._asdict() for delivery in platform.deliveries[-_LAST:]],
        "errors": {name: list(pair) for name, pair in {**OUTER, **PER_PROFILE}.items()},
    }


def deliveries(platform: Platform) -> dict[str, Any]:
    """The whole delivery log, oldest first. Holds no personal data."""
    return {"deliveries": [delivery._asdict() for delivery in list(platform.deliveries)]}


def _plain(options: Any) -> dict[str, Any]:
    return {name: getattr(options, name) for name in type(options).__dataclass_fields__}


def profiles(platform: Platform, asked: dict[str, list[str]]) -> Answer:
    """The profiles of a database, newest last, with how often each was applied. Asked with db_id, limit, offset."""
    numbers = {name: asked.get(name, [default])[0] for name, default in _ASKED.items()}
    if not all(text.isdecimal() and len(text) < 10 for text in numbers.values()):
        return Answer({"error": "db_id, limit and offset are numbers"}, status=400)
    db_id, limit, offset = (int(numbers[name]) for name in ("db_id", "limit", "offset"))
    with platform.lock:
        people = platform.people.get(db_id)
        if people is None:
            return Answer({"error": "no such database"}, status=404)
        chosen = list(people.texts)[offset : offset + limit]
        shown = [
            {**shown_profile(found, people.get(found)), "times_applied": platform.applied.get(found, 0)}
            for found in chosen
        ]
        return Answer({"profiles": shown, "count": len(people.texts)})
