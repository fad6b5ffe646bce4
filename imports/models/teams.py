"""Teams, who belongs to which, and how far a person sees: every list of objects begins here."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FIRST_TEAM = "Marketing"  # the one the migrations make
MOST_DAYS = 3_650

Found = TypeVar("Found", bound="models.QuerySet[Any]")


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: Any) -> "TeamQuerySet":
        """The teams whose objects this person sees."""
        reach = reach_of(user)
        return self if reach.every else self.filter(pk=reach.team_id or 0)

    def working(self) -> "TeamQuerySet":
        """Those that may be chosen for somebody or something new."""
        return self.filter(disabled_at=None).order_by("name")


class Team(models.Model):
    """People who share imports and presets; nobody else sees them. Rows and files of its imports go after a while."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    retention_days = models.PositiveSmallIntegerField(
        _("Days after which files and rows are destroyed"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(null=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_days__gte=1, retention_days__lte=MOST_DAYS), name="team_retention_1_to_3650_days"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """What the dashboard knows of a user: the team, and since when sessions count. A user without one sees nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="person")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    every_team = models.BooleanField(default=False)  # of admins and auditors of the whole house
    sessions_from = models.DateTimeField(null=True, editable=False)  # sessions begun before are over

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(team=None) | Q(every_team=False), name="person_one_team_or_every_team")
        ]

    def __str__(self) -> str:
        return f"person of user {self.user_id}"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody sees: every team, one, or none."""

    every: bool = False
    team_id: int | None = None

    def narrow(self, found: Found, path: str = "team") -> Found:
        """Only what belongs to this reach; `path` leads from the objects to their team."""
        if self.every:
            return found
        return found.filter(**{path: self.team_id}) if self.team_id else found.none()

    def covers(self, team_id: int | None) -> bool:
        """Whether something of this team is seen."""
        return self.every or (team_id is not None and team_id == self.team_id)


def standing_of(user: Any) -> tuple[frozenset[str], Reach]:
    """The names of this user's groups and how far they see: one question a request, so a change counts at the next."""
    if not (user.is_authenticated and user.is_active):
        return frozenset(), Reach()
    if not hasattr(user, "_standing"):
        asked = get_user_model().objects.filter(pk=user.pk)
        rows = list(asked.values_list("groups__name", "person__team", "person__every_team"))
        every = user.is_superuser or any(row[2] for row in rows)
        reach = Reach(every, rows[0][1] if rows else None)
        user._standing = frozenset(row[0] for row in rows if row[0]), reach
    standing: tuple[frozenset[str], Reach] = user._standing
    return standing


def reach_of(user: Any) -> Reach:
    """How far this user sees. Nobody who is not signed in, or is switched off, sees anything."""
    return standing_of(user)[1]


def home_team(by: Any) -> Team:
    """Whose the things are that this person makes: their team, else (every team, or the machine) the oldest one."""
    reach = reach_of(by) if by is not None else Reach()
    team = Team.objects.filter(pk=reach.team_id).first() if reach.team_id else None
    return team or Team.objects.filter(disabled_at=None).order_by("pk").first() or Team.objects.order_by("pk")[0]
