"""Command line options that say where rows go, as the values the actions take."""

import re
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.destination import DUPLICATE_RULES, Attachment, Destination
from imports.mapping import SubscriptionRule
from imports.models import Connection, ImportJob
from imports.wording import fault_text

REFUSED = 1
CHUNK = 1 << 20
CONTENT = ("--content", "NAME=VALUE")
NUMBERED = re.compile(r"#[1-9][0-9]{0,4}")


def add_destination_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--database",
        type=int,
        default=0,
        help="number of the profile database (db_id); without it, those of the connection are listed",
    )
    parser.add_argument("--operation", choices=["import", "update", "add", "scenario"], default="import")
    parser.add_argument("--matching", default="email")
    parser.add_argument("--match-field", default="", help="field name for --matching custom and custom_sub")
    parser.add_argument(
        "--subscribe",
        action="append",
        default=[],
        metavar="CHANNEL=RESOURCE[:COLUMN[:PROVIDER]]",
        help="without a column the row's e-mail or first phone; PROVIDER, for push, is a text or a column",
    )
    parser.add_argument(
        "--subscription", action="append", default=[], metavar="JSON", help="a subscription with every choice, as JSON"
    )
    parser.add_argument("--resource", type=int, help="match contacts within this resource only (resource_id)")
    parser.add_argument("--duplicates", choices=DUPLICATE_RULES, default="last")
    parser.add_argument("--phone-region", default="RU", help="country of phones without a code; '' for none")
    parser.add_argument("--skip-invalid-subscriptions", action="store_true")
    parser.add_argument("--detect-geo", action="store_true", default=None)
    triggers = parser.add_mutually_exclusive_group()
    triggers.add_argument("--skip-triggers", dest="skip_triggers", action="store_true", default=True)
    triggers.add_argument("--run-triggers", dest="skip_triggers", action="store_false")
    _add_scenario_arguments(parser)
    parser.add_argument("--single", action="store_true", help="one row a request (profiles/import, update, add)")
    parser.add_argument("--add-to-segment", type=int, action="append", default=[], metavar="SEGMENT")
    parser.add_argument("--remove-from-segment", type=int, action="append", default=[], metavar="SEGMENT")


def _add_scenario_arguments(parser: CommandParser) -> None:
    parser.add_argument("--scenario", type=int, help="number of the scenario (workflow_id)")
    parser.add_argument("--content", action="append", default=[], metavar="NAME=VALUE", help="for the messages")
    parser.add_argument("--attach", action="append", default=[], type=Path, metavar="FILE", help="for the messages")
    parser.add_argument("--query", default="", metavar="JSON", help="a database query in place of --matching")


def catalogue_parts(options: dict[str, Any]) -> list[str]:
    """The lists of the account these options speak of."""
    wanted = {
        "resources": options["subscribe"] or options["subscription"] or options["resource"],
        "scenarios": options["scenario"],
        "segments": options["add_to_segment"] or options["remove_from_segment"],
    }
    return ["databases", *(part for part, needed in wanted.items() if needed)]


def refuse_unreadable_destination(connection: Connection, options: dict[str, Any]) -> None:
    """Raise CommandError for what is wrong with these options whatever columns the file has."""
    for text in options["subscribe"]:
        _parts_of_rule(text)
    for text in options["subscription"]:
        _whole_rule(text)
    for text in options["content"]:
        named(text, *CONTENT)
    for path in options["attach"]:
        opened(path).close()
    _database(connection, options)


def destination_from(job: ImportJob, connection: Connection, options: dict[str, Any]) -> Destination:
    """Raise CommandError for an option that cannot be read."""
    rules = [_rule(job, text) for text in options["subscribe"]] + [
        _whole_rule(text) for text in options["subscription"]
    ]
    return Destination(
        database_id=_database(connection, options),
        operation=options["operation"],
        matching="" if options["query"] else options["matching"],
        match_field=options["match_field"],
        scenario_id=options["scenario"],
        skip_triggers=options["skip_triggers"],
        skip_invalid_subscriptions=options["skip_invalid_subscriptions"],
        detect_geo=options["detect_geo"],
        resource_id=options["resource"],
        phone_region=options["phone_region"].upper(),
        duplicates=options["duplicates"],
        subscriptions=tuple(rules),
        single=options["single"],
        add_to_segments=tuple(options["add_to_segment"]),
        remove_from_segments=tuple(options["remove_from_segment"]),
        content=tuple(named(text, *CONTENT) for text in options["content"]),
        attach=tuple(_attachment(connection, path) for path in options["attach"]),
        custom_request=options["query"],
    )


