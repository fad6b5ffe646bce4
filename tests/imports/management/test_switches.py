"""manage.py job and manage.py sending: the same verbs as the pages'."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from imports import actions
from imports.models import ImportJob, SendingStop
from imports.states import JobState
from tests.factories import fresh, make_checked_job, make_connection, make_sending_job


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


def test_the_first_rows_alone_wait_until_somebody_lets_the_others_go(anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox, canary_rows=1)
    number = str(make_sending_job(anna, account).pk)
    said("drain")
    with pytest.raises(CommandError, match="job go-on"):
        said("job", "resume", number)
    with pytest.raises(CommandError, match="whole number from 1 to 99"):
        said("job", "go-on", number, "--brake", "many")
    assert said("job", "go-on", number) == f"Job {number} is sending."


@pytest.fixture
def asked(anna: Any, clara: Any, sandbox: Any) -> ImportJob:
    clara.set_password("a long password of Clara")
    clara.save()
    job = make_checked_job(anna, make_connection(sandbox, approval="always"), skip_triggers=False)
    actions.ask_approval(job, by=anna)
    return job


def typed(monkeypatch: Any, password: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))


def test_a_second_person_approves_with_a_password(asked: ImportJob, monkeypatch: Any) -> None:
    typed(monkeypatch, "a long password of Clara")

    told = said("job", "approve", str(asked.pk), "--as", "clara", "--password-stdin")

    assert told == f"Job {asked.pk} is sending."


def test_it_is_sent_back_with_a_reason(asked: ImportJob, monkeypatch: Any) -> None:
    typed(monkeypatch, "a long password of Clara")

    told = said("job", "refuse", str(asked.pk), "--as", "clara", "--password-stdin", "--reason", "Phones are missing.")

    assert told == f"Job {asked.pk} is checked."


def test_nobody_approves_as_somebody_else_or_their_own(asked: ImportJob, anna: Any, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match="--as USER"):
        said("job", "approve", str(asked.pk))
    typed(monkeypatch, "a guess")
    with pytest.raises(CommandError, match="not the password of clara"):
        said("job", "approve", str(asked.pk), "--as", "clara", "--password-stdin")
    anna.set_password("a long password of Anna")
    anna.save()
    typed(monkeypatch, "a long password of Anna")
    with pytest.raises(CommandError, match="Only an approver or an administrator"):
        said("job", "approve", str(asked.pk), "--as", "anna", "--password-stdin")
    assert fresh(asked).state == JobState.WAITING_APPROVAL
