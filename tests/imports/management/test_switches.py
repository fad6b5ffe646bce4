"""manage.py job and manage.py sending: the same verbs as the pages'."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from imports.models import ImportJob, SendingStop
from imports.states import JobState
from tests.factories import fresh, make_connection, make_sending_job


@pytest.fixture
def job(anna: Any, sandbox: Any) -> ImportJob:
    return make_sending_job(anna, make_connection(sandbox))


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def test_a_job_is_paused_resumed_and_cancelled(job: ImportJob) -> None:
    number = str(job.pk)
    assert said("job", "pause", number) == f"Job {number} is paused."
    assert said("job", "resume", number) == f"Job {number} is sending."
    assert said("job", "cancel", number) == f"Job {number} is cancelled."
    assert fresh(job).state == JobState.CANCELLED


def test_what_cannot_be_done_is_a_sentence(job: ImportJob) -> None:
    said("job", "cancel", str(job.pk))
    with pytest.raises(CommandError, match="cannot be paused"):
        said("job", "pause", str(job.pk))
    with pytest.raises(CommandError, match="There is no job 999999"):
        said("job", "pause", "999999")


@pytest.mark.django_db
def test_all_sending_is_stopped_and_let_go() -> None:
    assert said("sending", "status") == "Sending is not stopped."
    assert "All sending is stopped." in said("sending", "stop", "--reason", "Wrong price")
    assert "by a command: Wrong price" in said("sending", "status")
    with pytest.raises(CommandError, match="stopped already"):
        said("sending", "stop", "--reason", "Again")
    assert "Sending goes on." in said("sending", "go", "--reason", "Mended")
    assert SendingStop.objects.get().lift_reason == "Mended"
