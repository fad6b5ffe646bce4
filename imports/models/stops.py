"""The switch over all sending: who stopped it, why, and who let it go on."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q


class SendingStopQuerySet(models.QuerySet["SendingStop"]):
    def standing(self) -> "SendingStopQuerySet":
        """The one that holds now, if any; none is asked of it twice."""
        return self.filter(standing=True)


class SendingStop(models.Model):
    """Append-only but for its one end: while it stands nothing is put on the wire, for no connection."""

    standing = models.BooleanField(default=True)
    reason = models.CharField(max_length=500)
    stopped_by_name = models.CharField(max_length=150, default="")
    stopped_at = models.DateTimeField(auto_now_add=True)
    lift_reason = models.CharField(max_length=500, default="")
    lifted_by_name = models.CharField(max_length=150, default="")
    lifted_at = models.DateTimeField(null=True)

    objects = SendingStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing"], condition=Q(standing=True), name="sending_stop_stands_once"),
            models.CheckConstraint(
                condition=Q(standing=True, lifted_at=None) | Q(standing=False, lifted_at__isnull=False),
                name="sending_stop_stands_until_lifted",
            ),
        ]

    def __str__(self) -> str:
        return f"stop of {self.stopped_by_name}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A stop of all sending is never deleted.")
