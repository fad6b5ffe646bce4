"""manage.py rotate_keys: after a new key was put first into FIELD_KEYS, and before the old one is taken out."""

from typing import Any

from django.core.management.base import CommandError

from imports import actions
from imports.management.base import DomainCommand


class Command(DomainCommand):
    help = "Seal all tokens and the keys of all imports with the first key of FIELD_KEYS; say what no key opens."

    def handle(self, *args: Any, **options: Any) -> None:
        found = actions.rotate_keys()
        self.stdout.write(
            f"{found.tokens} tokens and the keys of {found.jobs} imports are sealed with the newest key now, and "
            f"{found.factors} secrets of second factors; {found.already} were already."
        )
        if found.unopened:
            raise CommandError(
                f"None of the keys in FIELD_KEYS opens these: {'; '.join(found.unopened)}. "
                "Put the key they were sealed with back and run this again; take no key away before.",
                returncode=3,
            )
        self.stdout.write("Older keys may be taken out of FIELD_KEYS, once every process has been started anew.")
