"""manage.py verify_history: exit status 0 when the history is as it was written, 1 when it is not."""

import time
from typing import Any

from django.core.management.base import CommandError

from imports import actions
from imports.management.base import DomainCommand
from imports.wording.history import broken_text


class Command(DomainCommand):
    help = "Recompute the chain of the history and compare it with the heads kept outside the database."

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        found = actions.verify_history()
        took = time.monotonic() - begun
        for number in found.restored_to:
            self.stdout.write(f"After event {number} a backup was restored, and that was told: later ones were lost.")
        for first, last in found.unwitnessed:
            self.stdout.write(f"Events {first}-{last} were kept by no head outside within a day.")
        if not found.intact:
            raise CommandError("\n".join(broken_text(*one) for one in found.broken), returncode=1)
        told = f"{found.events} events in {took:.1f} s, {found.heads} heads kept outside agree."
        self.stdout.write(f"Intact: {told}")
