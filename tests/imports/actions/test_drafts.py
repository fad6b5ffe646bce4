"""What was chosen on the columns page is kept; two windows do not destroy each other's work."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.storage import default_storage

from imports import actions
from imports.models import ImportJob
from imports.states import JobState
from tests.factories import fresh, make_job, make_mapped_job, make_sending_job

pytestmark = pytest.mark.django_db
GIVEN = {"field-0": ["email"], "set-1": ["Камила"]}


def saved(job: ImportJob, by: Any, *, tab: str = "one", version: int = 0, **more: Any) -> ImportJob:
    return actions.save_draft(job, GIVEN, tab=tab, version=version, by=by, **more)


def test_a_draft_comes_back_with_who_and_when(anna: Any) -> None:
    job = saved(make_job(anna), anna)
    found = actions.draft_of(fresh(job))
    assert found is not None and found.given == GIVEN and found.tab == "one"
    assert (fresh(job).draft_version, found.by_name) == (1, fresh(job).draft_by_name)


def test_a_file_that_is_read_anew_begins_anew(anna: Any) -> None:
    job = saved(make_job(anna), anna)
    assert job.options is not None
    actions.choose_options(job, replace(job.options, header_row=0), by=anna)
    actions.read_job(job.pk)
    assert fresh(job).draft_at is not None and actions.draft_of(fresh(job)) is None


def test_it_lies_sealed_with_the_job(anna: Any) -> None:
    job = saved(make_job(anna), anna)
    with default_storage.open(f"jobs/{job.uuid}/draft", "rb") as stored:
        assert "Камила".encode() not in stored.read()


def test_the_same_window_saves_on_although_answers_overtake_each_other(anna: Any) -> None:
    job = saved(make_job(anna), anna)
    assert saved(job, anna, version=0).draft_version == 2


def test_another_window_is_told_and_nothing_of_the_first_is_lost(anna: Any) -> None:
    job = saved(make_job(anna), anna)
    with pytest.raises(actions.Refused) as told:
        actions.save_draft(job, {"field-0": ["phones"]}, tab="two", version=0, by=anna)
    assert told.value.code == "draft_elsewhere" and told.value.params["name"]
    found = actions.draft_of(fresh(job))
    assert found is not None and found.given == GIVEN
    assert saved(fresh(job), anna, tab="two", anyway=True).draft_version == 2


def test_a_window_that_began_from_the_last_draft_goes_on_from_it(anna: Any) -> None:
    job = saved(make_job(anna), anna)
    assert saved(job, anna, tab="two", version=1).draft_version == 2


def test_columns_that_were_matched_end_the_draft_and_older_windows_are_told(sandbox: Any, anna: Any) -> None:
    from tests.factories import make_connection

    job = fresh(make_mapped_job(anna, make_connection(sandbox)))
    assert actions.draft_of(job) is None and job.draft_version == 1
    with pytest.raises(actions.Refused, match="draft_elsewhere"):
        saved(job, anna, tab="old", version=0)


def test_a_job_that_has_moved_on_takes_no_draft(sandbox: Any, anna: Any) -> None:
    from tests.factories import make_connection

    job = make_sending_job(anna, make_connection(sandbox))
    assert job.state == JobState.SENDING
    with pytest.raises(actions.Refused, match="not_mappable_now"):
        saved(job, anna, anyway=True)


def test_more_than_a_page_can_hold_is_refused(anna: Any) -> None:
    with pytest.raises(actions.Refused, match="draft_too_large"):
        actions.save_draft(make_job(anna), {"set-0": ["x" * 5_000_000]}, tab="one", version=0, by=anna)
