"""How long 100,000 events of history take to verify: `python -m tests.manyevents [COUNT]`, on the database of the
environment, which must be an empty one for trials. Prints how long writing took, then what verify_history says."""

import os
import sys
import time


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from imports.history import record

    call_command("migrate", verbosity=0)
    begun = time.monotonic()
    for first in range(0, count, 1_000):
        with transaction.atomic():
            for number in range(first, min(first + 1_000, count)):
                record("batch_answered", about="people.csv", batch=number, rows=1_000, attempt=number, kind="answered")
    print(f"{count} events written in {time.monotonic() - begun:.0f} s")
    call_command("verify_history")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
