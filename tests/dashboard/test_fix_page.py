"""Correcting rows on their page, rules for repeats and people sent before, sending again what did not get in."""

from typing import Any

import pytest
from django.urls import reverse

from imports.models import Correction, ImportJob
from imports.results import totals
from imports.rowkeys import KeyRing
from imports.states import JobState
from tests.factories import fresh, make_checked_job, make_connection, make_done_job, make_job

HEAD = "E-mail,First name,Phone"
BAD = f'{HEAD}\nkamila@example.com,Kamila,\nbroken,"Da\nria",\nolga@ex.con x,<b>Olga</b>,\nrita@ex.con x,=1+2,\n'


@pytest.fixture
def connection(sandbox: Any) -> Any:
    return make_connection(sandbox)


@pytest.fixture
def job(anna: Any, connection: Any) -> ImportJob:
    return make_checked_job(anna, connection, BAD)


def url(name: str, job: ImportJob, *more: int) -> str:
    return reverse(name, args=[job.uuid, *more])


def bad_numbers(job: ImportJob, client: Any) -> list[int]:
    return [line.number for line in client.get(url("job_fix", job)).context["grid"].lines]


def test_bad_cells_stand_beside_their_reasons_and_nothing_runs(job: ImportJob, as_anna: Any) -> None:
    page = as_anna.get(url("job_fix", job))
    text = page.content.decode()
    assert "3 rows to correct" in text and 'value="broken"' in text and "has no “@”" in text
    assert "&lt;b&gt;Olga&lt;/b&gt;" in text and "<b>Olga" not in text
    assert text.count('aria-invalid="true"') == 3


def test_what_was_typed_is_kept_checked_and_shown_on_the_rows_page(job: ImportJob, as_anna: Any) -> None:
    first = bad_numbers(job, as_anna)[0]
    given = {"check": job.check_version, f"cell-{first}-0": "daria@example.com", f"cell-{first}-1": "Da\r\nria"}
    answer = as_anna.post(url("job_fix", job), given, follow=True)
    assert "1 cell was corrected and its row checked again." in answer.content.decode()
    job = fresh(job)
    assert (job.state, totals(job).pending, totals(job).invalid) == (JobState.CHECKED, 2, 2)
    assert "these corrections are lost" in as_anna.get(url("job_file", job)).content.decode()
    text = as_anna.get(url("job_row", job, first)).content.decode()
    assert "the file has “broken”; corrected by anna" in text


