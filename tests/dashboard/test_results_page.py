"""Step 5: the verdict, the closed sum, the reasons, the rows and the downloads."""

import csv
import io
import re
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from imports import actions
from imports.models import Connection, HistoryEvent, ImportJob
from imports.results import RowFilter, row_page, totals, totals_of
from tests.factories import (
    fresh,
    make_checked_job,
    make_connection,
    make_done_job,
    make_job,
    make_sending_job,
    make_uploaded_job,
)

HEADER = "E-mail,First name,Phone\n"
FILE = (
    HEADER
    + "kamila@example.com,Kamila,+79000000001\n"
    + "no address,=1+1,+79000000002\n"
    + "kamila@example.com,Kamila again,+79000000003\n"
    + "daria@example.org,Daria,+79000000004\n"
    + "igor@example.org,Igor,8 900 000 00 05\n"
)


@pytest.fixture
def job(anna: Any, account: Connection, sandbox: Any) -> ImportJob:
    """Row 2 set aside, row 3 invalid, row 5 rejected, rows 4 and 6 accepted."""
    sandbox.desk.change({"fail_every": 2})
    return make_done_job(anna, account, FILE)


def address(job: ImportJob, page: str = "job_results") -> str:
    return reverse(page, args=[job.uuid])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def taken(answer: Any) -> bytes:
    """A download to its end, which closes it."""
    return b"".join(answer.streaming_content)


def rows_of(text: str) -> list[int]:
    """The row numbers listed in the table of rows."""
    return [int(found) for found in re.findall(r'rows/(\d+)/[^"]*">\d+</a></th>', text.partition('id="rows"')[2])]


def test_the_verdict_is_said_first_and_the_sum_has_closed(as_anna: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job)))
    assert "<b>2 profiles were accepted</b>, 1 was rejected" in text
    assert "sumline closed" in text
    assert "all 5 rows are accounted for" in text
    assert "no-store" in as_anna.get(address(job))["Cache-Control"]


def test_reasons_say_the_code_the_platforms_words_and_ours(as_anna: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job)))
    assert "Why 1 was rejected" in text
    assert "1011 Incorrect phone" in text
    assert "Why 1 did not pass our check" in text
    assert "Column A “E-mail”." in text


def test_every_row_is_listed_with_its_cells_and_answer(as_anna: Any, job: ImportJob) -> None:
    text = text_of(as_anna.get(address(job)))
    assert rows_of(text) == [2, 3, 4, 5, 6]
    for cell in ("kamila@example.com", "no address", "Daria", "has the same key and is sent instead"):
        assert cell in text


# what is asked -> the rows listed
FOUND: list[tuple[dict[str, str], list[int]]] = [
    ({"outcome": "accepted"}, [4, 6]),
    ({"outcome": "rejected"}, [5]),
    ({"outcome": "invalid"}, [3]),
    ({"outcome": "aside"}, [2]),
    ({"outcome": "set_aside"}, [2]),
    ({"outcome": "unknown"}, []),
    ({"outcome": "pending"}, []),
    ({"outcome": "notsent"}, []),
    ({"outcome": "rejected", "code": "1011:Incorrect phone"}, [5]),
    ({"outcome": "rejected", "code": "1011:Other words"}, []),
    ({"outcome": "invalid", "code": "email_invalid@0"}, [3]),
    ({"outcome": "invalid", "code": "email_invalid@2"}, []),
    ({"outcome": "nonsense"}, [2, 3, 4, 5, 6]),
    ({"after": "4"}, [5, 6]),
    ({"before": "4"}, [2, 3]),
    ({"after": "x"}, [2, 3, 4, 5, 6]),
    ({"q": "5"}, [5]),
    ({"q": "DARIA@example.org"}, [5]),
    ({"q": "+7 900 000-00-05"}, [6]),
    ({"q": "nobody@example.org"}, []),
    ({"q": "1"}, []),
]


def test_rows_are_found_by_outcome_reason_place_and_whole_value(as_anna: Any, job: ImportJob) -> None:
    for asked, rows in FOUND:
        assert rows_of(text_of(as_anna.get(address(job), asked))) == rows, asked


def test_pages_of_rows_lead_on_and_back(as_anna: Any, anna: Any, account: Connection) -> None:
    people = "".join(f"person{number}@example.com,P,\n" for number in range(120))
    text = text_of(as_anna.get(address(make_done_job(anna, account, HEADER + people))))
    assert "Rows 2–51" in text
    assert "?after=51#rows" in text
    assert "before=" not in text


