"""manage.py after_restore: run once after a backup of the database was restored, before any worker is started."""

from typing import Any

from imports import actions
from imports.management.base import DomainCommand


class Command(DomainCommand):
    help = "Take everything unfinished of a restored database from the machines: it may have been sent since."

    def handle(self, *args: Any, **options: Any) -> None:
        found = actions.hold_after_restore()
        self.stdout.write(
            f"{found.jobs} imports wait for a person: {found.held} batches are held (repeating them is harmless), "
            f"{found.unknown} may have reached people since the backup and must be decided one by one."
        )
        if found.unchecked:
            self.stdout.write(
                f"{found.unchecked} imports waited for Send when the backup was made, and have to be checked again. "
                "Look in Altcraft first whether they were sent since."
            )
        self.stdout.write("Imports made after the backup are not known here. Now start the workers.")
