"""manage.py purge [--dry-run] [--job N] [--json]: destroy what is due, or show it; or one import at once."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.management.base import DomainCommand
from imports.models import Destruction, ImportJob, Team


class Command(DomainCommand):
    help = "Destroy the rows and files of imports whose days are full, as the workers do every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go, and what is overdue")
        parser.add_argument("--job", type=int, help="destroy this import's data now; needs --reason")
        parser.add_argument("--reason", default="", help="why, for the act of destruction")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["job"] is not None:
            told = self._one(options["job"], options["reason"], dry=options["dry_run"])
        elif options["dry_run"]:
            told = {"due": _teams(actions.due), "overdue": _teams(actions.overdue)}
        else:
            told = {"acts": [_plain(act) for act in actions.run_retention()], "overdue": _teams(actions.overdue)}
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _sentences(told))

    def _one(self, pk: int, reason: str, *, dry: bool) -> dict[str, Any]:
        job = ImportJob.objects.select_related("connection", "source", "team").filter(pk=pk).first()
        if job is None:
            raise CommandError(f"There is no job {pk}.")
        if dry:
            return {"due": {job.team.name: [job.pk]} if job.purged_at is None else {}}
        act = actions.destroy_by_hand(job, by=None, reason=reason)
        return {"acts": [_plain(act)] if act is not None else []}


def _teams(found: Any) -> dict[str, list[int]]:
    told = {team.name: list(found(team).order_by("pk").values_list("pk", flat=True)) for team in Team.objects.all()}
    return {name: jobs for name, jobs in told.items() if jobs}


def _plain(act: Destruction) -> dict[str, Any]:
    team = act.team.name if act.team is not None else ""
    return {"act": act.pk, "kind": act.kind, "team": team, "jobs": act.jobs, **act.counts}


def _sentences(told: dict[str, Any]) -> str:
    lines = [
        f"Act {act['act']} ({act['team']}): {act['imports']} imports, {act['rows']} rows."
        for act in told.get("acts", ())
    ]
    for name, word in (("due", "Would be destroyed"), ("overdue", "Overdue, waits for a decision")):
        lines += [f"{word} ({team}): {', '.join(map(str, jobs))}." for team, jobs in told.get(name, {}).items()]
    return "\n".join(lines) or "Nothing is due."
