"""A preset: columns, destination and the usual shape of a file, kept under a name."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from imports.destination import Destination
from imports.mapping import ColumnMapping

from .connections import Connection
from .teams import Team, reach_of

MOST_SHAPES = 10  # of the last files; older ones say little about the next


class PresetQuerySet(models.QuerySet["Preset"]):
    def visible_to(self, user: Any) -> "PresetQuerySet":
        """A person's own and the shared ones of the team. None of the auditor's business is hidden: names and choices
        only."""
        return reach_of(user).narrow(self.filter(Q(shared=True) | Q(owner_id=user.pk)))

    def by_use(self) -> "PresetQuerySet":
        """The last used first, those never used by their age."""
        return self.select_related("connection").order_by(models.F("last_used_at").desc(nulls_last=True), "-pk")


class Preset(models.Model):
    """Belongs to who saved it; `shared` lets the team use it. Holds choices and headers, never a person's data."""

    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="presets")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    owner_name = models.CharField(max_length=150, default="")
    shared = models.BooleanField(default=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="presets")
    destination_plain = models.JSONField()
    mapping_plain = models.JSONField()
    headers = models.JSONField()
    date_orders = models.JSONField(default=dict)  # by column, as found in the file it was saved from
    stop_when_odd = models.BooleanField(default=False)  # "Send" asks first when a file is unlike the last ones
    imports = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PresetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="preset_name_once_an_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def destination(self) -> Destination:
        return Destination.from_plain(self.destination_plain)

    @property
    def mapping(self) -> ColumnMapping:
        return ColumnMapping.from_plain(self.mapping_plain)
