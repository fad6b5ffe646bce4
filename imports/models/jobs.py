"""A job, the file it came from, and the slices its rows are kept in."""

import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from imports.destination import Destination
from imports.mapping import ColumnMapping
from imports.reading import ReadOptions
from imports.states import FINISHED, JOB_MOVES, MOVES_BY_ITSELF, SENT_OR_SENDING, JobState
from imports.vault import Vault, new_sealed_key

from .connections import Connection


class SourceFile(models.Model):
    name = models.CharField(max_length=300)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def newest_first(self) -> "ImportJobQuerySet":
        return self.select_related("connection", "source").order_by("-pk")

    def unfinished(self) -> "ImportJobQuerySet":
        return self.exclude(state__in=FINISHED)

    def moving(self) -> "ImportJobQuerySet":
        """Jobs a machine should be working on; the sweep rings for them."""
        return self.filter(state__in=MOVES_BY_ITSELF)

    def looked_after(self) -> "ImportJobQuerySet":
        """Those the sweep looks at: jobs that move, and those at rest whom a call that ends late may still move."""
        return self.filter(state__in=MOVES_BY_ITSELF | {JobState.PAUSED, JobState.NEEDS_DECISION})

    def sent(self) -> "ImportJobQuerySet":
        return self.filter(state__in=SENT_OR_SENDING)

    def visible_to(self, user: Any) -> "ImportJobQuerySet":
        """What this person may see; every page starts here."""
        return self.all() if user.is_authenticated and user.is_active else self.none()

    def move(self, pk: int, expected: JobState | set[JobState], to: JobState, **changes: Any) -> bool:
        """One UPDATE with the old state in its WHERE; False when somebody else got there first."""
        old = expected if isinstance(expected, set) else {expected}
        for state in old:
            if to not in JOB_MOVES[state]:
                raise ValueError(f"A job does not go from {state} to {to}.")
        values = {"state": to, "state_changed_at": timezone.now(), **changes}
        return self.filter(pk=pk, state__in=old).update(**values) == 1


class ImportJob(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, default="file")
    source = models.OneToOneField(SourceFile, on_delete=models.PROTECT, related_name="job", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    state = models.CharField(max_length=20, default=JobState.UPLOADED, db_index=True)
    state_changed_at = models.DateTimeField(default=timezone.now)
    sealed_key = models.TextField(default=new_sealed_key, editable=False)
    # what was read
    read_options = models.JSONField(null=True)
    read_version = models.PositiveIntegerField(default=0)
    read_lease_until = models.DateTimeField(null=True)
    read_tries = models.PositiveSmallIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    blank_rows = models.PositiveIntegerField(default=0)
    headers = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    fault = models.JSONField(null=True)
    # where it goes
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, null=True, related_name="jobs")
    destination_plain = models.JSONField(null=True)
    mapping_plain = models.JSONField(default=list)
    # what the check found
    check_version = models.PositiveIntegerField(default=0)
    closing_lease_until = models.DateTimeField(null=True)
    date_orders = models.JSONField(null=True)
    duplicate_rows = models.PositiveIntegerField(default=0)
    repeats = models.JSONField(default=dict)  # by field, rows that share a contact people are not found by
    checked_at = models.DateTimeField(null=True)
    unsafe_reasons = models.JSONField(default=list)
    # sending
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    started_by_name = models.CharField(max_length=150, default="")
    hold = models.JSONField(null=True)
    bytes_limit = models.PositiveIntegerField(null=True)
    common_refusal = models.CharField(max_length=320, default="")  # what the platform says of every row alike
    last_claim_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["connection", "state"], name="job_connection_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def options(self) -> ReadOptions | None:
        return ReadOptions.from_plain(self.read_options) if self.read_options else None

    @property
    def destination(self) -> Destination | None:
        return Destination.from_plain(self.destination_plain) if self.destination_plain else None

    @property
    def mapping(self) -> ColumnMapping:
        return ColumnMapping.from_plain(self.mapping_plain)

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def is_typed(self) -> bool:
        """Whether its people were typed into a form: it knew from its first moment where they go."""
        return self.kind == "form"

    @property
    def moves_by_itself(self) -> bool:
        return self.state in MOVES_BY_ITSELF

    @property
    def repeatable(self) -> bool:
        """Whether an unanswered batch may be sent again by itself (reliability rules, frozen at the check)."""
        return not self.unsafe_reasons

    @cached_property
    def vault(self) -> Vault:
        return Vault(f"jobs/{self.uuid}", self.sealed_key)


class RowSliceQuerySet(models.QuerySet["RowSlice"]):
    def current(self, job: ImportJob) -> "RowSliceQuerySet":
        return self.filter(job=job, version=job.read_version).order_by("number")

    def light(self) -> "RowSliceQuerySet":
        """Without what is sealed in them: a list of slices must not cost what the rows in them cost."""
        return self.defer("sealed_problems", "sealed_aside")

    def holding_row(self, job: ImportJob, row_number: int) -> "RowSlice | None":
        """The slice in which this spreadsheet row lies, if any."""
        return self.current(job).filter(first_row__lte=row_number, last_row__gte=row_number).first()


class RowSlice(models.Model):
    """A run of consecutive rows: the unit of reading and checking. Cells and prepared profiles lie in the vault."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="slices")
    version = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    checked_version = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    good = models.PositiveIntegerField(default=0)
    invalid = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=list)
    changed = models.JSONField(default=list)  # [what was done, why, column or rule, rows] of the rows that passed
    sealed_problems = models.BinaryField(default=b"")
    sealed_changed = models.BinaryField(default=b"")
    sealed_aside = models.BinaryField(default=b"")

    objects = RowSliceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "version", "number"], name="slice_once")]
        indexes = [models.Index(fields=["job", "version", "last_row"], name="slice_by_row")]

    def __str__(self) -> str:
        return f"rows {self.first_row}-{self.last_row}"

    @property
    def table_name(self) -> str:
        return f"table/{self.version}/{self.number:05d}"

    def prepared_name(self, check_version: int) -> str:
        return f"prepared/{check_version}/{self.number:05d}"

    def keys_name(self, check_version: int) -> str:
        return f"keys/{check_version}/{self.number:05d}"

    def contacts_name(self, check_version: int, field: str) -> str:
        return f"contacts/{check_version}/{field}/{self.number:05d}"

    @staticmethod
    def unchecked(job: ImportJob) -> Q:
        return Q(job=job, version=job.read_version) & ~Q(checked_version=job.check_version)
