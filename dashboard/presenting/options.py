"""What a request asks Altcraft to do besides taking the profiles: each as a question, the answer, and what follows."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from dashboard.figures import quoted
from imports.destination import Destination
from imports.models import Connection, ImportJob

BRINGS_BACK = ("subscribed", "unconfirmed")


class Asked(NamedTuple):
    """`warns` where people may get a message, or be brought back, because of the answer."""

    question: str
    answer: str
    follows: str
    warns: bool = False


def asked_of(where: Destination, connection: Connection) -> list[Asked]:
    """Every choice of the request that has a consequence; what a call does not take, and nobody chose, is left out."""
    return [*_messages(where), *_subscriptions(where), *_place(where, connection), *_more(where)]


def brought_subscriptions(job: ImportJob) -> list[str]:
    """In words that the file itself brings subscriptions, where a column of them is matched."""
    if not any(target.field == "subscriptions" for target in job.mapping.targets):
        return []
    if job.mapping.sends_statuses():
        return [_("Those the file brings, with their status: people who have left may be brought back")]
    return [_("Those the file brings, without a status")]


def told_options(details: Mapping[str, Any]) -> list[str]:
    """The same choices in a few words, from the details of a history event."""
    told = []
    if "skip_triggers" in details:
        told.append(_("triggers do not start") if details["skip_triggers"] else _("triggers start"))
    if details.get("skip_invalid_subscriptions"):
        told.append(_("subscriptions Altcraft cannot take are skipped"))
    if details.get("detect_geo"):
        told.append(_("the place is told from the IP address"))
    statuses = {str(rule["status"]) for rule in details.get("subscriptions") or () if rule.get("status")}
    told += [_("subscriptions get the status %(status)s") % {"status": quoted(one)} for one in sorted(statuses)]
    if details.get("add_to_segments") or details.get("remove_from_segments"):
        told.append(_("segments change"))
    return told


def _messages(where: Destination) -> Iterator[Asked]:
    if where.operation == "scenario":
        yield Asked(
            _("Start the scenario?"), _("Yes"), _("It starts for every profile, and may write to each of them."), True
        )
    question = _("Start triggers for these people?")
    if where.skip_triggers:
        yield Asked(question, _("No"), _("Triggers are skipped: nobody is written to because of them."))
    else:
        yield Asked(question, _("Yes"), _("Triggers run, and may write to people."), True)


def _subscriptions(where: Destination) -> Iterator[Asked]:
    question = _("Skip subscriptions Altcraft cannot take?")
    if where.skip_invalid_subscriptions:
        follows = _("The profile is taken without them, and the answer does not say so.")
        yield Asked(question, _("Yes"), follows)
    elif where.subscriptions:
        yield Asked(question, _("No"), _("A profile with such a subscription is rejected whole."))
    statuses = sorted({rule.status for rule in where.subscriptions if rule.status})
    if where.subscriptions and not statuses:
        follows = _("Whoever has unsubscribed is meant to stay so; the documents promise it for updating only.")
        yield Asked(_("Set the status of subscriptions?"), _("No"), follows)
    for status in statuses:
        back = status in BRINGS_BACK
        follows = (
            _("People who have left are brought back.") if back else _("It takes the place of the status they have.")
        )
        yield Asked(_("Set the status of subscriptions?"), quoted(status), follows, back)


def _place(where: Destination, connection: Connection) -> Iterator[Asked]:
    if where.detect_geo:
        follows = _("Altcraft fills in country, region and city by the IP address of the row.")
        yield Asked(_("Tell the place from the IP address?"), _("Yes"), follows)
    if where.resource_id is not None:
        names = {item["id"]: item["name"] for item in connection.part("resources") or ()}
        name = f"{names.get(where.resource_id, '')} ({where.resource_id})".strip()
        yield Asked(_("Look in the subscriptions of one resource?"), name, _("Those of others are not searched."))


def _more(where: Destination) -> Iterator[Asked]:
    if where.content:
        names = ", ".join(name for name, _text in where.content)
        yield Asked(_("Put texts into the messages?"), names, _("They stand where the templates name them."))
    if where.attach:
        names = ", ".join(one.name for one in where.attach)
        yield Asked(_("Attach files to the e-mails?"), names, _("They go along with every request."))
    for question, numbers, follows in (
        (_("Put people into segments?"), where.add_to_segments, _("They stay in it until somebody takes them out.")),
        (_("Take people out of segments?"), where.remove_from_segments, _("Only out of these; the profiles stay.")),
    ):
        if numbers:
            yield Asked(question, ", ".join(map(str, numbers)), follows)
    if where.single:
        yield Asked(
            _("One request for each row?"), _("Yes"), _("Slower than batches; what only single requests can do works.")
        )
