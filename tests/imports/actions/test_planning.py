"""Closing the check: who is set aside, and that a check taken away from its worker leaves nothing half done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports import actions, repeats
from imports.actions import planning
from imports.models import Batch, ImportJob, RowSlice
from imports.results import asides, totals
from imports.states import JobState
from tests.factories import fresh, make_mapped_job
from tests.platforms import account

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9"


def checking(by: Any, emails: list[str], **choices: Any) -> ImportJob:
    """A job whose rows were checked and whose check was not closed."""
    limits = choices.pop("limits", {})
    people = "\n".join(f"{email},Person" for email in emails)
    job = make_mapped_job(by, account(NOBODY, **limits), f"E-mail,First name\n{people}\n", database_id=1, **choices)
    actions.begin_check(job, by=by)
    actions.settle_dates(job.pk)
    while actions.check_next_slices(job.pk, seconds=60):
        pass
    return fresh(job)


def set_aside(job: ImportJob) -> dict[int, int]:
    """{spreadsheet row set aside: row sent instead}; every row of these files is good, the header is row 1."""
    found = {}
    for row_slice in RowSlice.objects.current(job):
        found |= {row_slice.first_row + place: kept for place, kept in asides(job, row_slice).items()}
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("last", {2: 7, 3: 5, 4: 7}), ("first", {5: 3, 4: 2, 7: 2}), ("all", {})],
)
def test_the_rule_decides_which_of_the_rows_with_one_key_is_sent(
    anna: Any, monkeypatch: pytest.MonkeyPatch, rule: str, expected: dict[int, int]
) -> None:
    monkeypatch.setattr(repeats, "PART", 2)
    monkeypatch.setattr(repeats, "MOST_REPEATED", 1)  # each repeated key is looked at alone
    emails = ["a@example.com", "b@example.com", "A@example.com", "B@example.com", "c@example.com", "a@example.com"]
    job = checking(anna, emails, duplicates=rule)

    assert actions.close_check(job.pk)

    job = fresh(job)
    assert set_aside(job) == expected
    assert job.duplicate_rows == 3
    assert totals(job).closes and totals(job).set_aside == len(expected)


def test_batches_are_kept_some_at_a_time(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "STORED_AT_ONCE", 2)
    job = checking(anna, [f"person{n}@example.com" for n in range(5)], limits={"profiles_per_request": 1})

    actions.close_check(job.pk)

    assert list(Batch.objects.filter(job=job).order_by("number").values_list("first_row", flat=True)) == [2, 3, 4, 5, 6]


def test_a_check_taken_over_meanwhile_is_left_to_the_other(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "STORED_AT_ONCE", 1)
    job = checking(anna, ["a@example.com", "b@example.com", "c@example.com"], limits={"profiles_per_request": 1})
    freeze = planning._freeze

    def lose_the_lease_midway(*asked: Any) -> Any:
        for number, batch in enumerate(freeze(*asked)):
            if number == 2:
                ImportJob.objects.filter(pk=job.pk).update(closing_lease_until=timezone.now() - timedelta(seconds=1))
            yield batch

    monkeypatch.setattr(planning, "_freeze", lose_the_lease_midway)
    assert not actions.close_check(job.pk)
    assert fresh(job).state == JobState.CHECKING
    assert totals(fresh(job)).closes

    monkeypatch.setattr(planning, "_freeze", freeze)
    assert actions.close_check(job.pk)
    assert (fresh(job).state, Batch.objects.filter(job=job).count()) == (JobState.CHECKED, 3)


def test_a_check_stopped_meanwhile_freezes_nothing_more(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = checking(anna, ["a@example.com", "b@example.com"])
    freeze = planning._freeze

    def stop(*asked: Any) -> Any:
        actions.cancel_job(fresh(job), by=anna)
        return freeze(*asked)

    monkeypatch.setattr(planning, "_freeze", stop)

    assert not actions.close_check(job.pk)
    assert (fresh(job).state, Batch.objects.filter(job=job).count()) == (JobState.CANCELLED, 0)
