"""A person looked for in the rows of imports: asked on a page, answered by a worker import by import."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class PersonSearchQuerySet(models.QuerySet["PersonSearch"]):
    def waiting(self, now: datetime) -> "PersonSearchQuerySet":
        """Not ended, and nobody is at it; oldest first."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), ended_at=None).order_by("pk")


class PersonSearch(models.Model):
    """Belongs to whoever asked, and goes within a day. It ends with what was found, or with `fault`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    person_hash = models.CharField(max_length=64)  # the same question asked twice is one
    sealed_person = models.TextField(editable=False)
    imports = models.PositiveIntegerField(default=0)  # to be looked through when it was asked
    looked = models.PositiveIntegerField(default=0)  # of them
    last_job = models.BigIntegerField(default=0)  # the last one looked through: whoever takes over goes on behind it
    found = models.JSONField(default=list)  # [import, rows] of those that have the person
    turn = models.PositiveIntegerField(default=0)  # whoever works at it writes only while this is theirs
    failures = models.PositiveSmallIntegerField(default=0)  # turns since an import was looked through to its end
    lease_until = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, default="", blank=True)
    ended_at = models.DateTimeField(null=True, db_index=True)

    objects = PersonSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"search {self.pk}"
