"""The imports the benchmark of pages makes, small: each is what its name says, and every page it asks for is there."""

from typing import Any

import pytest

from dashboard.benchmark.bigpages import KINDS, looker, made, measured, pages_of, unreachable_account
from dashboard.benchmark.programs import BenchFailed
from imports.models import ImportJob
from imports.results import totals
from imports.states import JobState

ROWS = 60


def small(kind: str) -> ImportJob:
    return made(unreachable_account(), KINDS[kind], ROWS, title=kind)


@pytest.mark.parametrize(
    ("kind", "term", "rows"),
    [
        ("clean", "accepted", ROWS),
        ("all_invalid", "invalid", ROWS),
        ("all_rejected", "rejected", ROWS),
        ("one_key", "set_aside", ROWS - 1),
    ],
)
def test_each_kind_is_what_its_name_says(transactional_db: None, kind: str, term: str, rows: int) -> None:
    job = small(kind)

    assert job.state == JobState.DONE
    assert totals(job).closes
    assert totals(job).terms()[term] == rows


def test_every_page_is_there_and_is_timed(as_anna: Any, transactional_db: None) -> None:
    job, answers = small("usual"), []

    found = measured(lambda path: answers.append(as_anna.get(path).status_code), job, tries=1)

    assert [page.name for page in found] == list(pages_of(job))
    assert set(answers) <= {200, 302}
    assert all(page.statements > 0 and page.p95 >= page.p50 > 0 for page in found)


def test_who_looks_by_hand_sees_the_pages_and_not_their_absence(transactional_db: None) -> None:
    pages, look = pages_of(small("usual")), looker()

    for path in (*pages["rows, first page"], *pages["history of the import"]):
        look(path)
    with pytest.raises(BenchFailed, match="404"):
        look("/imports/00000000-0000-0000-0000-000000000000/")
