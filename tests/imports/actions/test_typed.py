"""People typed into a form become an import that knows where they go, whoever reads it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection as database
from django.utils import timezone

from imports import actions, tasks
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, HistoryEvent, ImportJob, SourceFile
from imports.states import JobState
from tests.factories import fresh, make_connection

HEADERS = ["E-mail", "First name"]
MAPPING = ColumnMapping((ColumnTarget(0, "E-mail", "email"), ColumnTarget(1, "First name", "_fname")))
ROWS = [["kamila@example.com", "Kamila"], ["", ""], ["daria@example.org", 'Daria "of the\nNorth"']]


def create(by: Any, account: Connection, **changed: Any) -> ImportJob:
    usual: dict[str, Any] = {"headers": HEADERS, "rows": ROWS, "title": "Typed", "connection": account, "by": by}
    usual |= {"destination": Destination(1), "mapping": MAPPING, "entry": uuid4()}
    return actions.create_typed_job(**usual | changed)


def test_whoever_reads_it_begins_its_check(anna: Any, account: Connection) -> None:
    job = create(anna, account)
    elsewhere = {"state": JobState.READING, "read_lease_until": timezone.now() + timedelta(minutes=1)}
    ImportJob.objects.filter(pk=job.pk).update(**elsewhere)  # another process was quicker than the page
    tasks.read_soon(job)
    assert fresh(job).state == JobState.READING
    ImportJob.objects.filter(pk=job.pk).update(read_lease_until=None)

    actions.read_job(job.pk)  # as that process does: it knows the number of the import and nothing more

    job = fresh(job)
    assert (job.state, job.mapping, job.destination, job.connection) == (
        JobState.CHECKING,
        MAPPING,
        Destination(1),
        account,
    )
    assert actions.drain(job.pk).state == JobState.CHECKED
    assert [number for number, _text in actions.sample_profiles(fresh(job))] == [1, 3]


def test_the_sweep_finds_one_nobody_rang_for(anna: Any, account: Connection) -> None:
    job = create(anna, account)
    assert actions.Bell("read", job.pk) in actions.reconcile()
    actions.read_job(job.pk)
    assert actions.Bell("check", job.pk) in actions.reconcile()


def test_a_choice_forbidden_meanwhile_waits_for_a_person(anna: Any, account: Connection) -> None:
    job = create(anna, account)
    account.catalogue = account.catalogue | {"fields/1": []}
    account.save()
    ImportJob.objects.filter(pk=job.pk).update(mapping_plain=[{**MAPPING.to_plain()[0], "field": "gone"}])
    actions.read_job(job.pk)
    assert fresh(job).state == JobState.READ


def test_one_entry_is_one_import(anna: Any, boris: Any, account: Connection) -> None:
    entry = uuid4()
    first, second = (create(anna, account, entry=entry) for _ in range(2))
    assert first.pk == second.pk
    assert SourceFile.objects.count() == 1
    assert HistoryEvent.objects.filter(verb="job_created").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_import(anna: Any, sandbox: Any) -> None:
    account, entry, start = make_connection(sandbox), uuid4(), Barrier(2)
    made: list[UUID] = []

    def click() -> None:
        start.wait()
        made.append(create(anna, account, entry=entry).uuid)
        database.close()

    clicks: list[Callable[[], None]] = [click, click]
    threads = [Thread(target=one) for one in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [entry, entry]
    assert actions.read_job(ImportJob.objects.get().pk)
    assert fresh(ImportJob.objects.get()).rows == 2


def test_forbidden_choices_make_no_import(anna: Any, account: Connection) -> None:
    with pytest.raises(actions.MappingRefused):
        create(anna, account, destination=Destination(1, operation="update", matching="phone"))
    assert not ImportJob.objects.exists()


def test_signs_nothing_can_store_are_a_fault_of_their_row(anna: Any, account: Connection) -> None:
    job = create(anna, account, rows=[["kamila@example.com", "Kam\x00ila"], ["daria@example.org", "\ud800"]])
    assert actions.drain(job.pk).state == JobState.CHECKED
    assert fresh(job).slices.get().invalid == 1
