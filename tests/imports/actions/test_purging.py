"""What a purge leaves of an import: counts and history, and nobody."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from imports import actions
from imports.actions import retention
from imports.actions.clearing import clear_purged_jobs
from imports.actions.spool import waiting
from imports.models import (
    Attempt,
    Batch,
    Destruction,
    HistoryEvent,
    ImportJob,
    Notice,
    PreparedFile,
    RowSlice,
    SharedLink,
    Team,
)
from imports.results import reasons, totals
from imports.storage import StorageAway
from imports.vault import Sealed
from tests.factories import fresh, make_checked_job, make_done_job, make_job, make_sending_job, make_uploaded_job

pytestmark = pytest.mark.django_db


def age(job: ImportJob, days: float) -> None:
    """As if nobody had touched it for so many days."""
    then = timezone.now() - timedelta(days=days)
    finished = {"finished_at": then} if job.finished_at else {}
    ImportJob.objects.filter(pk=job.pk).update(state_changed_at=then, **finished)


def files_of(job: ImportJob) -> list[Path]:
    folder = Path(default_storage.path(f"jobs/{job.uuid}"))
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)  # the chain is forged when a transaction ends
def test_counts_reasons_and_history_stay_and_nothing_opens_any_more(anna: Any, account: Any) -> None:
    job = make_done_job(anna, account, "E-mail,First name,Phone\nkamila@example.com,Kamila,\nwrong,Daria,\n")
    before, why = totals(job), reasons(job)
    age(job, 32)

    [act] = actions.run_retention()

    job = fresh(job)
    assert (totals(job), reasons(job)) == (before, why)
    assert job.sealed_key == "" and job.purged_at is not None and job.headers == [] and files_of(job) == []
    assert [(target.column, target.header) for target in job.mapping.targets] == [(0, ""), (1, ""), (2, "")]
    with pytest.raises(Sealed):
        _ = job.vault
    assert not any(bytes(one.sealed_problems) for one in RowSlice.objects.filter(job=job))
    assert not any(bytes(one.sealed_outcomes) for one in Batch.objects.filter(job=job))
    assert not any(bytes(one.sealed_answer) for one in Attempt.objects.filter(batch__job=job))
    assert act.jobs == [job.pk] and act.counts["imports"] == 1 and act.counts["rows"] == 2
    assert [event.verb for event in HistoryEvent.objects.of_job(job.pk)][-2:] == ["job_purged", "objects_removed"]
    assert all(one.kind == "head_forged" for one in actions.verify_history().broken)  # heads of other tests' histories


def test_nothing_goes_before_its_days_are_full(anna: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    age(job, 29)

    assert actions.run_retention() == []
    assert fresh(job).sealed_key


def test_the_day_told_is_the_day_it_goes(anna: Any, account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_done_job(anna, account)
    told = fresh(job).purged_on
    for days, gone in ((told - timezone.localdate() - timedelta(days=1), False), (told - timezone.localdate(), True)):
        then = timezone.now() + days
        with monkeypatch.context() as moved:
            moved.setattr(retention.timezone, "now", lambda then=then: then)
            found = actions.due(job.team).filter(pk=job.pk).exists()
        assert found is gone


def test_an_import_never_sent_ends_and_goes(anna: Any, account: Any) -> None:
    jobs = [make_uploaded_job(anna), make_job(anna), make_checked_job(anna, account)]
    for job in jobs:
        age(job, 32)

    actions.run_retention()

    assert {fresh(job).state for job in jobs} == {"cancelled"}
    assert all(fresh(job).purged_at and not files_of(job) for job in jobs)


def test_what_is_sent_or_waits_for_a_decision_stays_and_is_told(anna: Any, account: Any) -> None:
    job = make_sending_job(anna, account)
    age(job, 100)

    assert actions.run_retention() == []
    assert list(actions.overdue(job.team)) == [job] and fresh(job).sealed_key
    with pytest.raises(actions.Refused, match="purge_not_over"):
        actions.destroy_by_hand(job, by=anna, reason="now")
    assert Destruction.objects.count() == 0


def test_a_call_on_the_wire_keeps_its_import(anna: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    later = timezone.now() + timedelta(minutes=2)
    Attempt.objects.filter(batch__job=job).update(state="on_wire", lease_until=later)

    with pytest.raises(actions.Refused, match="purge_on_wire"):
        actions.destroy_by_hand(job, by=anna, reason="now")

    assert fresh(job).sealed_key


@pytest.mark.django_db(transaction=True)  # the chain is forged when a transaction ends
def test_by_hand_needs_a_reason_and_is_an_act(anna: Any, account: Any, boris: Any) -> None:
    job = make_done_job(anna, account)
    with pytest.raises(actions.Refused, match="reason_missing"):
        actions.destroy_by_hand(job, by=boris, reason=" ")

    act = actions.destroy_by_hand(job, by=boris, reason="The wrong file.")

    assert act is not None and (act.kind, act.by_name, act.reason) == ("by_hand", "boris", "The wrong file.")
    lines = list(actions.extract_of(act))
    assert [event.verb for event, _number, _hash in lines] == ["job_purged", "objects_removed", "act_written"]
    assert all(number and len(digest) == 64 for _event, number, digest in lines)
    assert (act.history_from, act.history_to) == (lines[0][1], lines[-1][1])
    with pytest.raises(actions.Refused, match="purged_already"):
        actions.destroy_by_hand(fresh(job), by=boris, reason="again")


def test_while_the_storage_is_away_the_key_goes_and_the_files_follow(
    anna: Any, account: Any, boris: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_done_job(anna, account)
    actions.write_missing_people()

    def away(_path: str) -> Any:
        raise StorageAway

    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "listdir", away)
        actions.destroy_by_hand(job, by=boris, reason="now")
    assert fresh(job).sealed_key == "" and files_of(job)

    assert clear_purged_jobs() == 1
    assert files_of(job) == []


def test_what_somebody_puts_there_too_late_is_removed(anna: Any, account: Any, boris: Any) -> None:
    job = make_done_job(anna, account)
    late = fresh(job)
    vault, attempt = late.vault, Attempt.objects.filter(batch__job=job).first()
    actions.destroy_by_hand(job, by=boris, reason="now")

    vault.put("prepared/1/00001", b"late")
    Attempt.objects.filter(pk=attempt.pk).update(sealed_answer=vault.seal(b"late", "answer"))
    clear_purged_jobs()

    assert files_of(job) == [] and bytes(Attempt.objects.get(pk=attempt.pk).sealed_answer) == b""
    assert fresh(job).cleared_at is None
    ImportJob.objects.filter(pk=job.pk).update(purged_at=timezone.now() - timedelta(hours=2))
    clear_purged_jobs()
    assert fresh(job).cleared_at is not None


def test_links_and_prepared_files_go(anna: Any, account: Any, boris: Any) -> None:
    job = make_done_job(anna, account)
    _link, token = actions.make_link(job, by=anna)
    actions.ask_for_file(job, only="", form="xlsx", by=anna)
    actions.prepare_files(job.pk)

    actions.destroy_by_hand(job, by=boris, reason="now")

    assert actions.open_link(token) is None and SharedLink.objects.get(job=job).revoked_at is not None
    assert PreparedFile.objects.filter(job=job).count() == 0


def test_an_answer_kept_on_the_disk_goes_with_the_key(anna: Any, account: Any, boris: Any) -> None:
    job = make_done_job(anna, account)
    attempt = Attempt.objects.filter(batch__job=job).first()
    folder = Path(settings.DATA_DIR) / "spool"
    folder.mkdir(exist_ok=True)
    path = folder / f"{attempt.pk}-{attempt.lease_token}.answer"
    path.write_bytes(job.vault.seal(b"{}", f"spool/{attempt.pk}"))
    actions.destroy_by_hand(job, by=boris, reason="now")

    assert list(waiting()) == [] and not path.exists()


def test_the_owner_of_an_unsent_import_is_told_once_three_days_before(anna: Any, account: Any) -> None:
    job, sent = make_checked_job(anna, account), make_done_job(anna, account)
    for one in (job, sent):
        age(one, 29)

    assert (retention.tell_owners(), retention.tell_owners()) == (1, 0)
    assert Notice.objects.get(code="purge_soon").job == job


def test_each_team_has_days_and_an_act_of_its_own(anna: Any, account: Any) -> None:
    mine, theirs = make_done_job(anna, account), make_done_job(anna, account)
    other = Team.objects.create(name="Sales", retention_days=10)
    ImportJob.objects.filter(pk=theirs.pk).update(team=other)
    for job in (mine, theirs):
        age(job, 12)

    [act] = actions.run_retention()

    assert (act.team, act.jobs) == (other, [theirs.pk])


def test_days_are_changed_with_history_and_within_limits(boris: Any, db: None) -> None:
    team = Team.objects.get()

    actions.change_retention(team, 7, by=boris)

    assert Team.objects.get().retention_days == 7
    event = HistoryEvent.objects.get(verb="retention_changed")
    assert (event.details["before"], event.details["days"], event.actor_name) == (30, 7, "boris")
    with pytest.raises(actions.Refused, match="retention_days"):
        actions.change_retention(team, 0, by=boris)


def test_bytes_no_import_knows_of_go_after_a_day(anna: Any, account: Any) -> None:
    job, stray = make_job(anna), "jobs/00000000-0000-4000-8000-000000000001"
    default_storage.save(f"{stray}/source", BytesIO(b"half an upload"))

    actions.run_retention()
    assert default_storage.exists(f"{stray}/source")
    old = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(default_storage.path(f"{stray}/source"), (old, old))
    actions.run_retention()

    assert not default_storage.exists(f"{stray}/source") and files_of(job)
