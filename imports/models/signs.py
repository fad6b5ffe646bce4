"""Signs of life: every process that does background work writes down, every few seconds, that it is there."""

from datetime import datetime

from django.db import models


class WorkerSignQuerySet(models.QuerySet["WorkerSign"]):
    def heard_since(self, since: datetime) -> "WorkerSignQuerySet":
        return self.filter(heard_at__gte=since).order_by("-heard_at")


class WorkerSign(models.Model):
    """One process: what it does ("check", "send" or "beat") and when it was heard last, by the database's clock."""

    worker = models.CharField(max_length=120, unique=True)
    does = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)

    objects = WorkerSignQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.does} {self.worker}"
