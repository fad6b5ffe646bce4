"""How fast an account is called: one gate for all workers on all machines, in the account's row, evenly spaced.

A batch passes it twice. At the claim it decides which worker waits and which batch is next. At the mark, when the
connection stands and the first byte is next, it makes sure that calls which were held up on their way do not bunch.
"""

from datetime import datetime, timedelta
from math import ceil, floor

from imports.actions import clock
from imports.models import Connection

JITTER = 0.15  # seconds between the mark here and the arrival there by which two calls may differ
LONGEST_WAIT = 5.0  # seconds a call stands ready before the wire; then it is given back


def spacing(rate: float) -> timedelta:
    """Between two calls, so that no second, wherever it begins, sees more than `rate` of them arrive.

    The whole calls a second holds, and one more, take longer than a second and the jitter.
    """
    whole = floor(rate)
    apart = max((1 + JITTER) / whole, 1 / rate) if whole else (1 + JITTER) / rate
    return timedelta(microseconds=ceil(apart * 1_000_000))


def take_turn(connection: Connection, now: datetime) -> datetime:
    """When the account's next batch may be claimed; `now` when that is now, and the one after it is put off.

    The account's row is locked by the caller.
    """
    if not connection.requests_per_second:
        return now
    if connection.next_request_at and connection.next_request_at > now:
        return connection.next_request_at
    after = now + spacing(connection.requests_per_second)
    Connection.objects.filter(pk=connection.pk).update(next_request_at=after)
    return now


def seconds_at_wire(connection_id: int) -> float:
    """0 when a call may leave now, and then the next one is put off; else the seconds until it may.

    Locks the account's row: call it inside the transaction of the mark.
    """
    mine = Connection.objects.filter(pk=connection_id)
    rate, free_at = mine.select_for_update().values_list("requests_per_second", "next_wire_at").get()
    if not rate:
        return 0.0
    now = clock.now()
    if free_at and free_at > now:
        return float((free_at - now).total_seconds())
    mine.update(next_wire_at=now + spacing(rate))
    return 0.0
