"""Which of the five steps an import is at."""

from typing import Any

from django.urls import reverse

from dashboard.presenting.steps import step_urls
from imports.models import ImportJob
from imports.states import JobState

J = JobState
PAGES = {
    "file": "job_file",
    "columns": "job_columns",
    "check": "job_check",
    "send": "job_sending",
    "results": "job_results",
}
AT = {
    J.UPLOADED: "file",
    J.READING: "file",
    J.UNREADABLE: "file",
    J.READ: "columns",
    J.CHECKING: "check",
    J.CHECKED: "check",
    J.WAITING_APPROVAL: "check",
    J.APPROVED: "check",
    J.SENDING: "send",
    J.PAUSED: "send",
    J.HELD: "send",
    J.NEEDS_DECISION: "send",
    J.CANCELLING: "send",
    J.CANCELLED: "results",
    J.DONE: "results",
}


def current_page(job: ImportJob) -> str:
    """The address of the step this import is at."""
    return reverse(PAGES[_step_of(job)], args=[job.uuid])


def stepper_of(job: ImportJob) -> dict[str, Any]:
    """What `{% stepper %}` needs besides the step shown: the last step done, and the address of each."""
    names = list(PAGES)
    place = names.index(_step_of(job))
    return {"reached": names[place - 1] if place else "", **dict.fromkeys(names), **step_urls(job)}


def is_being_checked(job: ImportJob) -> bool:
    """Whether the next thing to be seen is what the check found; people typed into a form are read on the way."""
    return job.state == J.CHECKING or (
        job.knows_its_place and not job.check_version and job.state in (J.UPLOADED, J.READING)
    )


def _step_of(job: ImportJob) -> str:
    return "check" if is_being_checked(job) else AT[JobState(job.state)]
