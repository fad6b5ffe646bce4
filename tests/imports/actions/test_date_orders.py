"""The order of day and month is decided by all cells of a column as they go, whoever has counted them."""

from typing import Any

import pytest

from imports import actions
from imports.actions.tables import HEAD
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob
from tests.factories import fresh, make_checked_job, make_connection, make_job

AMERICAN = ["05/06/1990", "12/25/1991", "01/02/1992"]
EITHER = ["05/06/1990", "07/08/1991", "01/02/1992"]


@pytest.fixture
def connection(sandbox: Any) -> Connection:
    return make_connection(sandbox)


def mapped(anna: Any, connection: Connection, dates: list[str]) -> ImportJob:
    rows = "".join(f"person{number}@example.com,{date}\n" for number, date in enumerate(dates))
    job = make_job(anna, "E-mail,Born\n" + rows)
    destination = make_checked_job(anna, connection).destination
    assert destination is not None
    mapping = ColumnMapping((ColumnTarget(0, "E-mail", "email"), ColumnTarget(1, "Born", "_bdate")))
    actions.map_columns(job, connection=connection, destination=destination, mapping=mapping, by=anna)
    return job


def decided(job: ImportJob, by: Any) -> Any:
    job = actions.begin_check(fresh(job), by=by)
    actions.settle_dates(job.pk)
    return fresh(job).date_orders


@pytest.mark.parametrize(("dates", "order"), [(AMERICAN, "mdy"), (EITHER, ""), (["15.06.1990", *EITHER], "dmy")])
def test_counted_while_reading_or_now_it_is_the_same(
    anna: Any, connection: Connection, dates: list[str], order: str
) -> None:
    job = mapped(anna, connection, dates)
    assert decided(job, anna) == {"1": order}

    uncounted = mapped(anna, connection, dates)
    uncounted.vault.delete(f"{HEAD}/{uncounted.read_version}")  # as tables stored by an earlier version
    assert decided(uncounted, anna) == {"1": order}


def test_what_reading_has_counted_is_decided_when_the_check_begins(anna: Any, connection: Connection) -> None:
    """No worker has to open a slice for it before the others may begin."""
    job = actions.begin_check(mapped(anna, connection, AMERICAN), by=anna)

    assert fresh(job).date_orders == {"1": "mdy"}
    assert not actions.settle_dates(job.pk)


def test_a_corrected_cell_tells_what_it_was_corrected_to(anna: Any, connection: Connection) -> None:
    job = mapped(anna, connection, EITHER)
    assert decided(job, anna) == {"1": ""}
    while actions.check_next_slices(job.pk, seconds=60):
        pass
    assert actions.close_check(job.pk)

    actions.correct_cells(fresh(job), {(2, 1): "12/25/1990"}, seen=fresh(job).check_version, by=anna)
    actions.settle_dates(job.pk)

    assert fresh(job).date_orders == {"1": "mdy"}