def test_somebody_elses_change_in_between_loses_nothing_typed(job: ImportJob, as_anna: Any, as_boris: Any) -> None:
    first, second, _third = bad_numbers(job, as_anna)
    as_boris.post(url("job_fix", job), {"check": job.check_version, f"cell-{second}-0": "olga@example.com"})
    answer = as_anna.post(url("job_fix", job), {"check": job.check_version, f"cell-{first}-0": "daria@example.com"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Somebody else changed or sent this import meanwhile" in text
    assert 'value="daria@example.com"' in text
    assert Correction.objects.count() == 1


def test_nothing_typed_says_so(job: ImportJob, as_anna: Any) -> None:
    answer = as_anna.post(url("job_fix", job), {"check": job.check_version, "cell-x-y": "1", "cell-99-0": "a"})
    assert answer.status_code == 422 and "No cell was changed." in answer.content.decode()


def test_a_rule_is_counted_then_done_then_undone(job: ImportJob, as_anna: Any) -> None:
    rule = {"column": 0, "kind": "replaced", "find": ".con x", "put": ".com"}
    text = as_anna.get(url("job_fix", job), rule).content.decode()
    assert "2 cells would change" in text and "Change 2 cells" in text
    as_anna.post(url("job_fix_alike", job), rule | {"check": job.check_version})
    job = fresh(job)
    assert totals(job).invalid == 1
    made = Correction.objects.get()
    assert "all alike replaced" in as_anna.get(url("job_fix", job)).content.decode()
    as_anna.post(url("job_fix_undo", job, made.pk), {"check": job.check_version})
    assert totals(fresh(job)).invalid == 3


def test_a_rule_without_a_text_is_told_beside_its_field(job: ImportJob, as_anna: Any) -> None:
    text = as_anna.get(url("job_fix", job), {"column": 0, "kind": "replaced", "find": ""}).content.decode()
    assert "Write the text that stands in the cells." in text and "Change " not in text


def test_send_takes_only_what_the_person_saw(job: ImportJob, as_anna: Any) -> None:
    seen, first = job.check_version, bad_numbers(job, as_anna)[0]
    as_anna.post(url("job_fix", job), {"check": seen, f"cell-{first}-0": "daria@example.com"})
    as_anna.post(url("job_start", job), {"check": seen})
    assert fresh(job).state == JobState.CHECKED


def test_nothing_is_corrected_on_a_page_of_what_was_sent(anna: Any, connection: Any, as_anna: Any) -> None:
    done = make_done_job(anna, connection, BAD)
    assert as_anna.get(url("job_fix", done)).status_code == 302
    as_anna.post(url("job_fix", done), {"check": done.check_version, "cell-3-0": "a@example.com"})
    assert not Correction.objects.exists()


REPEATED = f"{HEAD}\na@example.com,Anna,\nb@example.com,Boris,\na@example.com,,+79000000004\n"


def test_repeats_are_shown_with_what_differs_and_another_rule_is_chosen(
    anna: Any, connection: Any, as_anna: Any, as_vera: Any
) -> None:
    job = make_checked_job(anna, connection, REPEATED)
    text = as_anna.get(url("job_repeats", job)).content.decode()
    assert text.count('<mark class="differs">') == 4
    masked = as_vera.get(url("job_repeats", job)).content.decode()
    assert "Anna" in text and "Anna" not in masked
    assert "Plan it this way" in text and "Plan it this way" not in masked
    as_anna.post(url("job_duplicates", job), {"rule": "merge", "check": job.check_version})
    job = fresh(job)
    assert job.destination is not None and job.destination.duplicates == "merge"
    assert "It was merged into row 4" in as_anna.get(url("job_row", job, 2)).content.decode()


def test_people_sent_before_are_told_and_left_out_on_a_word(anna: Any, connection: Any, as_anna: Any) -> None:
    make_done_job(anna, connection, REPEATED)
    job = make_checked_job(anna, connection, REPEATED.replace("b@example.com", "new@example.com"))
    text = as_anna.get(url("job_check", job)).content.decode()
    assert "2 rows of 3 are about people who went in an earlier import" in text and "1 person" in text
    as_anna.post(url("job_sent_before", job), {"skip": "any", "check": job.check_version})
    job = fresh(job)
    assert totals(job).pending == 1
    assert "This person went in an earlier import." in as_anna.get(url("job_row", job, 2)).content.decode()


def test_rows_that_failed_become_an_import_that_follows(anna: Any, connection: Any, as_anna: Any) -> None:
    done = make_done_job(anna, connection, BAD)
    answer = as_anna.post(url("job_follow", done), {"outcome": "invalid"})
    made = ImportJob.objects.get(follows=done)
    assert answer.url == url("job", made)
    as_anna.post(url("job_follow", done), {"outcome": "invalid"})
    assert ImportJob.objects.filter(follows=done).count() == 1, "a second press opens what is there"
    assert (made.state, made.rows) == (JobState.CHECKED, 3)
    text = as_anna.get(url("job_check", made)).content.decode()
    assert "These rows were in an earlier import and are sent once more" in text
    row = as_anna.get(url("job_row", made, 2)).content.decode()
    assert "This row was in an earlier import" in row
    number = bad_row_of(done)
    assert url("job_row", made, 2) in as_anna.get(url("job_row", done, number)).content.decode()


def bad_row_of(job: ImportJob) -> int:
    from imports.results import RowFilter, row_page

    return row_page(job, RowFilter("invalid"))[0][0].number


@pytest.mark.parametrize("outcome", ["unknown", "accepted", "", "x"])
def test_other_rows_are_not_sent_again(anna: Any, connection: Any, as_anna: Any, outcome: str) -> None:
    done = make_done_job(anna, connection, BAD)
    text = as_anna.post(url("job_follow", done), {"outcome": outcome}, follow=True).content.decode()
    assert "These rows cannot be sent again from here." in text
    assert ImportJob.objects.count() == 1


def test_a_file_that_came_back_is_recognised_and_brought_in(anna: Any, connection: Any, as_anna: Any) -> None:
    done = make_done_job(anna, connection, BAD)
    key = KeyRing().make(done.uuid, bad_row_of(done))
    back = make_job(
        anna, f"import_row_key,{HEAD}\n{key},daria@example.com,Daria,\n,new@example.com,New,\n", name="b.csv"
    )
    text = as_anna.get(url("job_file", back)).content.decode()
    assert "1 row of this file comes from an earlier import" in text and "1 row carries no key" in text
    assert as_anna.post(url("job_bring_in", back)).url == url("job_check", back)
    back = fresh(back)
    assert back.follows == done and totals(back).pending == 2


def test_bringing_in_what_is_not_recognised_says_so(anna: Any, connection: Any, as_anna: Any) -> None:
    job = make_job(anna)
    text = as_anna.post(url("job_bring_in", job), follow=True).content.decode()
    assert "No row of this file carries a key" in text


def test_rejected_rows_are_opened_with_what_the_platform_said(
    anna: Any, connection: Any, sandbox: Any, as_anna: Any
) -> None:
    sandbox.desk.change({"fail_every": 1, "fail_code": 1013, "fail_text": "incorrect date"})
    done = make_done_job(anna, connection, BAD)
    sandbox.desk.change({"reset": True})
    assert totals(done).rejected == 1
    as_anna.post(url("job_follow", done), {"outcome": "rejected", "code": "1013:incorrect date"})
    made = ImportJob.objects.get(follows=done)
    text = as_anna.get(url("job_fix", made)).content.decode()
    assert "Altcraft refused it the last time: 1013 incorrect date" in text and 'value="kamila@example.com"' in text
    as_anna.post(url("job_fix", made), {"check": made.check_version, "cell-2-1": "Camilla"})
    assert "Camilla" in as_anna.get(url("job_row", fresh(made), 2)).content.decode()
