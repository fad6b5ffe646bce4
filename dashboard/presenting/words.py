"""Choices of an import in words: what is done with the people, how they are found, why it must not be repeated."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard.forms.subscriptions import CHANNELS
from imports.destination import Destination
from imports.models import Connection, ImportJob
from imports.wording import CATALOGUE, what

Words = Mapping[str, str | Promise]
GAPS = re.compile(r" \([… ]+\)")

OPERATIONS: Words = {
    "import": lazy("Add new people, update known ones"),
    "update": lazy("Update known people only"),
    "add": lazy("Add as new people, without looking for known ones"),
    "scenario": lazy("Add or update, and start a scenario"),
}
MATCHINGS: Words = {
    "email": lazy("by e-mail, in the profile or its subscriptions"),
    "email_profile": lazy("by the profile's e-mail"),
    "email_sub": lazy("by the e-mail of a subscription"),
    "phone": lazy("by phone"),
    "phone_sub": lazy("by the phone of a subscription"),
    "email_phone": lazy("by e-mail or phone"),
    "email_phone_sub": lazy("by the e-mail or phone of a subscription"),
    "push_sub": lazy("by the device of a push subscription"),
    "profile_id": lazy("by profile ID"),
    "": lazy("by a query of the database"),
}
DUPLICATES: Words = {
    "last": lazy("The last row of each is sent, the earlier ones are set aside."),
    "first": lazy("The first row of each is sent, the later ones are set aside."),
    "merge": lazy("They are merged into the last one: where it has no value, the latest earlier one counts."),
    "all": lazy("All of them are sent, in the order of the file."),
    "none": lazy("None of them is sent, all are set aside."),
}
UNSAFE: Words = {
    "scenario": lazy("a scenario starts for each profile, and a second start may write to people twice"),
    "triggers_on": lazy("triggers run, and may write to people a second time"),
    "add_only": lazy("each profile is added as a new person, so that a repeat makes doubles"),
    "matching_by_subscription": lazy("people are found by a subscription, and a repeat may make doubles"),
    "matching_not_unique": lazy("several profiles share one key"),
    "matching_empty": lazy("some profiles have no key to be found by"),
    "explicit_status": lazy("subscriptions are given a status of their own"),
    "function_incr": lazy("numbers are increased, and a repeat increases them again"),
    "function_add": lazy("values are added, and a repeat adds them again"),
    "function_unknown": lazy("fields are changed by a rule whose repeat is not described"),
    "option_unknown": lazy("an option is used whose repeat is not described"),
    "operation_unknown": lazy("it is not described what a repeat does"),
    "duplicate_keys": lazy("several rows share one key, and their order matters"),
}
ATTEMPTS: Words = {
    "": lazy("On the wire"),
    "not_sent": lazy("Nothing was sent"),
    "refused_size": lazy("Refused: too large"),
    "refused_rate": lazy("Asked to wait"),
    "refused_all": lazy("Refused"),
    "refused_request": lazy("The request was refused"),
    "answered": lazy("Answered"),
    "unreadable": lazy("An answer that cannot be read row by row"),
    "no_answer": lazy("No answer"),
}
HELD_FOR: Words = {
    "tries_used_up": lazy("It was tried several times without success."),
    "too_long_ago": lazy("Its first try is so long ago that the platform may have forgotten it."),
    "kills_workers": lazy("The sending program ended several times while it had this batch."),
    "too_many_refused": lazy("Too many parts of it were refused to look for the bad rows any further."),
    "account_refused": lazy("Altcraft refused the account, not the rows."),
    "not_sendable": lazy("It could not be made ready for sending."),
    "after_restore": lazy("The database was restored from a copy, and what was sent since is not known."),
}
REASONS: Words = {
    "deadline": lazy("Altcraft did not answer within the time we wait."),
    "deadline_before_sending": lazy("The time was over before anything was sent."),
    "answer_cut": lazy("The connection broke in the middle of the answer."),
    "connect_failed": lazy("No connection to Altcraft could be made."),
    "connect_timeout": lazy("Altcraft did not take the connection in time."),
    "connection_refused": lazy("Nothing answers at Altcraft's address."),
    "tls_failed": lazy("No secure connection could be made."),
    "certificate_wrong_host": lazy("The certificate at that address belongs to somebody else."),
    "server_error": lazy("Altcraft answered with an error of its server."),
    "not_http": lazy("What answered is not Altcraft's API."),
    "worker_lost": lazy("Our sending program ended before the answer came."),
    "after_restore": lazy("A backup was restored; it may have been sent after the backup was made."),
    "rate_limited": lazy("Altcraft asked us to slow down."),
    "too_large": lazy("The request was too large for Altcraft."),
    "address_wrong": lazy("There is no such address at the platform."),
    "not_allowed_now": lazy("Sending was stopped just before."),
    "counts_differ": lazy("The answer has another number of results than profiles were sent."),
    "result_missing": lazy("The answer has no result for each profile."),
    "task_only": lazy("Altcraft took the request for later and gave no result for each profile."),
    "error_missing": lazy("The answer does not say whether it worked."),
}


def operation(destination: Destination) -> str:
    """What is done with the people; the scenario by its name."""
    if destination.operation == "scenario" and destination.scenario_name:
        return _("Add or update, and start “%(name)s”") % {"name": destination.scenario_name}
    return str(OPERATIONS.get(destination.operation, destination.operation))


def matching(destination: Destination) -> str:
    """How a person of the file is found in the database."""
    if destination.operation == "add":
        return _("nobody is looked for")
    if destination.matching in ("custom", "custom_sub"):
        return _("by the field %(field)s") % {"field": destination.match_field}
    return str(MATCHINGS.get(destination.matching, destination.matching))


def target(job: ImportJob) -> str:
    """Where the rows go: "Members (12), Northfield"; "" while nobody has said."""
    where, connection = job.destination, job.connection
    return f"{place(where)}, {connection.name}" if where and connection else ""


def place(where: Destination) -> str:
    """The scenario or database with its number, also where its name was never known."""
    if where.operation == "scenario":
        name, number = where.scenario_name or _("scenario"), where.scenario_id
    else:
        name, number = where.database_name or _("database"), where.database_id
    return f"{name} ({number})"


def place_name(job: ImportJob) -> str:
    """The database's name alone, for buttons; the connection's where it has none."""
    where = job.destination
    name = (where.scenario_name if where.operation == "scenario" else where.database_name) if where else ""
    return name or (job.connection.name if job.connection else "")


def subscriptions(destination: Destination, connection: Connection) -> list[str]:
    """Each subscription rule as "E-mail to Newsletter (4)"."""
    names = {item["id"]: item.get("name", "") for item in connection.part("resources") or ()}
    return [
        _("%(channel)s, resource %(name)s (%(number)s)")
        % {
            "channel": CHANNELS.get(rule.channel, rule.channel),
            "name": names.get(rule.resource_id, ""),
            "number": rule.resource_id,
        }
        for rule in destination.subscriptions
    ]


def unsafe(job: ImportJob) -> list[str]:
    """Why a batch of this job is never repeated by a machine, reason by reason; [] when it may be."""
    return [str(UNSAFE.get(code, code)) for code in job.unsafe_reasons]


def attempt_class(kind: str) -> str:
    """What became of one try, in words."""
    return str(ATTEMPTS.get(kind, kind))


def attempt_reason(reason: str) -> str:
    """Why a try ended as it did; "" when there is nothing to add."""
    if reason in REASONS:
        return str(REASONS[reason])
    return without_gaps(what(reason)) if reason in CATALOGUE else reason.replace("_", " ")


def held_for(code: str) -> str:
    """Why a batch was stopped, in words; "" where nobody noted it."""
    return str(HELD_FOR.get(code, code.replace("_", " ")))


def without_gaps(text: str) -> str:
    """A sentence of the catalogue whose params are not known, without the brackets around what is missing."""
    return GAPS.sub("", text)
