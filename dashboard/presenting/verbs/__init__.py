"""Every kind of history event: its name in filters, its sentence, its icon, and what its details say.

A module for each topic; its name in filters stands here. A verb that no topic knows is shown by its own name.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from dashboard.presenting.verbs import (
    approving,
    bringing,
    checking,
    connections,
    deciding,
    destroying,
    looking,
    people,
    sending,
    signing,
    upkeep,
)
from dashboard.presenting.verbs.deciding import DECISIONS
from dashboard.presenting.verbs.kinds import Grouped, Verb, profiles_text, rows_text
from dashboard.presenting.verbs.sending import OWN_VERBS

__all__ = ["DECISIONS", "OWN_VERBS", "TOPICS", "VERBS", "Grouped", "Topic", "Verb", "profiles_text", "rows_text"]


class Topic(NamedTuple):
    """Verbs that belong together, as filters group them."""

    label: str | Promise
    verbs: Mapping[str, Verb]


TOPICS: Mapping[str, Topic] = {
    "signing": Topic(lazy("Signing in"), signing.VERBS),
    "people": Topic(lazy("People and access"), people.VERBS),
    "bringing": Topic(lazy("Files, columns, presets"), bringing.VERBS),
    "looking": Topic(lazy("Personal data seen or taken away"), looking.VERBS),
    "checking": Topic(lazy("The check"), checking.VERBS),
    "approving": Topic(lazy("Approval"), approving.VERBS),
    "sending": Topic(lazy("Sending"), sending.VERBS),
    "deciding": Topic(lazy("Decisions"), deciding.VERBS),
    "connections": Topic(lazy("Connections"), connections.VERBS),
    "destroying": Topic(lazy("Data destroyed"), destroying.VERBS),
    "upkeep": Topic(lazy("Record, keys, explanations"), upkeep.VERBS),
}
VERBS: Mapping[str, Verb] = {name: verb for topic in TOPICS.values() for name, verb in topic.verbs.items()}
