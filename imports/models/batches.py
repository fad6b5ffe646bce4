"""A batch is one API call; an attempt is one try to send it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from imports.states import BATCH_MOVES, LEAF_BATCHES, AttemptState, BatchState

from .jobs import ImportJob, RowSlice

B = BatchState


class BatchQuerySet(models.QuerySet["Batch"]):
    def leaves(self) -> "BatchQuerySet":
        """Batches that stand for rows themselves, not through the halves they were split into."""
        return self.filter(state__in=LEAF_BATCHES)

    def ready(self, now: Any) -> "BatchQuerySet":
        return self.filter(state=B.READY).filter(Q(next_try_at=None) | Q(next_try_at__lte=now))

    def unsettled(self) -> "BatchQuerySet":
        return self.filter(state__in=[B.READY, B.SENDING])

    def move(self, pk: int, expected: BatchState, to: BatchState, *, fence: dict[str, Any], **changes: Any) -> bool:
        """One UPDATE with the old state (and the fence, e.g. the lease token) in its WHERE; False when it was lost."""
        if to not in BATCH_MOVES[expected]:
            raise ValueError(f"A batch does not go from {expected} to {to}.")
        return self.filter(pk=pk, state=expected, **fence).update(state=to, **changes) == 1


class Batch(models.Model):
    """Rows start..stop (half-open) of the sendable rows of one slice, frozen; its profiles lie in the vault."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="batches")
    row_slice = models.ForeignKey(RowSlice, on_delete=models.CASCADE, related_name="batches")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="halves")
    cut_reason = models.CharField(max_length=12, default="")  # why it was cut from its parent: states.CUT_...
    origin = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="pieces")  # whose budget
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    stop = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    body_bytes = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default=B.FROZEN)
    request_id = models.UUIDField(default=uuid.uuid4)
    decision_number = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempt = models.ForeignKey("Attempt", on_delete=models.SET_NULL, null=True, related_name="+")
    # the answer
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=list)
    sealed_outcomes = models.BinaryField(default=b"")
    refusal = models.CharField(max_length=320, default="")  # code and masked words of a refusal as a whole
    held_for = models.CharField(max_length=20, default="")  # why it waits for a person: states.HELD_FOR_...
    resolved_as = models.CharField(max_length=12, default="")
    settled_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="batch_number_once"),
            models.CheckConstraint(condition=Q(accepted__lte=F("rows")), name="batch_accepted_within_rows"),
            models.CheckConstraint(
                condition=~Q(state=B.ANSWERED) | Q(rows=F("accepted") + F("rejected")), name="batch_answers_add_up"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "state", "next_try_at"], name="batch_work"),
            # In the orders in which they are claimed: a table of single requests has as many batches as rows.
            models.Index(fields=["job", "state", "parent", "tries", "number"], name="batch_in_line"),
            models.Index(fields=["job", "state", "first_row"], name="batch_in_file_order"),
            models.Index(fields=["row_slice", "start"], name="batch_in_slice"),
            models.Index(fields=["state", "lease_until"], name="batch_leases"),
            # Every sum over the batches of a job, without reading past their packed outcomes.
            models.Index(
                fields=["job", "state", "resolved_as", "settled_at", "rows", "accepted", "rejected", "number"],
                name="batch_sums",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.number}"

    @property
    def outcomes_name(self) -> str:
        return f"outcomes/{self.pk}"


class Attempt(models.Model):
    """One try to send a batch; only ever moves forward, never deleted while its job lives."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    decision_number = models.PositiveIntegerField(default=0)
    unsafe = models.BooleanField()
    request_id = models.UUIDField()
    lease_token = models.UUIDField()
    lease_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=AttemptState.PREPARED)
    kind = models.CharField(max_length=16, default="")
    possibly_applied = models.BooleanField(default=False)
    body_sha256 = models.CharField(max_length=64, default="")
    body_bytes = models.PositiveIntegerField(default=0)
    prepared_at = models.DateTimeField()
    on_wire_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    error = models.IntegerField(null=True)
    reason = models.CharField(max_length=60, default="")
    seconds = models.FloatField(default=0)
    replayed = models.BooleanField(default=False)
    worker = models.CharField(max_length=100, default="")
    sealed_answer = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="attempt_number_once"),
            # A second possibly-applied attempt of an unsafe batch needs a new decision number: a bug becomes an
            # IntegrityError, not a second message to a person.
            models.UniqueConstraint(
                fields=["batch", "decision_number"],
                condition=Q(unsafe=True, possibly_applied=True),
                name="attempt_unsafe_once_per_decision",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"attempt {self.number} of batch {self.batch_id}"

    @property
    def answer_name(self) -> str:
        return f"answer/{self.pk}"
