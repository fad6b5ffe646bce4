"""manage.py connection add NAME --url URL: keep an Altcraft account, its token read from a prompt or standard input."""

import getpass
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.management.base import DomainCommand
from imports.models import Connection
from imports.wording import fault_text


class Command(DomainCommand):
    help = "Add an Altcraft account, list the accounts, or try one."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="keep an account")
        add.add_argument("name")
        add.add_argument("--url", required=True, help="address of the platform, e.g. https://example.com")
        add.add_argument("--token-stdin", action="store_true", help="read the API token from standard input")
        add.add_argument("--profiles-per-request", type=int, default=1000)
        add.add_argument("--parallel", type=int, default=2, help="requests at the same time")
        add.add_argument("--requests-per-second", type=float, default=0, help="0: as fast as the platform answers")
        add.add_argument("--deadline", type=int, default=120, help="longest wait for an answer, seconds")
        add.add_argument("--bearer", action="store_true", help="send the token as an Authorization header")
        add.add_argument("--flat-email", action="store_true", help='write e-mail subscriptions as "email"')
        add.add_argument("--approval", default="never", help="never | unsafe | always | above:N")
        verbs.add_parser("list", help="list the accounts")
        test = verbs.add_parser("test", help="try which calls work")
        test.add_argument("name")
        probe = verbs.add_parser("probe", help="try how e-mail subscriptions are written, with marked test profiles")
        probe.add_argument("name")
        probe.add_argument("--database", type=int, required=True)
        probe.add_argument("--resource", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _add(self, options: dict[str, Any]) -> None:
        token = sys.stdin.readline() if options["token_stdin"] else getpass.getpass("API token: ")
        connection = actions.add_connection(
            name=options["name"],
            base_url=options["url"],
            token=token,
            by=None,
            profiles_per_request=options["profiles_per_request"],
            parallel=options["parallel"],
            requests_per_second=options["requests_per_second"],
            deadline_seconds=options["deadline"],
            bearer=options["bearer"],
            nested_email=not options["flat_email"],
            approval=options["approval"],
        )
        self.stdout.write(f"Connection {connection.name} is kept. Its token is encrypted and never shown again.")

    def _list(self, options: dict[str, Any]) -> None:
        for connection in Connection.objects.usable():
            per_request = f"{connection.profiles_per_request} per request"
            self.stdout.write(f"{connection.name}\t{connection.base_url}\t{per_request}")

    def _test(self, options: dict[str, Any]) -> None:
        connection = find_connection(options["name"])
        for part, reason in actions.test_connection(connection, by=None):
            self.stdout.write(f"{part}: {fault_text(reason, {}) if reason else 'works'}")

    def _probe(self, options: dict[str, Any]) -> None:
        asked = {"database_id": options["database"], "resource_id": options["resource"]}
        for spelling, code, params in actions.probe_email_spelling(find_connection(options["name"]), **asked, by=None):
            self.stdout.write(f"{spelling}: {fault_text(code, params)}")


def find_connection(name: str) -> Connection:
    """The account of that name. Raise CommandError that lists the known ones."""
    connection = Connection.objects.usable().filter(name=name).first()
    if connection is None:
        known = ", ".join(Connection.objects.usable().values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no connection {name!r}. Known: {known}. Add one with: manage.py connection add")
    return connection
