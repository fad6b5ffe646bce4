"""A person's corrections of cells before sending: an overlay, the file itself is never changed."""

from django.db import models

from .jobs import ImportJob


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def standing(self, job: ImportJob) -> "CorrectionQuerySet":
        """Those that were not undone and belong to the table as it was read last, the newest first."""
        return self.filter(job=job, read_version=job.read_version, undone_at=None).order_by("-pk")


class Correction(models.Model):
    """One press of a button: which cells were changed to what lies sealed; counts and the column are in clear."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="corrections")
    read_version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)  # cells typed, or one rule for all alike: see imports.actions.correcting
    column = models.IntegerField(default=-1)  # 0-based; -1 for several
    cells = models.PositiveIntegerField()
    by_name = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    sealed_cells = models.BinaryField(default=b"")

    objects = CorrectionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.cells} cells"

    @property
    def cells_name(self) -> str:
        return f"correction/{self.pk}"
