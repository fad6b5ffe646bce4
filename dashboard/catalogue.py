"""Looking at what an account has while a page waits, without asking a platform that just failed again and again."""

from django.core.cache import cache

from imports import actions
from imports.models import Connection
from imports.wording import fault_text

LISTS = ("databases", "resources", "scenarios", "segments")
PAUSE_SECONDS = 60
SAID_TO_BATCHES = ("refused", "rate_limited", "too_large")  # what to do about these is worded for what is sent


def look_up(connection: Connection, *parts: str, anew: bool = False) -> list[str]:
    """Fetch the parts that were never fetched (all of them with `anew`); what failed, in words.

    A part that failed is left alone for a minute unless it is asked for anew.
    """
    wanted = [
        part for part in parts if anew or (connection.part(part) is None and not cache.get(_key(connection, part)))
    ]
    if not wanted:
        return [reason for part in parts if (reason := cache.get(_key(connection, part)))]
    try:
        failed = actions.refresh_catalogue(connection, *wanted)
    except actions.Refused as refused:
        return [fault_text(refused.code, refused.params)]
    told = {part: failure(reason) for part, reason in failed}
    for part in wanted:
        cache.set(_key(connection, part), told.get(part, ""), PAUSE_SECONDS)
    return list(dict.fromkeys(told.values()))


def failure(reason: str) -> str:
    """Why a list could not be fetched, in words."""
    return fault_text(reason, {}, short=reason in SAID_TO_BATCHES)


def _key(connection: Connection, part: str) -> str:
    return f"catalogue-failed/{connection.pk}/{part}"
