"""Time zones to choose from: Russia's by their names here first, then the world's by region."""

import zoneinfo
from collections import defaultdict
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

RUSSIA = {
    "Europe/Kaliningrad": lazy("Kaliningrad"),
    "Europe/Moscow": lazy("Moscow"),
    "Europe/Samara": lazy("Samara"),
    "Asia/Yekaterinburg": lazy("Yekaterinburg"),
    "Asia/Omsk": lazy("Omsk"),
    "Asia/Novosibirsk": lazy("Novosibirsk"),
    "Asia/Krasnoyarsk": lazy("Krasnoyarsk"),
    "Asia/Irkutsk": lazy("Irkutsk"),
    "Asia/Yakutsk": lazy("Yakutsk"),
    "Asia/Vladivostok": lazy("Vladivostok"),
    "Asia/Magadan": lazy("Magadan"),
    "Asia/Kamchatka": lazy("Kamchatka"),
}
REGIONS = ("Europe", "Asia", "Africa", "America", "Atlantic", "Australia", "Indian", "Pacific")


def zone_choices(now: datetime, usual: str) -> list[tuple[str, object]]:
    """For a list to choose from: the deployment's zone, UTC, Russia's, then the others in groups."""
    first = [("", _("As this installation: %(zone)s") % {"zone": usual}), ("UTC", "UTC")]
    russia = [(name, f"{label} ({offset_of(name, now)})") for name, label in RUSSIA.items()]
    world = [
        (region, [(name, f"{_city(name)} ({offset_of(name, now)})") for name in _names(region)]) for region in REGIONS
    ]
    return [*first, (_("Russia"), russia), *world]


def offset_of(name: str, now: datetime) -> str:
    """Such as UTC+3 or UTC+5:30."""
    offset = now.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
    hours, minutes = int(offset[:3]), offset[3:]
    return f"UTC{hours:+d}" + (f":{minutes}" if minutes != "00" else "")


def _city(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", ", ")


def _names(region: str) -> list[str]:
    return _by_region().get(region, [])


@lru_cache(maxsize=1)
def _by_region() -> dict[str, list[str]]:
    found = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones() - set(RUSSIA)):
        found[name.partition("/")[0]].append(name)
    return dict(found)