def test_a_wide_file_keeps_the_matched_columns_and_counts_the_others(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    wide = ",".join([f"Extra {number}" for number in range(9)] + ["E-mail"])
    cells = ",".join([f"cell{number}" for number in range(9)] + ["wide@example.com"])
    text = text_of(as_anna.get(address(make_done_job(anna, account, f"{wide}\n{cells}\n"))))
    assert "wide@example.com" in text
    assert "cell0" in text
    assert "cell8" not in text
    assert "4 more columns are on the page of each row" in text


def test_a_running_import_shows_what_is_so_far(as_anna: Any, anna: Any, account: Connection) -> None:
    text = text_of(as_anna.get(address(make_sending_job(anna, account, FILE))))
    assert "This import has not ended yet." in text
    assert "3 still wait" in text


def test_before_sending_there_are_no_results(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, FILE)
    assert as_anna.get(address(job))["Location"] == address(job, "job")


def test_an_import_stopped_before_it_was_read_has_nothing_to_show_and_breaks_nothing(as_anna: Any, anna: Any) -> None:
    job = make_uploaded_job(anna, FILE)
    actions.cancel_job(job, by=anna)
    text = text_of(as_anna.get(address(job)))
    assert "No profile was accepted" in text
    assert rows_of(text) == []


def test_an_import_stopped_before_it_was_checked_still_adds_up(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna, FILE)
    actions.cancel_job(job, by=anna)
    text = text_of(as_anna.get(address(job)))
    assert "5 were not sent" in text
    assert "sumline closed" in text
    assert rows_of(text) == [2, 3, 4, 5, 6]


def test_problem_rows_as_xlsx_hold_text_only(as_anna: Any, job: ImportJob) -> None:
    answer = as_anna.get(address(job, "job_download"), {"only": "problems", "form": "xlsx"})
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "people-problems.xlsx" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    sheet = openpyxl.load_workbook(io.BytesIO(taken(answer))).active
    assert sheet is not None
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[0] == [
        "E-mail",
        "First name",
        "Phone",
        *(["row_number", "outcome", "error_code", "error_text", "profile_id", "import_row_key"]),
    ]
    assert [line[3] for line in lines[1:]] == ["3", "5"]
    assert lines[1][1] == "=1+1"
    assert sheet["B2"].data_type == "s"
    assert lines[2][5:7] == ["1011", "Incorrect phone"]


def test_all_rows_as_csv_start_no_formula(as_anna: Any, job: ImportJob) -> None:
    answer = as_anna.get(address(job, "job_download"), {"form": "csv"})
    text = taken(answer).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert [line[3] for line in lines[1:]] == ["2", "3", "4", "5", "6"]
    assert lines[2][1] == "'=1+1"


def test_downloads_are_recorded(as_anna: Any, anna: Any, job: ImportJob) -> None:
    taken(as_anna.get(address(job, "job_download"), {"only": "problems", "form": "csv"}))
    event = HistoryEvent.objects.newest_first().first()
    assert event is not None
    assert (event.verb, event.actor_id, event.details) == ("rows_downloaded", anna.pk, {"what": "problems", "rows": 2})


def test_a_download_nobody_offers_is_refused(as_anna: Any, job: ImportJob) -> None:
    for asked in ({"form": "exe"}, {"only": "everything"}, {"form": "../x"}):
        assert as_anna.get(address(job, "job_download"), asked).status_code == 400


def test_an_auditor_reads_masked_cannot_search_people_nor_download(as_vera: Any, job: ImportJob) -> None:
    text = text_of(as_vera.get(address(job)))
    for secret in ("kamila@example.com", "Daria", "+79000000004", "no address"):
        assert secret not in text
    assert "k•••@e•••.com" in text
    assert address(job, "job_download") not in text
    assert rows_of(text_of(as_vera.get(address(job), {"q": "5"}))) == [5]
    assert rows_of(text_of(as_vera.get(address(job), {"q": "daria@example.org"}))) == []
    assert as_vera.get(address(job, "job_download")).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: Any, job: ImportJob) -> None:
    for page in ("job_results", "job_download"):
        assert reverse("login") in client.get(address(job, page))["Location"]


def test_a_person_without_a_role_is_refused(client: Any, job: ImportJob, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create(username="nobody"))
    for page in ("job_results", "job_download"):
        assert client.get(address(job, page)).status_code == 403


def test_the_wrong_method_is_refused(as_anna: Any, job: ImportJob) -> None:
    for page in ("job_results", "job_download"):
        assert as_anna.post(address(job, page)).status_code == 405


def test_sums_of_many_jobs_equal_the_sum_of_each(
    anna: Any, account: Connection, job: ImportJob, django_assert_num_queries: Any
) -> None:
    stopped = make_sending_job(anna, account, FILE)
    actions.cancel_job(stopped, by=anna)
    jobs = [job, fresh(stopped), make_checked_job(anna, account, FILE), make_sending_job(anna, account, FILE)]
    with django_assert_num_queries(2):
        found = totals_of(jobs)
    assert found == {one.pk: totals(one) for one in jobs}
    assert all(sums.closes for sums in found.values())


def test_a_filter_opens_only_slices_that_can_hold_such_rows(
    anna: Any, account: Connection, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = type(job.vault).get
    monkeypatch.setattr(type(job.vault), "get", lambda vault, name: opened.append(name) or real(vault, name))
    for outcome in ("unknown", "not_sent", "pending"):
        assert row_page(job, RowFilter(outcome)) == ([], False)
    assert row_page(job, RowFilter("rejected", "1011", "Other words")) == ([], False)
    assert opened == []


def test_an_answer_the_documents_do_not_list_is_said_to_be_so(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    sandbox.desk.change({"fail_every": 2, "fail_code": 440, "fail_text": "Something else"})
    job = make_done_job(anna, account)
    text = unescape(as_anna.get(f"/imports/{job.uuid}/results/").content.decode())
    assert "Altcraft's documents do not list this code; the words beside it are the platform's own." in text


def test_an_answer_a_probe_has_seen_is_explained_by_it(as_anna: Any, anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    seen = [["batch", "probe_not_found", {"error": "440", "text": "Something else"}]]
    account.findings = {"not_found": {"at": "2026-11-22T10:00:00+00:00", "by": "", "seen": seen, "database": 1}}
    account.save()
    sandbox.desk.change({"fail_every": 2, "fail_code": 440, "fail_text": "Something else"})
    job = make_done_job(anna, account)
    text = unescape(as_anna.get(f"/imports/{job.uuid}/results/").content.decode())
    assert "the same answer for people who are not found" in text