def named(text: str, option: str, form: str) -> tuple[str, str]:
    """NAME=VALUE as a pair. Raise CommandError for anything else."""
    name, found, value = text.partition("=")
    if not found or not name:
        raise CommandError(f"{option} {text}: write {form}.", returncode=REFUSED)
    return name, value


def column_named(job: ImportJob, header: str) -> int:
    """The place of a column by its header, or by its number from 1 as "#3". Raise CommandError for none or several."""
    names = [name.strip().casefold() for name in job.headers]
    wanted = header.strip().casefold()
    places = [place for place, name in enumerate(names) if name == wanted]
    if len(places) == 1:
        return places[0]
    if places:
        numbers = ", ".join(f"#{place + 1}" for place in places)
        raise CommandError(
            f"The file has several columns {header!r}; name one by its number: {numbers}.", returncode=REFUSED
        )
    if NUMBERED.fullmatch(wanted) and int(wanted[1:]) <= len(names):
        return int(wanted[1:]) - 1
    known = ", ".join(name for name in job.headers if name) or "no names; name them by their numbers, #1 for the first"
    raise CommandError(f"The file has no column {header!r}. Its columns: {known}.", returncode=REFUSED)


def _database(connection: Connection, options: dict[str, Any]) -> int:
    """What --database says, else the database the scenario works on; 0 where a scenario is still to be named.

    Raise CommandError, with the databases there are, when neither tells one of them.
    """
    number = options["database"]
    if not number and options["operation"] == "scenario":
        if not options["scenario"]:
            return 0
        number = _database_of(connection, options["scenario"])
    databases = {item["id"]: item["name"] for item in connection.part("databases") or ()}
    if number and (number in databases or not databases):
        return int(number)
    unknown = fault_text("database_unknown", {"id": str(number)}, short=True)
    wrong = unknown if number else "No profile database is named."
    listed = ", ".join(f"{known} ({name})" for known, name in databases.items())
    offered = f" Those of {connection.name!r}: {listed}." if listed else ""
    raise CommandError(f"{wrong} Choose one with --database.{offered}", returncode=REFUSED)


def _database_of(connection: Connection, scenario: int) -> int:
    """The database a scenario works on; 0 when that is not known. Raise CommandError for none of its scenarios."""
    known = {item["id"]: item["database_id"] for item in connection.part("scenarios") or ()}
    if known and scenario not in known:
        raise CommandError(fault_text("scenario_unknown", {"id": str(scenario)}), returncode=REFUSED)
    return known.get(scenario) or 0


def _rule(job: ImportJob, text: str) -> SubscriptionRule:
    channel, resource, column, provider = _parts_of_rule(text)
    contact = f"column:{column_named(job, column)}" if column else ""
    if provider.strip().casefold() in [name.strip().casefold() for name in job.headers]:
        provider = f"column:{column_named(job, provider)}"
    return SubscriptionRule(channel, resource, contact, provider)


def _parts_of_rule(text: str) -> tuple[str, int, str, str]:
    """Channel, resource, column and provider."""
    channel, _, rest = text.partition("=")
    resource, _, rest = rest.partition(":")
    column, _, provider = rest.partition(":")
    if not resource.isdigit():
        raise CommandError(f"--subscribe {text}: write CHANNEL=RESOURCE, e.g. email=28.", returncode=REFUSED)
    return channel, int(resource), column, provider


def _whole_rule(text: str) -> SubscriptionRule:
    try:
        return SubscriptionRule.from_plain(orjson.loads(text))
    except (ValueError, TypeError, AttributeError):
        raise CommandError(
            '--subscription takes JSON such as {"channel": "email", "resource_id": 28}.', returncode=REFUSED
        ) from None


def _attachment(connection: Connection, path: Path) -> Attachment:
    with opened(path) as stream:
        chunks = iter(lambda: stream.read(CHUNK), b"")
        return actions.shelve(chunks, name=path.name, mimetype="", connection=connection, by=None)


def opened(path: Path) -> BinaryIO:
    """The file, open. Raise CommandError where it cannot be."""
    try:
        return path.open("rb")
    except OSError as fault:
        raise CommandError(f"{path} cannot be opened: {fault.strerror}.", returncode=REFUSED) from None
