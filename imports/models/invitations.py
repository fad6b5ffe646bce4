"""Invitations: a link that makes its opener a person of one role and team."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .teams import Team


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, now: datetime) -> "InvitationQuerySet":
        """Those that still open a page."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """The link itself is told once and never stored: only the SHA-256 of its token is."""

    email = models.EmailField()
    role = models.CharField(max_length=20)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="invitations")
    every_team = models.BooleanField(default=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=150, default="")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=150, default="")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="invitation_expires_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=Q(team=None, every_team=True) | Q(team__isnull=False, every_team=False),
                name="invitation_to_one_team_or_every_team",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.made_by_name}"
