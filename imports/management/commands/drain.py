"""manage.py drain: do the work of every unfinished job here, without Redis or a worker."""

from typing import Any

from django.core.management.base import CommandParser

from imports import actions
from imports.management.base import DomainCommand
from imports.models import ImportJob


class Command(DomainCommand):
    help = "Work on unfinished jobs in the foreground until each is final or waits for a person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", type=int, nargs="*", help="only these jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        jobs = ImportJob.objects.moving().order_by("pk")
        if options["job"]:
            jobs = jobs.filter(pk__in=options["job"])
        with actions.shown_alive():
            for number in list(jobs.values_list("pk", flat=True)):
                actions.reconcile()
                job = actions.drain(number)
                self.stdout.write(f"Job {job.pk} is {job.state}.")
