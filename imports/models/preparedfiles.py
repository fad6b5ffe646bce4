"""Downloads a worker prepares, because a person should not have to wait for them with an open page."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from .jobs import ImportJob


class PreparedFileQuerySet(models.QuerySet["PreparedFile"]):
    def asked(self, job: ImportJob, *, only: str, form: str) -> "PreparedFile | None":
        """The one of its kind, if anybody has asked for it."""
        return self.filter(job=job, only=only, form=form).first()

    def waiting(self, now: datetime) -> "PreparedFileQuerySet":
        """Not made yet, and nobody is at it; oldest first."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(free, ready_at=None, fault="").order_by("asked_at")

    def expired(self, now: datetime) -> "PreparedFileQuerySet":
        return self.filter(expires_at__lt=now)


class PreparedFile(models.Model):
    """The rows of a job as a file in its vault. Being made until `ready_at` is there, or `fault` says why not."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="prepared_files")
    only = models.CharField(max_length=10, default="", blank=True)  # "" for all rows, or "problems"
    form = models.CharField(max_length=4)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=150, default="")
    asked_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, default="")
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)

    objects = PreparedFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "only", "form"], name="prepared_file_once")]
        indexes = [models.Index(fields=["ready_at", "fault"], name="prepared_file_waiting")]

    def __str__(self) -> str:
        return f"{self.only or 'all'} rows of {self.job_id} as {self.form}"

    @property
    def object_name(self) -> str:
        """Where the last try puts it."""
        return self.object_name_of(self.tries)

    def object_name_of(self, number: int) -> str:
        """Each try has a place of its own: a worker that was too slow writes beside the next one, not over it."""
        return f"downloads/{self.pk}/{number}"
