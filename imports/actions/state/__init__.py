"""How the system is: one line for each thing somebody may have to look after. Nothing is called well that was not
found well just now; what cannot be found out is called unknown."""

import logging
from collections.abc import Callable

from . import keeping, services, working
from .lines import BAD, LOOK, UNKNOWN, WELL, Line, worst

__all__ = ["BAD", "LOOK", "UNKNOWN", "WELL", "Line", "system_state", "worst"]

log = logging.getLogger(__name__)

LOOKS: dict[str, Callable[[], Line]] = {
    "database": services.database,
    "clock": services.clocks,
    "queue": services.queue,
    "bells": services.bells_waiting,
    "storage": services.storage,
    "mail": services.mail,
    "send": working.senders,
    "check": working.checkers,
    "beat": working.beat,
    "sweep": working.sweep,
    "work": working.moving,
    "people": working.waiting_for_people,
    "spool": working.kept_answers,
    "verified": keeping.verified,
    "head": keeping.head,
    "purge": keeping.purges,
    "keys": keeping.keys,
    "version": services.version,
}


def system_state() -> list[Line]:
    """Every line, whatever ails one of them. Whatever may hang is asked for a second at most."""
    return [_looked(name, look) for name, look in LOOKS.items()]


def _looked(name: str, look: Callable[[], Line]) -> Line:
    try:
        return look()._replace(name=name)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other lines are told
        log.warning("the state of %s could not be found out: %s", name, type(fault).__name__)
        light = BAD if name == "database" else UNKNOWN
        return Line(light, "not_found_out", {"kind": type(fault).__name__}, name)
