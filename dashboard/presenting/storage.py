"""What people are told when the storage that holds every file cannot be used."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from imports.storage import looking

FAULTS: Mapping[str, str | Promise] = {
    looking.AWAY: lazy("The storage of files does not answer."),
    looking.REFUSES: lazy("The storage of files refuses our keys or lacks our bucket; an administrator must act."),
    looking.FULL: lazy("The disk that keeps the files is full; an administrator must free some room."),
}


def storage_fault() -> str:
    """One sentence, or "" when it is well."""
    trouble = looking.storage_trouble()
    return str(FAULTS[trouble]) if trouble else ""
