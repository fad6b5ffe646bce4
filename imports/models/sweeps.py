"""When the sweep ran last, wherever it ran: for the status page, and so that workers need not all run it."""

from django.db import models


class SweepRun(models.Model):
    """One row (its key is 1), overwritten by every run."""

    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    freed = models.PositiveIntegerField(default=0)
    bells = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=100, default="")

    def __str__(self) -> str:
        return f"sweep of {self.started_at}"
