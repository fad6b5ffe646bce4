"""manage.py results JOB --output FILE: the file's own columns with row number, outcome, code, reason and profile id."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.management.base import DomainCommand
from imports.models import ImportJob


class Command(DomainCommand):
    help = "Write what became of every row of a job to a CSV or XLSX file (by the file's ending)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", type=int)
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument("--only", choices=["problems"], default="")

    def handle(self, *args: Any, **options: Any) -> None:
        job = ImportJob.objects.filter(pk=options["job"]).first()
        if job is None:
            raise CommandError(f"There is no job {options['job']}.")
        path: Path = options["output"]
        form = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
        try:
            with path.open("wb") as target:
                target.writelines(actions.download_rows(job, only=options["only"], form=form, by=None, keyed=False))
        except OSError as fault:
            raise CommandError(f"{path} cannot be written: {fault.strerror}.") from None
        self.stdout.write(f"Written to {path}.")
