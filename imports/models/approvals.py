"""A second pair of eyes before sending: who asked, for exactly what, and what another person said."""

from datetime import datetime
from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q

from imports.states import ApprovalState

from .jobs import ImportJob
from .teams import reach_of

S = ApprovalState


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, user: Any) -> "ApprovalQuerySet":
        """Those of imports this person may see."""
        return reach_of(user).narrow(self, "job__team")

    def standing(self, now: datetime) -> "ApprovalQuerySet":
        """Those another person may still answer."""
        return self.filter(state=S.OPEN, expires_at__gt=now)

    def given(self, now: datetime) -> "ApprovalQuerySet":
        """Those a second person has agreed to, and that nothing was sent by yet."""
        return self.filter(state=S.APPROVED, used_at=None, expires_at__gt=now)

    def unused(self) -> "ApprovalQuerySet":
        """Asked for or given, however old, and nothing was sent by them."""
        return self.filter(state__in=[S.OPEN, S.APPROVED], used_at=None)

    def overdue(self, now: datetime) -> "ApprovalQuerySet":
        """Asked for or given, and too old to be sent on."""
        return self.unused().filter(expires_at__lte=now)


class Approval(models.Model):
    """`digest` is the sha256 of file, mapping, options and plan: what was looked at, and nothing else, may be sent.

    People are kept by number and name and not as keys: the rule of two persons outlives their accounts.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="approvals")
    digest = models.CharField(max_length=64)
    check_version = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    unsafe = models.BooleanField(default=False)
    send_at_once = models.BooleanField(default=False)  # as soon as it is approved, nobody has to press "Send" again
    first_rows = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=500, default="", blank=True)
    author_id = models.BigIntegerField(null=True)  # who made the import
    asker_id = models.BigIntegerField(null=True)  # none: a command asked
    asker_name = models.CharField(max_length=150, default="")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=S.OPEN)
    closer_id = models.BigIntegerField(null=True)
    closer_name = models.CharField(max_length=150, default="")
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=500, default="", blank=True)
    stepped_up = models.CharField(max_length=10, default="", blank=True)  # how the approver proved once more who it is
    used_at = models.DateTimeField(null=True)  # when it was sent on the strength of this

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(state=S.OPEN), name="approval_open_once"),
            models.CheckConstraint(
                condition=~Q(state=S.APPROVED) | (Q(closer_id__isnull=False) & ~Q(closer_id=F("asker_id"))),
                name="approval_by_another_than_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.APPROVED) | Q(author_id=None) | ~Q(closer_id=F("author_id")),
                name="approval_by_another_than_made_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.APPROVED, unsafe=True) | ~Q(stepped_up=""), name="approval_of_unsafe_stepped_up"
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="approval_queue")]

    def __str__(self) -> str:
        return f"approval asked by {self.asker_name}, {self.state}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("An approval is never deleted.")
