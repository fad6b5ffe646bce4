"""One Altcraft account: where it is, its sealed token, its limits and its cached catalogue."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imports.vault import open_text, seal_text

from .teams import Team, reach_of


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def usable(self) -> "ConnectionQuerySet":
        return self.filter(disabled_at=None).order_by("name")

    def visible_to(self, user: Any) -> "ConnectionQuerySet":
        """The accounts of this person's team, and those of every team."""
        reach = reach_of(user)
        if reach.every:
            return self
        return self.of_team(reach.team_id) if reach.team_id else self.none()

    def of_team(self, team_id: int) -> "ConnectionQuerySet":
        """Those an import of this team may go through."""
        return self.filter(Q(team=None) | Q(team=team_id))

    def managed_by(self, user: Any) -> "ConnectionQuerySet":
        """Those whose settings this admin answers for: of their team; the ones of every team belong to the house."""
        return reach_of(user).narrow(self)


class Connection(models.Model):
    name = models.CharField(_("Name"), max_length=100, unique=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="connections", verbose_name=_("Team")
    )  # none: every team sends through it
    base_url = models.URLField(_("Address of the platform"), max_length=300)
    sealed_token = models.TextField(editable=False)
    bearer = models.BooleanField(_("Send the token as an Authorization header"), default=False)
    nested_email = models.BooleanField(_("Write e-mail subscriptions of batches as email_data"), default=True)
    nested_email_single = models.BooleanField(_("Write those of single requests as email_data"), default=False)
    profiles_per_request = models.PositiveIntegerField(_("Profiles per request"), default=10_000)
    bytes_per_request = models.PositiveIntegerField(_("Bytes per request"), default=9_000_000)
    parallel = models.PositiveSmallIntegerField(_("Requests at the same time"), default=2)
    requests_per_second = models.FloatField(_("Requests per second, 0 for no limit"), default=0)
    deadline_seconds = models.PositiveSmallIntegerField(_("Longest wait for an answer, seconds"), default=120)
    approval = models.CharField(_("Approval"), max_length=20, default="never")
    canary_rows = models.PositiveIntegerField(_("Rows sent alone first, at least"), default=0)
    brake_percent = models.PositiveSmallIntegerField(_("Pause when more is rejected than, percent"), default=0)
    brake_after = models.PositiveIntegerField(_("Not before so many rows are answered"), default=100)
    catalogue = models.JSONField(default=dict, editable=False)
    catalogue_at = models.DateTimeField(null=True, editable=False)
    blocked_until = models.DateTimeField(null=True, editable=False)
    next_request_at = models.DateTimeField(null=True, editable=False)
    next_wire_at = models.DateTimeField(null=True, editable=False)
    failures_in_row = models.PositiveIntegerField(default=0, editable=False)
    recent_failures = models.PositiveIntegerField(default=0, editable=False)  # of 20 calls, a bit each
    opened_at = models.DateTimeField(null=True, editable=False)  # since when calls are kept back but for probes
    failing_since = models.DateTimeField(null=True, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_by_name = models.CharField(max_length=150, default="", editable=False)
    token_set_at = models.DateTimeField(null=True, editable=False)
    findings = models.JSONField(default=dict, editable=False)  # by question, what probes of the platform have shown
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(profiles_per_request__gte=1, profiles_per_request__lte=10_000),
                name="connection_profiles_per_request_1_to_10000",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def token(self) -> str:
        """The token in clear; asked for only where a call is made. Raise Sealed when the key is gone."""
        return open_text(self.sealed_token)

    @token.setter
    def token(self, clear: str) -> None:
        self.sealed_token = seal_text(clear)

    def part(self, name: str) -> Any:
        """A cached part of the catalogue ("databases", "fields/5", ...), or None when it was never fetched."""
        return self.catalogue.get(name)
