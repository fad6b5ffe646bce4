"""Links under which somebody without an account reads the result of one import, values masked."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from .jobs import ImportJob


class SharedLinkQuerySet(models.QuerySet["SharedLink"]):
    def open_at(self, now: datetime) -> "SharedLinkQuerySet":
        """Those that still open a page."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class SharedLink(models.Model):
    """The link itself is told once and never stored: only the SHA-256 of its token is."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=150, default="")
    opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    objects = SharedLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="shared_link_expires_after_it_was_made"
            )
        ]

    def __str__(self) -> str:
        return f"link of {self.made_by_name}"
