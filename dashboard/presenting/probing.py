"""What was seen of an account in words: its calls, and the questions the documents leave open."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from imports import actions
from imports.models import Connection
from imports.wording import fault_text, what

CALLS: dict[str, str | Promise] = {
    "databases": lazy("Profile databases"),
    "fields": lazy("Fields of a database"),
    "profile": lazy("Looking a profile up"),
    "resources": lazy("Resources"),
    "resource": lazy("Channels of a resource"),
    "resource_fields": lazy("Fields of a subscription"),
    "scenarios": lazy("Scenarios"),
    "segments": lazy("Segments"),
    "import": lazy("Adding and updating profiles"),
    "update": lazy("Updating profiles"),
    "add": lazy("Adding profiles"),
    "scenario": lazy("Starting a scenario"),
}
STATES: dict[str, tuple[str, str, str | Promise]] = {  # hue, icon, words
    "works": ("accepted", "accepted", lazy("works")),
    "refused": ("rejected", "rejected", lazy("refused")),
    "unreachable": ("unknown", "unknown", lazy("not reachable")),
    "unreadable": ("invalid", "invalid", lazy("answers otherwise than documented")),
    "untried": ("notsent", "notsent", lazy("not tried: a test does not write")),
}
TITLES: dict[str, str | Promise] = {
    "email_spelling": lazy("How is an e-mail subscription written?"),
    "status": lazy("Does a subscription without a status bring back people who have left?"),
    "bad_profile": lazy("What comes back for one wrong profile among good ones?"),
    "repeats": lazy("Is a repeated request recognised?"),
    "profile_id": lazy("Can a batch find people by profile ID?"),
    "empty_values": lazy("What do empty values do to a field?"),
    "not_found": lazy("What is the answer for people who are not found?"),
}
WHY: dict[str, str | Promise] = {
    "email_spelling": lazy("The documents show two ways. What is seen sets the account's two switches."),
    "status": lazy(
        "The documents promise for one call that it does not. Sets nothing: a status is never sent unasked."
    ),
    "bad_profile": lazy("The documents do not show it. Sets nothing: every documented answer is understood."),
    "repeats": lazy("Three texts differ. Sets nothing; it helps whoever decides about a lost answer."),
    "profile_id": lazy("The documents do not say where the ID stands in a batch. Sets nothing."),
    "empty_values": lazy("The documents do not say. Sets nothing: an empty cell is left out, or sent as “unset”."),
    "not_found": lazy("No document names the code. Once seen, the results explain it in words."),
}
WRITTEN: dict[str, str | Promise] = {
    "email_spelling": lazy("Each gets an e-mail subscription to the resource you choose, written another way."),
    "status": lazy(
        "Both get an e-mail subscription to the resource you choose; one is unsubscribed and then sent again without a"
        " status."
    ),
    "bad_profile": lazy("One of them has a wrong date and a wrong IP address on purpose."),
    "repeats": lazy("It is sent twice the same, then once with another source under the same Request-ID."),
    "profile_id": lazy("It is added, then updated by its ID."),
    "empty_values": lazy("It gets a city, a region and a source, which are then emptied in three ways."),
    "not_found": lazy("Two updates of addresses nobody has are sent; nobody should be added by that."),
}
SETTINGS: dict[tuple[str, bool], str | Promise] = {
    ("nested_email", True): lazy("batches write email_data"),
    ("nested_email", False): lazy("batches write email"),
    ("nested_email_single", True): lazy("single requests write email_data"),
    ("nested_email_single", False): lazy("single requests write email"),
}


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    hue: str
    icon: str
    state: str
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """When somebody asked, who, and what came of it, line by line."""

    at: datetime | None
    by: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    settings: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    title: str
    why: str
    needs_resource: bool
    seen: Told | None

    @property
    def written(self) -> str:
        """What asking writes to the platform."""
        count = actions.QUESTIONS[self.name].profiles
        said = ngettext("%(count)s test profile is written.", "%(count)s test profiles are written.", count)
        told = str(WRITTEN[self.name])
        return f"{said % {'count': number(count)}} {told}" if count else told


def calls_of(connection: Connection) -> dict[str, Any]:
    """The last test: when, by whom, and one line for each call; {} before the first."""
    kept = connection.findings.get("calls")
    if not kept:
        return {}
    lines = [_call(part, state, code, params) for part, state, code, params in kept["tried"]]
    lines += [_call(one.part, one.state, one.code, one.params, one.at) for one in actions.calls_used(connection)]
    return {"at": parse_datetime(kept["at"]), "by": kept["by"], "lines": lines}


def questions_of(connection: Connection) -> list[Question]:
    """Every question with what was last seen."""
    return [question_of(connection, name) for name in actions.QUESTIONS]


def question_of(connection: Connection, name: str) -> Question:
    kept = connection.findings.get(name)
    needs_resource = actions.QUESTIONS[name].needs_resource
    return Question(name, str(TITLES[name]), str(WHY[name]), needs_resource, _told(kept) if kept else None)


def settings_text(settings: dict[str, bool]) -> str:
    """The settings that followed from a question, in words; "" for none."""
    return ", ".join(str(SETTINGS[one]) for one in settings.items() if one in SETTINGS)


def _told(kept: dict[str, Any]) -> Told:
    lines = [(what(f"case_{about}") if about else "", fault_text(code, params)) for about, code, params in kept["seen"]]
    place = _("database %(number)s") % {"number": kept["database"]}
    if kept.get("resource"):
        place += ", " + _("resource %(number)s") % {"number": kept["resource"]}
    return Told(parse_datetime(kept["at"]), kept["by"], lines, settings_text(kept.get("set") or {}), place)


def _call(part: str, state: str, code: str, params: dict[str, str], at: datetime | None = None) -> Call:
    hue, icon, words = STATES[state]
    return Call(str(CALLS.get(part, part)), hue, icon, str(words), _why(code, params), at)


def _why(code: str, params: dict[str, str]) -> str:
    """Why a call did not work, and the platform's own words where it gave some."""
    if not code:
        return ""
    said = " ".join(filter(None, [params.get("error"), params.get("text")]))
    told = fault_text(code, params, short=code == "refused")
    return f"{told} ({said})" if said and said not in told else told
