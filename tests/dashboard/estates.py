"""One of everything a team can own, for tests of who sees it: made by the actions the pages use."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from imports import actions
from imports.actions import Place
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, Correction, Destruction, DestructionKind, ImportJob, SignedIn, Team
from imports.states import BatchState
from tests.factories import first_database, fresh, make_checked_job, make_connection, make_sending_job

HEAD = "E-mail,First name,Phone\n"


@dataclass(frozen=True, slots=True)
class Estate:
    """By the name of a kind, what stands in an address for it. `mark` is in every name of it."""

    team: Team
    mark: str
    things: dict[str, Any]
    jobs: dict[str, ImportJob]


def make_estate(sandbox: Any, team: Team, mark: str) -> Estate:
    """A team's people, account, imports in three states, and what hangs on them."""
    owner = actions.add_person(
        username=f"owner-{mark}", email=f"owner-{mark}@example.com", password=None, place=Place("admin", team), by=None
    )
    worker = actions.add_person(username=f"worker-{mark}", password=None, place=Place("marketer", team), by=None)
    account = make_connection(sandbox, name=f"Account {mark}", team=team)
    done = _finish(make_sending_job(owner, account, _people(mark)))
    sandbox.desk.change({"drop": "after", "times": 1, "path": "import_batch"})
    unknown = _finish(make_sending_job(owner, account, _people(mark), skip_triggers=False))
    sandbox.desk.change({"reset": True})
    checked = make_checked_job(owner, account, _people(mark))
    actions.correct_cells(checked, {(2, 1): "Ninel"}, seen=checked.check_version, by=owner)
    checked = _finish(checked)
    jobs = {"done": done, "unknown": unknown, "checked": checked}
    for job in jobs.values():
        ImportJob.objects.filter(pk=job.pk).update(title=f"File {mark}.csv")
    batch = unknown.batches.get(state=BatchState.UNKNOWN)
    actions.propose_again(unknown, about=actions.seen([batch]), by=worker, reason="Nobody of them has it")
    link, token = actions.make_link(done, by=owner)
    invitation, invited = actions.invite(email=f"guest-{mark}@example.com", place=Place("marketer", team), by=owner)
    things = {
        "row": 2,
        "correction": Correction.objects.get(job=checked).pk,
        "batch": batch.number,
        "bundle": batch.proposals.get().bundle,
        "prepared": actions.ask_for_file(done, only="problems", form="csv", by=owner).pk,
        "link": link.pk,
        "account": account.pk,
        "question": "email_spelling",
        "preset": _preset(checked, account, owner, mark).pk,
        "person": worker.pk,
        "team": team.pk,
        "invitation": invitation.pk,
        "act": _act(team, done).uuid,
        "search": actions.look_for_person(f"{mark}0@example.com", by=owner).uuid,
        "signed_in": _signed_in(worker).pk,
        "shared": token,
        "invited": invited,
    }
    return Estate(team, mark, things | {name: job.uuid for name, job in jobs.items()}, jobs)


def _people(mark: str) -> str:
    return HEAD + "".join(f"{mark}{n}@example.com,Nina,\n" for n in range(3))


def _finish(job: ImportJob) -> ImportJob:
    actions.drain(job.pk)
    return fresh(job)


def _preset(job: ImportJob, account: Connection, by: Any, mark: str) -> Any:
    mapping = ColumnMapping((ColumnTarget(0, job.headers[0], "email"),))
    place = Destination(first_database(account))
    return actions.save_preset(
        job, name=f"Preset {mark}", shared=True, connection=account, destination=place, mapping=mapping, by=by
    )


def _signed_in(person: Any) -> SignedIn:
    Client().force_login(person)
    return SignedIn.objects.get(user=person)


def _act(team: Team, job: ImportJob) -> Destruction:
    begun = timezone.now() - timedelta(hours=1)
    return Destruction.objects.create(
        kind=DestructionKind.BY_HAND, team=team, reason="A test", begun_at=begun, ended_at=begun, jobs=[job.pk]
    )
