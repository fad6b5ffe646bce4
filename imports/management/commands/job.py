"""manage.py job pause|resume|go-on|cancel|approve|refuse ID: what the buttons of the pages do."""

import getpass
import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser

from imports import actions, tasks
from imports.management.base import DomainCommand
from imports.models import ImportJob
from imports.wording import fault_text


class Command(DomainCommand):
    help = "Pause an import that is being sent, let it go on, stop it for good; approve one before, or send it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("pause", "resume", "go-on", "cancel", "approve", "refuse"))
        parser.add_argument("job", type=int)
        parser.add_argument(
            "--brake",
            metavar="PERCENT|off",
            default="off",
            help="with go-on: pause again when more than this share of the answered rows is rejected",
        )
        parser.add_argument("--as", dest="user", default="", metavar="USER", help="approve, refuse: who you are")
        parser.add_argument("--reason", default="", help="refuse: what has to change; the author reads it")
        parser.add_argument(
            "--password-stdin", action="store_true", help="approve, refuse: read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job = ImportJob.objects.select_related("connection").filter(pk=options["job"]).first()
        if job is None:
            raise CommandError(f"There is no job {options['job']}.")
        if options["verb"] in ("approve", "refuse"):
            job = self._answer(job, options)
        elif options["verb"] == "go-on":
            job = self._go_on(job, options["brake"])
        else:
            job = self._simply(job, options["verb"])
        self.stdout.write(f"Job {job.pk} is {job.state}.")

    def _simply(self, job: ImportJob, verb: str) -> ImportJob:
        done: ImportJob = getattr(self, f"_{verb}")(job)
        return done

    def _go_on(self, job: ImportJob, brake: str) -> ImportJob:
        if brake != "off" and not brake.isdecimal():
            raise CommandError(f"--brake {brake}: write a whole number from 1 to 99, or off.")
        job = actions.go_on(job, by=None, brake_percent=None if brake == "off" else int(brake))
        tasks.ring_send(job)
        return job

    def _answer(self, job: ImportJob, options: dict[str, Any]) -> ImportJob:
        """A second person's yes or no, proved by the password: whoever has a shell here may be anybody."""
        person = _proved(options["user"], stdin=options["password_stdin"])
        if options["verb"] == "refuse":
            actions.refuse_job(job, by=person, reason=options["reason"])
            job.refresh_from_db()
            return job
        done = actions.approve_job(job, by=person, digest=job.plan_digest, stepped_up="password")
        if done.why_not is not None:
            self.stderr.write(fault_text(done.why_not.code, done.why_not.params))
        tasks.ring_send(done.job)
        return done.job

    def _pause(self, job: ImportJob) -> ImportJob:
        return actions.pause_job(job, by=None)

    def _resume(self, job: ImportJob) -> ImportJob:
        job = actions.resume_job(job, by=None)
        tasks.ring_send(job)
        return job

    def _cancel(self, job: ImportJob) -> ImportJob:
        return actions.cancel_job(job, by=None)


def _proved(name: str, *, stdin: bool) -> Any:
    person = get_user_model().objects.filter(username=name, is_active=True).first()
    if not name or person is None:
        raise CommandError("Name who approves or refuses, as in the dashboard: --as USER.")
    typed = sys.stdin.readline().rstrip("\n") if stdin else getpass.getpass(f"Password of {name}: ")
    if not person.check_password(typed):
        raise CommandError(f"That is not the password of {name}.")
    return person
