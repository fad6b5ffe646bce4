"""How often a page that is open to strangers answers."""

import logging

from django.core.cache import cache

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60


def is_too_often(who: str, *, most: int) -> bool:
    """Whether this is more than `most` times within about a minute. A counter that cannot be kept lets pass: what it
    guards is guarded by a secret besides."""
    try:
        cache.add(who, 0, WINDOW_SECONDS)
        return cache.incr(who) > most
    except ValueError:  # it ran out in this very moment
        return False
    except Exception as fault:  # noqa: BLE001 - whatever ails the cache
        log.warning("visits could not be counted: %s", type(fault).__name__)
        return False
