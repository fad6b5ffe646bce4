"""History: who did what, when, to which job. It outlives what it describes, so it has no keys that block or cascade.

The database itself refuses to change or remove what is written, and chains each event to the last: imports/chain.py.
"""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from imports.chain import digest_of

from .jobs import ImportJob
from .teams import Person, reach_of


class HistoryQuerySet(models.QuerySet["HistoryEvent"]):
    def of_job(self, job_id: int) -> "HistoryQuerySet":
        return self.filter(job_id=job_id).order_by("pk")

    def visible_to(self, user: Any) -> "HistoryQuerySet":
        """Everything for who sees every team, the team's for who sees one."""
        reach = reach_of(user)
        if reach.every or reach.team_id is None:
            return self if reach.every else self.none()
        return self.of_team(reach.team_id)

    def of_team(self, team_id: int) -> "HistoryQuerySet":
        """What happened to imports of this team, and acts by or about its people, accounts and presets (`details`
        name it as `team`, or a person of it as `person`)."""
        people = list(Person.objects.filter(team=team_id).values_list("user_id", flat=True))
        of_jobs = Q(job_id__in=ImportJob.objects.filter(team=team_id).values("pk"))
        about = Q(actor_id__in=people) | Q(details__team=team_id) | Q(details__person__in=people)
        return self.filter(of_jobs | (Q(job_id=None) & about))

    def newest_first(self) -> "HistoryQuerySet":
        return self.order_by("-pk")

    def last_verified(self) -> "HistoryEvent | None":
        """The last time somebody recomputed the chain, and what came out."""
        return self.filter(verb="history_verified").newest_first().first()


class HistoryEvent(models.Model):
    """Append-only. Details hold ids, counts and codes, never a cell. `digest` is made of all the other fields."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    verb = models.CharField(max_length=40, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, default="")
    job_id = models.BigIntegerField(null=True, db_index=True)
    object_text = models.CharField(max_length=300, default="")
    details = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, default="", editable=False)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(digest=""), name="event_has_its_digest")]
        indexes = [models.Index(fields=["actor_id", "id"], name="history_by_person")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A history event is written once and never changed.")
        said = (self.verb, self.actor_id, self.actor_name, self.job_id, self.object_text, self.details)
        self.digest = digest_of(self.at, *said)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A history event is never deleted.")


class HistoryLinkQuerySet(models.QuerySet["HistoryLink"]):
    def head(self) -> "HistoryLink | None":
        """The newest link: all of the history hangs on it."""
        return self.order_by("-number").first()


class HistoryLink(models.Model):
    """An event's place in the chain, 1 upwards without a gap. Written by the database, in the event's transaction."""

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(HistoryEvent, on_delete=models.DO_NOTHING, db_constraint=False, related_name="link")
    hash = models.CharField(max_length=64)

    objects = HistoryLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
