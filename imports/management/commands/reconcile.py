"""manage.py reconcile: the sweep, by hand: frees what dead workers held and rings for what should move."""

from typing import Any

from imports import actions, tasks
from imports.management.base import DomainCommand


class Command(DomainCommand):
    help = "Find work that should have moved and has not, and set it going again."

    def handle(self, *args: Any, **options: Any) -> None:
        bells = actions.reconcile()
        for bell in bells:
            tasks.ring_bell(bell)
        self.stdout.write(f"{len(bells)} jobs have work to do.")
