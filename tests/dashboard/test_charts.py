"""Pictures of how it went: rows a minute of one import, refusals by week of all; bounded, and said in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dashboard.presenting.charts import pace_chart, trends
from imports.models import Batch, ImportJob, Preset, RefusalTally, home_team
from imports.results import pace
from tests.factories import fresh, make_connection, make_done_job, make_job

HEAD = "E-mail,First name,Phone\n"
START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def job(anna: Any, sandbox: Any, transactional_db: None) -> ImportJob:
    """Six rows in three requests."""
    people = "".join(f"p{n}@example.com,P,\n" for n in range(6))
    return make_done_job(anna, make_connection(sandbox, profiles_per_request=2), HEAD + people)


def answered(job: ImportJob, *after: float) -> ImportJob:
    """As if each batch had been answered so many seconds after the start."""
    ImportJob.objects.filter(pk=job.pk).update(started_at=START)
    for batch, seconds in zip(job.batches.order_by("number"), after, strict=True):
        Batch.objects.filter(pk=batch.pk).update(settled_at=START + timedelta(seconds=seconds))
    return fresh(job)


@pytest.mark.parametrize("after", [(1, 5, 10), (60, 3000, 3600), (3600, 100_000, 400_000)])
def test_every_answered_row_is_in_some_span(job: ImportJob, after: tuple[float, ...]) -> None:
    spans = pace(answered(job, *after))

    assert 1 < len(spans) <= 60
    assert sum(span.accepted + span.rejected for span in spans) == 6
    assert spans[0].start == START
    assert spans[-1].start + timedelta(seconds=spans[-1].seconds) == START + timedelta(seconds=after[-1])


def test_an_import_over_in_a_moment_has_no_picture(job: ImportJob) -> None:
    assert pace_chart(answered(job, 0.1, 0.2, 0.3)) is None


def test_the_picture_is_said_in_words_and_fits_its_frame(job: ImportJob) -> None:
    chart = pace_chart(answered(job, 1, 5, 10))

    assert chart is not None
    assert chart["said"] == "Rows answered a minute, from 10:00:00 to 10:00:10: at most 120."
    for bar in chart["bars"]:
        assert float(bar.y) >= 0 and float(bar.y) + float(bar.height) <= 110.01
        assert float(bar.x) >= 0 and float(bar.x) + float(bar.width) <= 600


def test_it_costs_two_questions(job: ImportJob, django_assert_num_queries: Any) -> None:
    job = answered(job, 1, 5, 10)
    with django_assert_num_queries(2):
        pace(job)


def test_results_show_it(as_anna: Any, job: ImportJob) -> None:
    answered(job, 1, 5, 10)

    assert "How it went over time" in as_anna.get(f"/imports/{job.uuid}/results/").text


# --- weeks


def tally(job: ImportJob, code: str, rows: int, ago: timedelta) -> None:
    RefusalTally.objects.create(job=job, code=code, text="", rows=rows, ended_at=timezone.now() - ago)


def test_codes_are_counted_by_week_and_old_ones_left_out(anna: Any) -> None:
    job, other = make_job(anna), make_job(anna)
    tally(job, "1011", 30, timedelta(0))
    tally(other, "1011", 10, timedelta(weeks=2))
    tally(job, "409", 5, timedelta(weeks=1))
    tally(other, "400", 99, timedelta(weeks=20))

    lines = trends(ImportJob.objects.all())["codes"]

    assert [(line["name"], line["rows"], line["now"]) for line in lines] == [("1011", 40, 30), ("409", 5, 0)]
    assert lines[0]["said"] == "1011, by week: 0, 0, 0, 0, 0, 0, 10, 0, 30"
    assert lines[1]["title"] == "More than one profile has this key."


def test_weeks_are_those_of_the_readers_clock(anna: Any) -> None:
    job = make_job(anna)
    tally(job, "7", 3, timedelta(0))
    with timezone.override("Pacific/Kiritimati"):
        assert trends(ImportJob.objects.all())["codes"][0]["now"] == 3
    with timezone.override("Pacific/Pago_Pago"):
        assert trends(ImportJob.objects.all())["codes"][0]["now"] == 3


def test_presets_have_lines_of_their_own(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox, look=False)
    choices: dict[str, Any] = {"destination_plain": {}, "mapping_plain": [], "headers": []}
    preset = Preset.objects.create(name="Shops", connection=account, team=home_team(anna), **choices)
    job = make_job(anna)
    ImportJob.objects.filter(pk=job.pk).update(preset=preset)
    tally(job, "7", 3, timedelta(0))

    assert [line["name"] for line in trends(ImportJob.objects.all())["presets"]] == ["Shops"]
    page = as_anna.get("/").text
    assert "Rejected by Altcraft" in page and "Shops" in page
