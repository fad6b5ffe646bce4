"""Bad rows as a workbook in the file's own columns, mended in any order and brought back: the same rows, no doubles."""

import io
from typing import Any

import openpyxl
import pytest

from imports import actions
from imports.models import ImportJob
from imports.results import totals
from imports.rowkeys import KeyRing
from tests.factories import fresh, make_connection, make_done_job

HEAD = "E-mail,First name,Phone"
PEOPLE = f"{HEAD}\nkamila@example.com,Kamila,\nbroken,Daria,\nolga@ex,=1+2,+7 900 1\nrita,Rita,\n"


@pytest.fixture
def done(anna: Any, sandbox: Any) -> ImportJob:
    return make_done_job(anna, make_connection(sandbox), PEOPLE)


def workbook_of(job: ImportJob, by: Any) -> Any:
    content = b"".join(actions.download_rows(job, only="problems", form="xlsx", by=by))
    return openpyxl.load_workbook(io.BytesIO(content))


def brought_back(book: Any, by: Any) -> ImportJob:
    stored = io.BytesIO()
    book.save(stored)
    job = actions.create_job(chunks=[stored.getvalue()], name="mended.xlsx", by=by)
    actions.read_job(job.pk)
    return fresh(job)


def test_the_workbook_has_the_files_columns_marks_and_hidden_keys(done: ImportJob, anna: Any) -> None:
    sheet = workbook_of(done, anna).active
    header = [cell.value for cell in sheet[1]]
    assert header[:3] == HEAD.split(",") and header[-1] == "import_row_key"
    keys = [sheet.cell(row, len(header)).value for row in range(2, sheet.max_row + 1)]
    assert [KeyRing().read(key) for key in keys] == [(done.uuid, number) for number in (3, 4, 5)]
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(len(header))].hidden
    fills = [sheet.cell(3, column).fill.fgColor.rgb for column in (1, 2, 3)]
    assert fills[0] == fills[2] != fills[1], "the address and the phone stand out, the name does not"
    assert sheet.cell(3, 2).data_type == "s" and sheet.cell(3, 2).value == "=1+2"
    assert not any("@" in key or "Rita" in key for key in keys)


def test_mended_rows_come_back_sorted_thinned_and_with_a_column_more(done: ImportJob, anna: Any) -> None:
    book = workbook_of(done, anna)
    sheet = book.active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    kept = [rows[2], rows[0]]
    kept[0][0], kept[1][0] = "rita@example.com", "daria@example.com"
    sheet.delete_rows(2, 9)
    for row in kept:
        sheet.append(row)
    sheet.insert_cols(1)
    sheet.cell(1, 1, "note")
    back = actions.bring_in_as_follow_up(brought_back(book, anna), by=anna)
    assert back.follows == done
    assert [target.header for target in back.mapping.targets] == HEAD.split(",")
    actions.begin_check(back, by=anna)
    actions.drain(back.pk)
    actions.start_job(fresh(back), by=anna)
    actions.drain(back.pk)
    assert totals(fresh(back)).accepted == 2
    assert [row for _, row in actions.later_rows(done, 3)] == [3]


def test_the_same_file_brought_in_twice_reaches_nobody_twice(done: ImportJob, anna: Any) -> None:
    book = workbook_of(done, anna)
    book.active.cell(2, 1, "daria@example.com")
    sent = [_sent(brought_back(book, anna), anna) for _ in range(2)]
    assert [totals(job).accepted for job in sent] == [1, 0]
    assert totals(sent[1]).set_aside == 1


def test_bad_rows_of_a_follow_up_go_the_same_way_again(done: ImportJob, anna: Any) -> None:
    first = _sent(brought_back(workbook_of(done, anna), anna), anna)
    book = workbook_of(first, anna)
    header = [cell.value for cell in book.active[1]]
    assert header.count("import_row_key") == 1 and header.count("outcome") == 1
    found = actions.recognise(brought_back(book, anna))
    assert found is not None and found.original == first


def test_corrected_values_go_into_downloads_which_say_so(done: ImportJob, anna: Any) -> None:
    first = actions.bring_in_as_follow_up(brought_back(workbook_of(done, anna), anna), by=anna)
    actions.begin_check(first, by=anna)
    actions.drain(first.pk)
    first = fresh(first)
    actions.correct_cells(first, {(2, 1): "Darya"}, seen=first.check_version, by=anna)
    actions.drain(first.pk)
    sheet = workbook_of(fresh(first), anna).active
    row = [cell.value for cell in sheet[2]]
    assert row[1] == "Darya" and "Corrected here, otherwise than in the file: B." in row[6]


def _sent(job: ImportJob, by: Any) -> ImportJob:
    actions.bring_in_as_follow_up(job, by=by)
    actions.begin_check(fresh(job), by=by)
    actions.drain(job.pk)
    if totals(fresh(job)).pending:
        actions.start_job(fresh(job), by=by)
        actions.drain(job.pk)
    return fresh(job)
