"""manage.py person add|role|off|on NAME: who may sign in, over the same actions as the pages."""

import getpass
import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.management.base import DomainCommand
from imports.management.teams import team_named


class Command(DomainCommand):
    help = "Add a person, list the people, change a role or team, switch somebody off or on."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="list the people")
        for verb, told in (("add", "let somebody sign in"), ("role", "give another role or team")):
            one = verbs.add_parser(verb, help=told)
            one.add_argument("name", help="user name")
            one.add_argument("--role", required=True, choices=actions.ROLES)
            whose = one.add_mutually_exclusive_group()
            whose.add_argument("--team", default="", help="one team; without it: the oldest one")
            whose.add_argument("--every-team", action="store_true", help="of admins and auditors of the whole house")
            if verb == "add":
                one.add_argument("--email", default="")
                one.add_argument("--first-name", default="")
                one.add_argument("--last-name", default="")
                one.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        for verb, told in (("off", "no sign-in any more, all sessions over"), ("on", "sign-in works again")):
            verbs.add_parser(verb, help=told).add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        for person in get_user_model()._default_manager.order_by("username"):
            place = actions.place_of(person)
            told = f"{place.role}\t{place.team or 'every team'}" if place else "no role or team: sees nothing"
            self.stdout.write(f"{person.get_username()}\t{told}{'' if person.is_active else '	off'}")

    def _add(self, options: dict[str, Any]) -> None:
        who = {name: options[name] for name in ("email", "first_name", "last_name")}
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else getpass.getpass("Password: ")
        try:
            validate_password(password, get_user_model()(username=options["name"], **who))
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages)) from None
        actions.add_person(username=options["name"], password=password, place=_place(options), by=None, **who)
        self.stdout.write(f"{options['name']} can sign in as {options['role']}.")

    def _role(self, options: dict[str, Any]) -> None:
        actions.change_place(_person(options["name"]), _place(options), by=None)
        self.stdout.write(f"{options['name']} is {options['role']} from the next page on.")

    def _off(self, options: dict[str, Any]) -> None:
        actions.switch_person_off(_person(options["name"]), by=None)
        self.stdout.write(f"{options['name']} is switched off and signed out everywhere.")

    def _on(self, options: dict[str, Any]) -> None:
        actions.switch_person_on(_person(options["name"]), by=None)
        self.stdout.write(f"{options['name']} can sign in again.")


def _place(options: dict[str, Any]) -> actions.Place:
    if options["every_team"]:
        return actions.Place(options["role"])
    return actions.Place(options["role"], team_named(options["team"]) or actions.team_for(None))


def _person(name: str) -> Any:
    found = get_user_model()._default_manager.filter(username=name).first()
    if found is None:
        raise actions.Refused("person_unknown", name=name)
    return found
