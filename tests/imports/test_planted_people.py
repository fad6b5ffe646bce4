"""Of twenty people nothing is left anywhere after a purge, and nothing of one who was erased; the others stay."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from imports import actions
from imports.models import Connection, Destruction, ImportJob
from imports.results import find_rows, totals
from imports.states import JobState
from tests.factories import fresh, looked_for
from tests.faulty_server import FaultyServer
from tests.imports.planted import PEOPLE, echoes, found, put_through
from tests.platforms import account as account_at

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = b"secret-token-of-the-account"


@pytest.fixture(autouse=True)
def _storage_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Heads of other tests' histories must not be met."""
    place = {"location": tmp_path, "allow_overwrite": True}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": place}
    settings.STORAGES = settings.STORAGES | {"default": files}


@pytest.fixture
def jobs(anna: Any, as_anna: Any, account: Connection, sandbox: Any) -> Any:
    with FaultyServer(echoes) as server:
        yield put_through(anna, as_anna, account, account_at(server.url), sandbox)


def erase(by: Any, *asked: str, forget: bool = False) -> None:
    """Until it is carried out, while the workers check again what is not sent yet."""
    for text in asked:
        wish: dict[str, Any] = {"team": None, "by": by, "reason": "Asked on paper", "forget": forget}
        actions.ask_erasure(looked_for(text, by=by), **wish)
    for _round in range(10):
        for job in ImportJob.objects.filter(state=JobState.CHECKING):
            actions.drain(job.pk)
        actions.carry_out_erasures()
    assert Destruction.objects.filter(ended_at=None).count() == 0


def everybody() -> list[bytes]:
    return [needle for one in PEOPLE for needle in one.needles]


def test_nobody_is_left_after_a_purge(
    jobs: list[ImportJob], anna: Any, boris: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert any(job.state == JobState.DONE for job in jobs)
    before = {job.pk: totals(job) for job in jobs if job.started_at}
    then = timezone.now() - timedelta(days=40)
    ImportJob.objects.filter(finished_at__isnull=False).update(finished_at=then)
    ImportJob.objects.update(state_changed_at=then, draft_at=None)

    [act] = actions.run_retention()

    assert ImportJob.objects.kept().count() == 0 and len(act.jobs) == len(jobs) == 7
    assert found([*everybody(), TOKEN]) == []
    assert not any(needle.decode() in caplog.text for needle in [*everybody(), TOKEN])
    assert {job.pk: totals(fresh(job)) for job in jobs if job.started_at} == before
    assert actions.verify_history().intact
    sent = ImportJob.objects.all()
    assert [one.outcome for one in actions.ask_about_person(PEOPLE[6].email, sent, by=boris)] == ["accepted"]
    assert [one.outcome for one in actions.ask_about_person(PEOPLE[1].email, sent, by=boris)] == ["rejected"]
    assert [one.outcome for one in actions.ask_about_person(PEOPLE[12].email, sent, by=boris)] == ["unknown"]
    assert actions.ask_about_person(PEOPLE[16].email, sent, by=boris) == []


@pytest.mark.parametrize("number", [0, 1, 7, 12, 15, 18])
def test_nothing_of_one_person_is_left_after_erasing_and_the_others_stay(
    number: int, jobs: list[ImportJob], boris: Any
) -> None:
    who = PEOPLE[number]
    everything = ImportJob.objects.all()
    erase(boris, who.email, who.phone, who.name, forget=True)

    opened = [text for job in ImportJob.objects.select_related("connection", "source") for text in _opened(job)]
    assert found(who.needles) == []
    assert not any(needle.lower() in text.lower() for needle in who.needles for text in opened)
    others = [one for one in PEOPLE if one is not who and one.number not in (16, 17)]
    assert all(any(one.name.encode() in text for text in opened) for one in others)
    assert actions.ask_about_person(who.email, everything, by=boris) == []
    assert actions.verify_history().intact


def test_the_rows_stay_with_their_numbers_and_outcomes(jobs: list[ImportJob], boris: Any) -> None:
    job = jobs[0]
    before = totals(job)

    erase(boris, PEOPLE[1].email)

    assert totals(fresh(job)) == before
    [row] = find_rows(fresh(job), "3")
    assert (row.number, row.outcome, row.erased, set(row.cells)) == (3, "rejected", True, {""})
    act = Destruction.objects.get()
    assert job.pk in act.jobs and act.counts["rows"] == len(act.jobs) and act.sealed_person == ""


def test_a_row_that_was_not_sent_yet_does_not_go(jobs: list[ImportJob], anna: Any, boris: Any) -> None:
    drafted = jobs[-1]
    erase(boris, PEOPLE[19].email)

    job = fresh(drafted)
    assert (job.state, totals(job).invalid, totals(job).pending) == ("checked", 1, 1)
    with pytest.raises(actions.Refused, match="source_erased"):
        actions.choose_options(job, replace(job.options, delimiter=";"), by=anna)


def _opened(job: ImportJob) -> list[bytes]:
    """Every object of an import in clear, and every sealed column."""
    from imports.compact import expand
    from imports.models import Attempt, Batch, Correction, Evidence, RowSlice
    from imports.outcomes import unpack
    from imports.results import problems_of
    from imports.results.changes import changes_of

    vault, texts = job.vault, [str([job.headers, job.mapping_plain, job.notes]).encode()]
    for name in vault.names():
        stream = name in ("source",) or name.startswith("downloads/")
        texts.append(b"".join(vault.pieces(name) if stream else vault.parts(name)))
    for batch in Batch.objects.filter(job=job):
        texts.append(str([batch.summary, batch.refusal]).encode())
        if batch.sealed_outcomes:
            texts.append(str(unpack(vault.unseal(bytes(batch.sealed_outcomes), batch.outcomes_name))).encode())
    for attempt in Attempt.objects.filter(batch__job=job).exclude(sealed_answer=b""):
        texts.append(str(expand(vault.unseal(bytes(attempt.sealed_answer), attempt.answer_name))).encode())
    for made in Correction.objects.filter(job=job):
        texts.append(vault.unseal(bytes(made.sealed_cells), made.cells_name))
    for look in Evidence.objects.filter(batch__job=job).exclude(sealed=b""):
        texts.append(vault.unseal(bytes(look.sealed), look.sealed_name))
    for row_slice in RowSlice.objects.current(job):
        texts.append(str([problems_of(job, row_slice), changes_of(job, row_slice)]).encode())
        if row_slice.sealed_corrections:
            texts.append(vault.unseal(bytes(row_slice.sealed_corrections), f"corrections/{row_slice.pk}"))
    return texts
