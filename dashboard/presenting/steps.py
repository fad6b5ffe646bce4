"""The five steps of one import: which are open, and where they are."""

from django.urls import reverse

from imports.models import ImportJob
from imports.states import BEFORE_SENDING, PLANNED, JobState

J = JobState


def step_urls(job: ImportJob) -> dict[str, str]:
    """Addresses of the steps this import has reached, by the stepper's names; the file and its columns can be looked
    at, not changed, once the rows are on their way."""
    names = {"file": "job_file"}
    if job.read_version:
        names["columns"] = "job_columns"
    if job.state in BEFORE_SENDING:
        if job.state in PLANNED or job.state == J.CHECKING:
            names["check"] = "job_check"
    else:
        names["results"] = "job_results"
        if job.checked_at is not None:
            names["check"] = "job_check"
        if not job.is_finished:
            names["send"] = "job_sending"
    return {step: reverse(name, args=[job.uuid]) for step, name in names.items()}
