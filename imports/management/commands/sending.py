"""manage.py sending stop|go|status: the switch over all sending, for whoever is at a terminal and not at the pages."""

from typing import Any

from django.core.management.base import CommandParser

from imports import actions, tasks
from imports.management.base import DomainCommand


class Command(DomainCommand):
    help = "Stop all sending before the next call, let it go on, or say how it stands."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, told in (("stop", "nothing goes out any more"), ("go", "let sending go on")):
            verbs.add_parser(verb, help=told).add_argument("--reason", required=True, help="kept in the history")
        verbs.add_parser("status", help="say whether all sending is stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _stop(self, options: dict[str, Any]) -> None:
        actions.stop_sending(by=None, reason=options["reason"])
        self.stdout.write("All sending is stopped. Running calls end by their answer.")

    def _go(self, options: dict[str, Any]) -> None:
        jobs = actions.lift_stop(by=None, reason=options["reason"])
        for job in jobs:
            tasks.ring_send(job)
        self.stdout.write(f"Sending goes on. Imports that wait: {len(jobs)}.")

    def _status(self, options: dict[str, Any]) -> None:
        stop = actions.standing_stop()
        if stop is None:
            self.stdout.write("Sending is not stopped.")
        else:
            who = stop.stopped_by_name or "a command"
            self.stdout.write(
                f"All sending is stopped since {stop.stopped_at:%Y-%m-%d %H:%M:%S} UTC by {who}: {stop.reason}"
            )
