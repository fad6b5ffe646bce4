"""What people say about batches nobody knows about: decisions, proposals for a second person, what was looked up."""

from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from imports.states import MAY_BE_REPEATED, BatchState, ProposalState

from .batches import Batch

P = ProposalState


class WrittenOnce(models.Model):
    """Append-only: instances refuse to be changed or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"A {self._meta.verbose_name} is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"A {self._meta.verbose_name} is never deleted.")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def standing(self, now: datetime) -> "ProposalQuerySet":
        """Those a second person may still confirm: open, not expired, and their batch as it was."""
        return self.filter(
            state=P.OPEN,
            expires_at__gt=now,
            batch__state=BatchState.UNKNOWN,
            batch__decision_number=F("decision_number"),
            batch__job__state__in=MAY_BE_REPEATED,
        )

    def stale(self, now: datetime) -> "ProposalQuerySet":
        """Open ones nobody may confirm any more, because time passed or their batch went its way."""
        return self.filter(state=P.OPEN).exclude(pk__in=self.standing(now).values("pk"))


class Proposal(models.Model):
    """One person's wish to send an unknown batch again as new; another person confirms or refuses it.

    People are kept by number and name and not as keys: the rule of two persons outlives their accounts. Proposals
    made at once share a `bundle`.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="proposals")
    bundle = models.UUIDField(db_index=True)
    decision_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    proposer_id = models.BigIntegerField()
    proposer_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=P.OPEN)
    closer_id = models.BigIntegerField(null=True)
    closer_name = models.CharField(max_length=150, default="")
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=500, default="")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=Q(state=P.OPEN), name="proposal_open_once"),
            models.CheckConstraint(
                condition=~Q(state=P.CONFIRMED) | (Q(closer_id__isnull=False) & ~Q(closer_id=F("proposer_id"))),
                name="proposal_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.proposer_name}, {self.state}"


class Decision(WrittenOnce):
    """What a person decided about a batch that is unknown or held. Sending it again as new needs a proposal."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()
    choice = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, null=True, related_name="decision")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=150)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=~Q(choice="again") | Q(proposal__isnull=False), name="decision_again_needs_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice} by {self.decided_by_name}"


class Evidence(WrittenOnce):
    """Some profiles of an unknown batch, looked up without changing anything; what was found lies sealed."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="evidence")
    looked_at = models.DateTimeField(auto_now_add=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    looked_by_name = models.CharField(max_length=150)
    asked = models.PositiveSmallIntegerField()
    found = models.PositiveSmallIntegerField()
    missing = models.PositiveSmallIntegerField()
    token = models.UUIDField(unique=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.found} of {self.asked} found"

    @property
    def sealed_name(self) -> str:
        return f"evidence/{self.token}"
