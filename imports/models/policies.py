"""What the house asks of everybody who signs in: one row."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ONLY = 1


class Policy(models.Model):
    """Changed by admins, with history. Absent: the defaults below hold."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    second_factor_roles = models.JSONField(default=list)  # who must have a second factor
    idle_minutes = models.PositiveSmallIntegerField(
        _("Minutes without a page after which a session ends"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(720)],
    )
    session_hours = models.PositiveSmallIntegerField(
        _("Hours after which a session ends in any case"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
    )
    invitation_days = models.PositiveSmallIntegerField(
        _("Days an invitation is good for"), default=7, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    changed_at = models.DateTimeField(auto_now=True)
    changed_by_name = models.CharField(max_length=150, default="", editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=ONLY), name="policy_is_one")]

    def __str__(self) -> str:
        return "policy"

    @classmethod
    def now(cls) -> "Policy":
        """The policy that holds."""
        return cls.objects.filter(pk=ONLY).first() or cls()
