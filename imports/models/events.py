"""History: who did what, when, to which job. It outlives what it describes, so it has no keys that block or cascade."""

from typing import Any, NoReturn

from django.db import models


class HistoryQuerySet(models.QuerySet["HistoryEvent"]):
    def of_job(self, job_id: int) -> "HistoryQuerySet":
        return self.filter(job_id=job_id).order_by("pk")

    def newest_first(self) -> "HistoryQuerySet":
        return self.order_by("-pk")


class HistoryEvent(models.Model):
    """Append-only: instances refuse to be changed or deleted. Details hold ids, counts and codes, never a cell."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    verb = models.CharField(max_length=40, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, default="")
    job_id = models.BigIntegerField(null=True, db_index=True)
    object_text = models.CharField(max_length=300, default="")
    details = models.JSONField(default=dict)

    objects = HistoryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.verb} {self.object_text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A history event is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A history event is never deleted.")
