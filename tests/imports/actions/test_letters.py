"""Letters: wanted ones go once, in the person's language, with nobody in them; an ailing mail server harms nothing."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from imports import actions, tasks
from imports.models import Connection, ImportJob, Notice
from imports.states import JobState
from tests.factories import fresh, make_connection, make_done_job, make_sending_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(sandbox: Any) -> Connection:
    return make_connection(sandbox)


def wants(person: Any, mail_wish: str, **more: str) -> None:
    actions.choose_preferences(person, mail=mail_wish, **more)


def test_a_letter_tells_the_end_in_counts_and_a_link(anna: Any, account: Connection, settings: Any) -> None:
    settings.PUBLIC_URL = "https://imports.example"
    wants(anna, "ends")
    job = make_done_job(anna, account)

    assert actions.send_letters() == 1
    assert actions.send_letters() == 0

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["anna@example.com"], "An import of yours has ended")
    assert f"https://imports.example/imports/{job.uuid}/" in letter.body
    assert "accepted: 2" in letter.body
    for secret in ("people.csv", "kamila", "Kamila", "7900"):
        assert secret not in letter.body + letter.subject


def test_it_is_written_in_the_persons_language_and_time(anna: Any, account: Connection) -> None:
    wants(anna, "ends", language="ru", time_zone="Asia/Kamchatka")
    job = make_done_job(anna, account)
    ImportJob.objects.filter(pk=job.pk).update(created_at="2026-06-01T20:30:00Z")

    actions.send_letters()

    assert "2026-06-02 08:30" in mail.outbox[0].body
    assert any("а" <= sign <= "я" for sign in mail.outbox[0].subject)


@pytest.mark.parametrize(("wish", "letters"), [("never", 0), ("needs_me", 0), ("ends", 1)])
def test_an_end_is_told_to_those_who_want_it(anna: Any, account: Connection, wish: str, letters: int) -> None:
    wants(anna, wish)
    make_done_job(anna, account)

    assert actions.send_letters() == letters
    assert Notice.objects.get().kind == Notice.ENDED


@pytest.mark.parametrize(("wish", "letters"), [("never", 0), ("needs_me", 1), ("ends", 1)])
def test_that_somebody_is_needed_too(anna: Any, account: Connection, sandbox: Any, wish: str, letters: int) -> None:
    wants(anna, wish)
    sandbox.desk.change({"drop": "after", "times": 1})
    assert make_done_job(anna, account, skip_triggers=False).state == JobState.NEEDS_DECISION

    assert actions.send_letters() == letters


class Away(EmailBackend):
    """A mail server that is not there."""

    def open(self) -> bool:
        raise ConnectionRefusedError


class Doubtful(EmailBackend):
    """One that takes the letter and is gone before it says so."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected


def backend(settings: Any, kind: type) -> None:
    settings.EMAIL_BACKEND = f"{kind.__module__}.{kind.__name__}"


def test_a_mail_server_that_is_away_is_tried_again_later(anna: Any, account: Connection, settings: Any) -> None:
    usual = settings.EMAIL_BACKEND
    wants(anna, "ends")
    job = make_done_job(anna, account)
    backend(settings, Away)
    assert actions.send_letters() == 0
    assert fresh(job).state == JobState.DONE
    settings.EMAIL_BACKEND = usual
    assert actions.send_letters() == 0, "not before its time"

    Notice.objects.update(mail_at=timezone.now() - timedelta(seconds=1))

    assert actions.send_letters() == 1
    assert len(mail.outbox) == 1


def test_one_that_is_away_for_good_is_given_up(anna: Any, account: Connection, settings: Any) -> None:
    wants(anna, "ends")
    make_done_job(anna, account)
    backend(settings, Away)
    for _ in range(10):
        Notice.objects.update(mail_at=timezone.now() - timedelta(seconds=1))
        actions.send_letters()

    assert (Notice.objects.get().mail, Notice.objects.get().mail_tries) == (Notice.FAILED, 6)


def test_a_letter_that_may_have_gone_never_goes_twice(anna: Any, account: Connection, settings: Any) -> None:
    usual = settings.EMAIL_BACKEND
    wants(anna, "ends")
    make_done_job(anna, account)
    backend(settings, Doubtful)
    actions.send_letters()
    settings.EMAIL_BACKEND = usual
    Notice.objects.update(mail_at=None)

    assert actions.send_letters() == 0
    assert len(mail.outbox) == 1


def test_a_worker_that_died_with_a_letter_in_its_hands_leaves_it_unsent(anna: Any, account: Connection) -> None:
    wants(anna, "ends")
    make_done_job(anna, account)
    Notice.objects.update(mail=Notice.SENDING, mail_at=timezone.now() - timedelta(hours=2))

    assert actions.send_letters() == 0
    assert Notice.objects.get().mail == Notice.FAILED


def test_the_sweep_sees_to_letters(anna: Any, account: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(anna, "ends")
    make_done_job(anna, account)
    rung: list[Any] = []
    monkeypatch.setattr(tasks, "ring_now", lambda task, number: rung.append(task.name))

    tasks.sweep()
    assert "imports.tasks.send_letters" in rung
    tasks.send_letters()
    assert len(mail.outbox) == 1


def test_a_stop_and_a_go_are_told_each_once(anna: Any, account: Connection) -> None:
    """Two looks at the same end write one piece of news."""
    job = make_sending_job(anna, account)
    actions.drain(job.pk)
    actions.settle_job(job.pk)

    assert Notice.objects.filter(job=job).count() == 1


class Unusable(EmailBackend):
    """One whose settings are wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError


def test_a_mail_server_with_wrong_settings_keeps_no_letter_in_its_hands(
    anna: Any, account: Connection, settings: Any
) -> None:
    wants(anna, "ends")
    make_done_job(anna, account)
    backend(settings, Unusable)

    assert actions.send_letters() == 0
    assert (Notice.objects.get().mail, Notice.objects.get().mail_tries) == (Notice.DUE, 1)
