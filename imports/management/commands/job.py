"""manage.py job pause|resume|cancel ID: what the buttons of the sending page do."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions, tasks
from imports.management.base import DomainCommand
from imports.models import ImportJob


class Command(DomainCommand):
    help = "Pause an import that is being sent, let it go on, or stop it for good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("pause", "resume", "cancel"))
        parser.add_argument("job", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        job = ImportJob.objects.select_related("connection").filter(pk=options["job"]).first()
        if job is None:
            raise CommandError(f"There is no job {options['job']}.")
        job = getattr(self, f"_{options['verb']}")(job)
        self.stdout.write(f"Job {job.pk} is {job.state}.")

    def _pause(self, job: ImportJob) -> ImportJob:
        return actions.pause_job(job, by=None)

    def _resume(self, job: ImportJob) -> ImportJob:
        job = actions.resume_job(job, by=None)
        tasks.ring_send(job)
        return job

    def _cancel(self, job: ImportJob) -> ImportJob:
        return actions.cancel_job(job, by=None)
