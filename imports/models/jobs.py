"""A job, the file it came from, and the slices its rows are kept in."""

import uuid
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from imports.destination import Destination
from imports.mapping import ColumnMapping
from imports.reading import ReadOptions
from imports.states import FINISHED, JOB_MOVES, MAY_BE_PURGED, MOVES_BY_ITSELF, SENT_OR_SENDING, JobState
from imports.vault import Vault, new_sealed_key

from .connections import Connection
from .teams import Team, reach_of


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

    def kept(self) -> "ImportJobQuerySet":
        """Those whose rows and files are still there."""
        return self.filter(purged_at=None)

    def at_rest_since_before(self, moment: datetime) -> "ImportJobQuerySet":
        """Those that ended before this moment, or nobody has changed since: `rests_since` told by the database."""
        drafted = Greatest("state_changed_at", Coalesce("draft_at", "state_changed_at"))
        return self.alias(rest=Coalesce("finished_at", drafted)).filter(rest__lt=moment)

    def may_be_purged(self) -> "ImportJobQuerySet":
        """Those nobody has to decide anything about: they have ended, or were never sent."""
        return self.kept().filter(state__in=MAY_BE_PURGED)

    def visible_to(self, user: Any) -> "ImportJobQuerySet":
        """What this person may see, the imports of their team; every page starts here."""
        return reach_of(user).narrow(self)

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
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="jobs")
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
    headers_sign = models.CharField(max_length=32, default="", blank=True)  # keyed: outlives them
    notes = models.JSONField(default=list)
    fault = models.JSONField(null=True)
    # where it goes
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, null=True, related_name="jobs")
    destination_plain = models.JSONField(null=True)
    mapping_plain = models.JSONField(default=list)
    preset = models.ForeignKey("imports.Preset", on_delete=models.SET_NULL, null=True, related_name="jobs")
    # choices of the columns page nobody has asked to check yet; what they are lies in the vault
    draft_version = models.PositiveIntegerField(default=0)
    draft_at = models.DateTimeField(null=True)
    draft_by_name = models.CharField(max_length=150, default="")
    shape = models.JSONField(default=dict)  # by column, shares of filled and of wrong cells: see imports.results.shape
    # what the check found
    check_version = models.PositiveIntegerField(default=0)
    closing_lease_until = models.DateTimeField(null=True)
    date_orders = models.JSONField(null=True)
    duplicate_rows = models.PositiveIntegerField(default=0)
    repeats = models.JSONField(default=dict)  # by field, rows that share a contact people are not found by
    checked_at = models.DateTimeField(null=True)
    unsafe_reasons = models.JSONField(default=list)
    # what earlier imports have to do with it
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="followups")
    gathers = models.JSONField(null=True)  # which rows of the import it follows are its source, before they are written
    skip_sent = models.CharField(max_length=8, default="")  # whose people are set aside: "", FOLLOWED or ANY
    sent_before = models.PositiveIntegerField(default=0)  # rows whose people went in an earlier import
    overlaps = models.JSONField(default=list)  # [id of an earlier import, rows that went in it], most first
    # a second pair of eyes
    needs_approval = models.BooleanField(default=False)  # decided anew by every check, from the account's policy
    plan_digest = models.CharField(max_length=64, default="")  # of file, mapping, options and plan, as checked last
    approved_digest = models.CharField(max_length=64, default="")  # what the second person has looked at
    # sending
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    started_by_name = models.CharField(max_length=150, default="")
    hold = models.JSONField(null=True)
    bytes_limit = models.PositiveIntegerField(null=True)
    common_refusal = models.CharField(max_length=320, default="")  # what the platform says of every row alike
    last_claim_at = models.DateTimeField(null=True)
    # the first rows alone, and the brake
    canary_rows = models.PositiveIntegerField(default=0)  # rows that went first, before a person looked; 0: all at once
    brake_percent = models.PositiveSmallIntegerField(null=True)  # of the answered rows; None: it does not brake
    brake_after = models.PositiveIntegerField(default=0)
    answered_rows = models.PositiveIntegerField(default=0)  # by answers of the platform, counted as they are kept
    rejected_rows = models.PositiveIntegerField(default=0)
    # the end of its personal data
    purged_at = models.DateTimeField(null=True, db_index=True)  # files, rows and their key are gone; counts stay
    cleared_at = models.DateTimeField(null=True)  # when the last of its stored objects, unreadable since, was removed

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["connection", "state"], name="job_connection_state"),
            models.Index(fields=["team", "-id"], name="job_team_newest"),
            models.Index(
                fields=["purged_at"], condition=Q(cleared_at=None, purged_at__isnull=False), name="job_to_clear"
            ),
        ]
        constraints = [
            # A bug becomes an IntegrityError, not a message nobody looked at.
            models.CheckConstraint(
                condition=~Q(state__in=sorted(SENT_OR_SENDING), needs_approval=True)
                | (Q(approved_digest=models.F("plan_digest")) & ~Q(approved_digest="")),
                name="job_sent_as_approved",
            ),
            models.CheckConstraint(condition=Q(purged_at=None) | Q(sealed_key=""), name="job_purged_has_no_key"),
        ]

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
    def knows_its_place(self) -> bool:
        """Whether it knew from its first moment where its rows go: its check begins as soon as it is read."""
        return self.kind in ("form", "followup")

    @property
    def rests_since(self) -> datetime:
        """When it ended; of one that has not, when somebody changed it last. Its days are counted from here."""
        return self.finished_at or max(self.state_changed_at, self.draft_at or self.state_changed_at)

    @property
    def purged_on(self) -> date:
        """The day in whose first hour rows and files go, once the team's days are full."""
        full = self.rests_since + timedelta(days=self.team.retention_days)
        return timezone.localdate(full, timezone.get_default_timezone()) + timedelta(days=1)

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
        return self.without_findings().defer("sealed_corrections")

    def without_findings(self) -> "RowSliceQuerySet":
        """Without what a check has found in them and the next one writes anew; with what people have corrected."""
        return self.defer("sealed_problems", "sealed_changed", "sealed_aside")

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
    kept_under = models.CharField(max_length=12, default="")  # the check its objects lie under, if not the last one
    corrected = models.PositiveIntegerField(default=0)  # cells that go otherwise than the file has them
    sealed_corrections = models.BinaryField(default=b"")
    prepared_sha256 = models.CharField(max_length=64, default="")  # of the profiles as they were stored to be sent

    objects = RowSliceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "version", "number"], name="slice_once")]
        indexes = [models.Index(fields=["job", "version", "last_row"], name="slice_by_row")]

    def __str__(self) -> str:
        return f"rows {self.first_row}-{self.last_row}"

    @property
    def table_name(self) -> str:
        return f"table/{self.version}/{self.number:05d}"

    def kept(self, check_version: int) -> str:
        """Where the objects of this check lie: a check that only looked again at corrected slices left the others'."""
        return self.kept_under if self.kept_under and self.checked_version == check_version else str(check_version)

    def prepared_name(self, check_version: int) -> str:
        return f"prepared/{self.kept(check_version)}/{self.number:05d}"

    def keys_name(self, check_version: int) -> str:
        return f"keys/{self.kept(check_version)}/{self.number:05d}"

    def contacts_name(self, check_version: int, field: str) -> str:
        return f"contacts/{self.kept(check_version)}/{field}/{self.number:05d}"

    def further_name(self, check_version: int) -> str:
        """Of contacts beside those in `contacts_name`."""
        return f"further/{self.kept(check_version)}/{self.number:05d}"

    def marks_name(self, check_version: int) -> str:
        return f"marks/{self.kept(check_version)}/{self.number:05d}"

    @staticmethod
    def unchecked(job: ImportJob) -> Q:
        return Q(job=job, version=job.read_version) & ~Q(checked_version=job.check_version)
