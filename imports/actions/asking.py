"""The question of a person, or of an authority: did you write to this address, when, by whom, and what became of it?"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from imports.actions.reached import REACHED, Reached, hashes_of, keys_of_destination, look_up_reached
from imports.actions.sentpeople import people_keys
from imports.history import record
from imports.models import ImportJob, SentPeople
from imports.validation.emails import clean_email
from imports.validation.phones import clean_phones
from imports.validation.text import Refused as Unclean

__all__ = ["REACHED", "Reached", "ask_about_person", "contacts_in"]

LONGEST_KEY = 300
REGIONS = ("", "RU")


def ask_about_person(text: str, jobs: "QuerySet[ImportJob]", *, by: Any) -> list[Reached]:
    """The imports among these in which this address, phone or other key was given to the platform, the newest first;
    also those whose rows were destroyed. History says that somebody asked, and how many were found."""
    found = list(_reached(text.strip()[:LONGEST_KEY], jobs))
    record("person_asked", by=by, imports=len(found))
    return found


def _reached(text: str, jobs: "QuerySet[ImportJob]") -> Iterator[Reached]:
    keys, sent = people_keys(), jobs.exclude(started_at=None).select_related("connection", "team")
    kept = Prefetch("sent_people", queryset=SentPeople.objects.all())
    for job in sent.prefetch_related(kept).order_by("-started_at").iterator(chunk_size=200):
        outcome = look_up_reached(job, getattr(job, "sent_people", None), hashes_in(job, text), keys)
        if outcome:
            yield Reached(job, outcome)


def hashes_in(job: ImportJob, text: str) -> set[int]:
    """Under which hashes this text stands in an import, whichever kind of key it is there."""
    if job.destination is None:
        return set()
    found: set[str] = set()
    for contact in contacts_in(text, job.destination.phone_region):
        name = "email" if "@" in contact else "phones"
        found |= {f"{name}:{contact}", contact}
    found |= {text} | {f"{name}:{text}" for name in keys_of_destination(job.destination)}
    phones = {int(text) for text in found if text.startswith("+") and text[1:].isdecimal()}
    return hashes_of(found) | phones  # as a contact beside the key a phone stands as the number it is


def contacts_in(text: str, region: str = "") -> list[str]:
    """The text as an address or phone is written when it is sent; [] for anything else."""
    if "@" in text:
        try:
            return [clean_email(text).casefold()]
        except Unclean:
            return []
    return list(dict.fromkeys(number for one in (region, *REGIONS) for number in _phones(text, one)))


def _phones(text: str, region: str) -> list[str]:
    try:
        return clean_phones(text, region)
    except Unclean:
        return []
