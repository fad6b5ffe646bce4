"""manage.py connection add NAME --url URL: keep an Altcraft account, its token read from a prompt or standard input."""

import getpass
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions, tasks
from imports.management.base import DomainCommand
from imports.management.teams import team_named
from imports.models import Connection
from imports.wording import fault_text, what

NAMED = {
    "test": "try which calls work; changes nothing",
    "off": "send nothing more by this account; its imports wait",
    "on": "use the account again; its imports go on",
}


class Command(DomainCommand):
    help = "Add an Altcraft account, list the accounts, try one, or switch one off and on."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="keep an account")
        add.add_argument("name")
        add.add_argument("--url", required=True, help="address of the platform, e.g. https://example.com")
        add.add_argument("--team", default="", help="only this team may use it; without it: every team")
        add.add_argument("--token-stdin", action="store_true", help="read the API token from standard input")
        add.add_argument("--profiles-per-request", type=int, default=Connection().profiles_per_request)
        add.add_argument("--parallel", type=int, default=2, help="requests at the same time")
        add.add_argument("--requests-per-second", type=float, default=0, help="0: as fast as the platform answers")
        add.add_argument("--deadline", type=int, default=120, help="longest wait for an answer, seconds")
        add.add_argument("--bearer", action="store_true", help="send the token as an Authorization header")
        add.add_argument("--flat-email", action="store_true", help='write e-mail subscriptions of batches as "email"')
        add.add_argument("--approval", default="never", help="never | unsafe | always | above:N")
        add.add_argument("--canary", type=int, default=0, help="rows every import sends alone first; 0: by choice")
        add.add_argument("--brake", type=int, default=0, help="percent rejected at which an import pauses; 0: never")
        add.add_argument("--brake-after", type=int, default=100, help="but not before so many rows are answered")
        verbs.add_parser("list", help="list the accounts")
        for verb, told in NAMED.items():
            verbs.add_parser(verb, help=told).add_argument("name")
        probe = verbs.add_parser("probe", help="try what the documents leave open, with marked test profiles")
        probe.add_argument("name")
        probe.add_argument("--question", choices=sorted(actions.QUESTIONS), default="email_spelling")
        probe.add_argument("--database", type=int, required=True)
        probe.add_argument("--resource", type=int, help="for the questions about subscriptions")
        probe.add_argument("--keep-settings", action="store_true", help="only tell, change no setting of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _add(self, options: dict[str, Any]) -> None:
        token = sys.stdin.readline() if options["token_stdin"] else getpass.getpass("API token: ")
        connection = actions.add_connection(
            name=options["name"],
            base_url=options["url"],
            token=token,
            by=None,
            team=team_named(options["team"]),
            profiles_per_request=options["profiles_per_request"],
            parallel=options["parallel"],
            requests_per_second=options["requests_per_second"],
            deadline_seconds=options["deadline"],
            bearer=options["bearer"],
            nested_email=not options["flat_email"],
            approval=options["approval"],
            canary_rows=options["canary"],
            brake_percent=options["brake"],
            brake_after=options["brake_after"],
        )
        self.stdout.write(f"Connection {connection.name} is kept. Its token is encrypted and never shown again.")

    def _list(self, options: dict[str, Any]) -> None:
        for connection in Connection.objects.order_by("name"):
            per_request = f"{connection.profiles_per_request} per request"
            off = f"\toff since {connection.disabled_at:%Y-%m-%d %H:%M} UTC" if connection.disabled_at else ""
            self.stdout.write(f"{connection.name}\t{connection.base_url}\t{per_request}{off}")

    def _test(self, options: dict[str, Any]) -> None:
        for tried in actions.test_connection(find_connection(options["name"], off=True), by=None):
            why = fault_text(tried.code, tried.params) if tried.code else ""
            self.stdout.write(" ".join(filter(None, [f"{tried.part}:", tried.state, why])))

    def _probe(self, options: dict[str, Any]) -> None:
        found = actions.probe(
            find_connection(options["name"]),
            options["question"],
            database_id=options["database"],
            resource_id=options["resource"],
            apply=not options["keep_settings"],
            by=None,
        )
        for seen in found:
            case = what(f"case_{seen.about}") if seen.about else ""
            self.stdout.write(": ".join(filter(None, [case, fault_text(seen.code, seen.params)])))

    def _off(self, options: dict[str, Any]) -> None:
        waiting = actions.switch_off(find_connection(options["name"], off=True), by=None)
        self.stdout.write(f"Connection {options['name']} is off. Unfinished imports that wait for it: {waiting}.")

    def _on(self, options: dict[str, Any]) -> None:
        jobs = actions.switch_on(find_connection(options["name"], off=True), by=None)
        for job in jobs:
            tasks.ring_send(job)
        self.stdout.write(f"Connection {options['name']} is on. Imports that go on: {len(jobs)}.")


def find_connection(name: str, *, off: bool = False) -> Connection:
    """The account of that name, with `off` also one that is switched off. Raise CommandError that says what to do."""
    found = Connection.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Connection.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no connection {name!r}. Known: {known}. Add one with: manage.py connection add")
    if found.disabled_at and not off:
        raise CommandError(f"Connection {name!r} is switched off. Switch it on with: manage.py connection on {name!r}")
    return found
