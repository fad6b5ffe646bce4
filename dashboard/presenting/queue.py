"""What people are told when the queue, which only wakes the workers, takes no messages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from imports import bells

FAULTS: Mapping[str, str | Promise] = {
    bells.SILENT: lazy("The queue (Redis) does not answer."),
    bells.FULL: lazy("The queue (Redis) is full."),
    bells.LOCKED: lazy("The queue (Redis) refuses our password."),
    bells.LOADING: lazy("The queue (Redis) is still starting."),
}
CALM = lazy("Nothing is lost; work starts by itself when it is back.")


def queue_fault() -> str:
    """One sentence, or "" when the queue is well. Costs at most a second, once every few seconds."""
    trouble = bells.queue_trouble()
    return str(FAULTS[trouble]) if trouble else ""
