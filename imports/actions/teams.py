"""The verbs on teams."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.actions.places import one_at_a_time
from imports.history import record
from imports.models import ImportJob, Invitation, Team

LONGEST = 100


def make_team(*, name: str, by: Any) -> Team:
    """A team without people yet. Raise Refused: "team_name_missing", "team_name_taken"."""
    with transaction.atomic():
        made = _stored(Team(), name)
        record("team_made", by=by, about=made.name, team=made.pk)
    return made


def rename_team(team: Team, *, name: str, by: Any) -> None:
    """Raise Refused as make_team does."""
    before = team.name
    with transaction.atomic():
        _stored(team, name)
        if before != team.name:
            record("team_renamed", by=by, about=team.name, team=team.pk, before=before)


def switch_team_off(team: Team, *, by: Any) -> None:
    """Nobody and nothing new can be of it; what is there stays readable for those who see every team.

    Raise Refused: "team_has_people", "team_has_imports", "team_is_last", "team_off_already"."""
    with transaction.atomic():
        one_at_a_time()
        if people := team.people.filter(user__is_active=True).count():
            raise Refused("team_has_people", count=people)
        if unfinished := ImportJob.objects.filter(team=team).unfinished().count():
            raise Refused("team_has_imports", count=unfinished)
        if not Team.objects.working().exclude(pk=team.pk).exists():
            raise Refused("team_is_last")
        now = timezone.now()
        if not Team.objects.filter(pk=team.pk, disabled_at=None).update(disabled_at=now):
            raise Refused("team_off_already")
        Invitation.objects.open_at(now).filter(team=team).update(revoked_at=now)
        record("team_switched_off", by=by, about=team.name, team=team.pk)


def switch_team_on(team: Team, *, by: Any) -> None:
    """Raise Refused("team_on_already")."""
    with transaction.atomic():
        if not Team.objects.filter(pk=team.pk).exclude(disabled_at=None).update(disabled_at=None):
            raise Refused("team_on_already")
        record("team_switched_on", by=by, about=team.name, team=team.pk)


def _stored(team: Team, name: str) -> Team:
    team.name = " ".join(name.split())[:LONGEST]
    if not team.name:
        raise Refused("team_name_missing")
    if Team.objects.filter(name__iexact=team.name).exclude(pk=team.pk).exists():
        raise Refused("team_name_taken", name=team.name)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise Refused("team_name_taken", name=team.name) from None
    return team
