"""What a column's cells are worth for a field: counted over all rows where that is quick, else over a sample."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from imports import actions
from imports.actions import sampling
from imports.actions.figures import Figures, column_figures
from imports.actions.sampling import Sample, sample, spread
from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField
from imports.models import ImportJob
from tests.factories import make_checked_job, make_connection, make_job

pytestmark = pytest.mark.django_db

FIELDS = {
    "email": TargetField("email", Kind.EMAIL, "Email"),
    "_sex": TargetField("_sex", Kind.SEX, "Gender"),
    "_bdate": TargetField("_bdate", Kind.DATE, "Birth date"),
    "phones": TargetField("phones", Kind.PHONES, "Phones"),
}
PEOPLE = (
    "E-mail,Gender,Born,Phone\n"
    "kamila@example.com,f,14.03.1987,89000000001\n"
    "daria@example,дама,02.11.1990,+79000000002\n"
    "kamila@example.com,дама,soon,\n"
    ",-,11.24.1988,12\n"
)


def figures(job: ImportJob, place: int, field: str, *, region: str = "RU", **choices: Any) -> Figures:
    target = ColumnTarget(place, job.headers[place], field, **choices)
    return column_figures(job, ColumnMapping((target,)), FIELDS, region=region)[place]


def test_right_and_wrong_cells_of_a_small_file_are_all_counted(anna: Any) -> None:
    found = figures(make_job(anna, PEOPLE), 0, "email")
    assert (found.rows, found.whole) == (4, True)
    assert (found.found.filled, found.found.right, found.found.wrong, found.found.repeats) == (3, 2, 1, 1)
    assert found.found.kinds == (("email_invalid", 1),)


def test_refused_words_are_counted_and_a_choice_shows_at_once(anna: Any) -> None:
    job = make_job(anna, PEOPLE)
    assert figures(job, 1, "_sex").found.words == (("дама", 2), ("-", 1))
    told = figures(job, 1, "_sex", values=(("дама", "set:female"),)).found
    assert (told.wrong, told.mended, told.refused) == (1, 2, 3)


def test_dates_are_read_in_the_order_the_check_would_take(anna: Any) -> None:
    found = figures(make_job(anna, PEOPLE), 2, "_bdate").found
    assert dict(found.dates) == {"dmy": 1, "dotted": 1, "mdy": 1}
    assert dict(found.kinds) == {"date_order": 1, "date_invalid": 1}
    assert dict(figures(make_job(anna, PEOPLE), 2, "_bdate", date_order="mdy").found.kinds) == {
        "date_order": 1,
        "date_invalid": 1,
    }


def test_the_country_of_phones_counts(anna: Any) -> None:
    job = make_job(anna, "Phone\n9120000001\n9120000002\n+79120000003\n")
    assert figures(job, 0, "phones", region="").found.kinds == (("phone_no_country", 2),)
    assert figures(job, 0, "phones", region="RU").found.refused == 0
    assert figures(job, 0, "phones", region="").found.examples[0] == (2, "9120000001")


def test_few_different_words_are_counted_over_all_rows_of_a_large_file(
    anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "MOST_ROWS", 50)
    monkeypatch.setattr(sampling, "LEAST_ROWS", 50)
    rows = "".join(f"p{n}@example.{'com' if n % 2 else ''},{'дама' if n % 4 == 0 else 'ж'}\n" for n in range(400))
    job = make_job(anna, "E-mail,Gender\n" + rows)
    words = figures(job, 1, "_sex")
    assert (words.rows, words.whole, words.found.words) == (400, True, (("дама", 100),))
    emails = figures(job, 0, "email")
    assert (emails.rows, emails.whole) == (50, False)


def test_what_was_judged_is_kept_sealed_and_used_again(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job(anna, PEOPLE)
    before = figures(job, 0, "email")
    with default_storage.open(f"jobs/{job.uuid}/figures/1", "rb") as stored:
        assert b"daria" not in stored.read()
    monkeypatch.setattr("imports.actions.figures.find", lambda *args, **kwargs: pytest.fail("judged again"))
    assert figures(job, 0, "email") == before


def test_corrected_cells_count_as_they_go(anna: Any, sandbox: Any) -> None:
    job = make_checked_job(anna, make_connection(sandbox))
    assert figures(job, 0, "email").found.wrong == 0
    actions.correct_cells(job, {(2, 0): "nobody"}, seen=job.check_version, by=anna)
    job.refresh_from_db()
    assert figures(job, 0, "email").found.examples == ((2, "nobody"),)


def test_a_sample_comes_back_as_it_was_taken_and_speaks_of_the_whole_file(
    anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "MOST_ROWS", 3)
    monkeypatch.setattr(sampling, "LEAST_ROWS", 3)
    job = make_job(anna, "N\n" + "".join(f"{n}\n" for n in range(9)))
    taken = sample(job)
    assert (taken.rows, taken.column(0), taken.whole) == ([2, 5, 8], ["0", "3", "6"], False)
    again = Sample.from_bytes(taken.to_bytes())
    assert (again.rows, again.column(0), again.whole) == (taken.rows, taken.column(0), False)


def test_places_are_spread_evenly() -> None:
    assert list(spread(3, 5)) == [0, 1, 2]
    assert list(spread(10, 5)) == [0, 2, 4, 6, 8]
