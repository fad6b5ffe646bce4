"""manage.py make_sample FILE --rows N: a CSV of invented people, as long as you like."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports.management.base import DomainCommand
from imports.samples import big_csv


class Command(DomainCommand):
    help = "Write a CSV file of invented people (15 columns, 1 in 100 with a bad e-mail) to try the import with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=42)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            big_csv(options["file"], options["rows"], seed=options["seed"])
        except OSError as fault:
            raise CommandError(f"{options['file']} cannot be written: {fault.strerror}.") from None
        self.stdout.write(f"{options['rows']} rows written to {options['file']}.")
