"""manage.py reconcile: the sweep, by hand: frees what dead workers held and rings for what should move."""

from typing import Any

from django.core.management.base import BaseCommand

from imports import actions, tasks


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # quick: scripts call it, and the pages are not needed for it
    help = "Find work that should have moved and has not, and set it going again."

    def handle(self, *args: Any, **options: Any) -> None:
        bells = actions.reconcile()
        for bell in bells:
            tasks.ring_bell(bell)
        self.stdout.write(f"{len(bells)} jobs have work to do.")
