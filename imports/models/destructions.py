"""Acts of destruction: which personal data went, when, why and on whose word."""

import uuid
from typing import Any, NoReturn

from django.db import models

from .teams import Team


class DestructionKind(models.TextChoices):
    RETENTION = "retention"  # the team's days were over
    BY_HAND = "by_hand"  # an admin wanted one import's data gone
    PERSON = "person"  # one person's data, from every import


class Destruction(models.Model):
    """Holds numbers and counts, never a value. A person erased is known by the keyed hash of the address alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=DestructionKind.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="destructions")
    reason = models.CharField(max_length=500, default="", blank=True)
    by_id = models.BigIntegerField(null=True)  # null: the machine
    by_name = models.CharField(max_length=150, default="")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    jobs = models.JSONField(default=list)  # ids of the imports
    counts = models.JSONField(default=dict)
    person_hash = models.CharField(max_length=64, default="", blank=True)
    sealed_person = models.TextField(
        default="", editable=False
    )  # whom an erasure still looks for; "" once it has ended
    lease_until = models.DateTimeField(null=True)  # until then somebody erases, or nobody needs to try again
    history_from = models.BigIntegerField(null=True)  # numbers of the chain that tell of it
    history_to = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {len(self.jobs)} imports"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("An act of destruction is never deleted.")
