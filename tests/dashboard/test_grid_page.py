"""Several people typed, or pasted, into a grid."""

import re
from typing import Any

from django.urls import reverse

from imports import actions
from imports.models import Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import JobState
from tests.factories import fresh

GRID = "/imports/form/several/"
HTMX = {"HX-Request": "true"}
NAMES = ["email", "phones", "_fname", "_lname"]
KAMILA = ["kamila@example.com", "8 900 000-00-01", "Kamila", "North"]
DARIA = ["daria@example.org", "", "Daria", ""]


def typed(account: Connection, rows: list[list[str]], *, names: list[str] = NAMES, **more: Any) -> dict[str, Any]:
    """The page as a browser posts it."""
    where = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    where |= {"duplicates": "last", "phone_region": "RU", "entry": "7b0e2d0c-95a5-4b55-9f4c-111111111111"}
    cells = {f"cell-{name}": [row[place] for row in rows] for place, name in enumerate(names)}
    return where | {"had": names, "columns": names} | cells | more


def grid_of(text: str) -> list[dict[str, str]]:
    """The cells of a page, row by row, by the names of their columns."""
    rows: list[dict[str, str]] = []
    for line in re.findall(r"<tr><th scope=\"row\".*?</tr>", text, re.S):
        inputs = re.findall(r'<input class="cell" name="cell-([^"]+)"[^>]* value="([^"]*)"', line)
        areas = re.findall(r'<textarea[^>]* name="cell-([^"]+)"[^>]*>\n(.*?)</textarea>', line, re.S)
        rows.append(dict(inputs + areas))
    return rows


def posted(browser: Any, given: dict[str, Any]) -> str:
    answer = browser.post(GRID, given, headers=HTMX)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_grid_begins_with_the_usual_columns_and_empty_rows(as_anna: Any, account: Connection) -> None:
    text = as_anna.get(GRID).content.decode()
    rows = grid_of(text)
    assert len(rows) == 5
    assert set(rows[0]) == set(NAMES)
    assert 'aria-labelledby="row-1 head-email"' in text
    assert 'id="column-card_number"' in text
    assert 'id="column-profile_id"' not in text
    assert 'id="column-subscriptions"' not in text


def test_people_become_one_import_with_the_numbers_of_their_rows(as_anna: Any, anna: Any, account: Connection) -> None:
    empty = ["", "", "", ""]
    answer = as_anna.post(GRID, typed(account, [KAMILA, empty, DARIA, empty, empty]))
    job = ImportJob.objects.get()
    assert answer.url == reverse("job_check", args=[job.uuid])
    assert (job.state, job.kind, job.rows, job.blank_rows) == (JobState.CHECKED, "form", 2, 1)
    assert [number for number, _text in actions.sample_profiles(job)] == [1, 3]
    assert as_anna.get(reverse("job_row", args=[job.uuid, 3])).status_code == 200
    assert "daria@example.org" in as_anna.get(reverse("job_row", args=[job.uuid, 3])).content.decode()


def test_faults_stand_beside_their_cells_and_nothing_is_lost(as_anna: Any, account: Connection) -> None:
    rows = [KAMILA, ["daria", "12", "Daria", ""], ["", "", "Oleg", ""]]
    answer = as_anna.post(GRID, typed(account, rows))
    text = answer.content.decode()
    assert answer.status_code == 422
    for cell in ("cell-2-email", "cell-2-phones", "cell-3-email"):
        assert re.search(rf'id="{cell}"[^>]*aria-invalid="true" aria-describedby="{cell}-fault"', text)
        assert f'<a href="#{cell}">' in text
        assert f'id="{cell}-fault"' in text
    assert 'id="cell-1-email"' in text
    assert not re.search(r'id="cell-1-email"[^>]*aria-invalid', text)
    assert re.findall(r'id="([^"]+)"[^>]* data-focus', text) == ["cell-2-email"]
    assert grid_of(text)[1] == dict(zip(NAMES, rows[1], strict=True))
    assert "<title>Error:" in text
    assert not ImportJob.objects.exists()


def test_an_empty_grid_and_one_without_an_account_are_told(as_anna: Any, account: Connection) -> None:
    answer = as_anna.post(GRID, typed(account, [["", "", "", ""]]))
    assert answer.status_code == 422
    assert "Nothing was filled in." in answer.content.decode()
    account.delete()
    assert "No Altcraft account is connected yet" in as_anna.get(GRID).content.decode()
    assert as_anna.post(GRID, {"cell-email": "kamila@example.com"}).status_code == 422


def test_rows_and_columns_come_and_go(as_anna: Any, account: Connection) -> None:
    more = posted(as_anna, typed(account, [KAMILA, DARIA], add_rows="1"))
    assert len(grid_of(more)) == 7
    assert re.search(r'id="cell-3-email"[^>]* data-focus', more)
    less = grid_of(posted(as_anna, typed(account, [KAMILA, DARIA], remove_row="1")))
    assert [row["email"] for row in less] == ["daria@example.org"]
    other = typed(account, [KAMILA], show="1") | {"columns": ["_lname", "points", "email"]}
    (row,) = grid_of(posted(as_anna, other))
    assert row == {"email": "kamila@example.com", "_lname": "North", "points": ""}


def test_the_field_people_are_found_by_is_always_a_column(as_anna: Any, account: Connection) -> None:
    found_by = {"operation": "update", "matching": "profile_id", "show": "1"}
    (row,) = grid_of(posted(as_anna, typed(account, [KAMILA], **found_by)))
    assert row["profile_id"] == ""
    found_by = {"matching": "custom", "match_field": "card_number", "show": "1"}
    (row,) = grid_of(posted(as_anna, typed(account, [KAMILA], **found_by)))
    assert row["card_number"] == ""


def test_pasted_cells_fill_right_and_down_from_their_cell(as_anna: Any, account: Connection) -> None:
    pasted = '"Kamila\nof the ""North"""\tNorth\r\nDaria\tEast\r\n'
    given = typed(account, [KAMILA, DARIA], pasted=pasted, paste="1", paste_row="1", paste_column="2")
    text = posted(as_anna, given)
    rows = grid_of(text)
    assert rows[0]["_fname"] == "Kamila"
    assert rows[1] == {"email": "daria@example.org", "phones": ""} | {
        "_fname": "Kamila\nof the &quot;North&quot;",
        "_lname": "North",
    }
    assert rows[2] == {"email": "", "phones": "", "_fname": "Daria", "_lname": "East"}
    assert re.search(r'id="cell-2-_fname"[^>]* data-focus', text)
    assert "2 rows were pasted" in text


def test_a_header_in_what_was_pasted_is_matched_first(as_anna: Any, account: Connection) -> None:
    pasted = "Имя\tПочта\tБаллы\tЗаметка\nОлег\toleg@example.com\t12\tx\nНина\tnina@example.org\t7\ty\n"
    asked = posted(as_anna, typed(account, [KAMILA], pasted=pasted, paste="1"))
    assert re.search(r'id="first-line"[^>]* checked', asked)
    assert len(grid_of(asked)) == 1
    chosen = [re.search(rf'name="pasted-field-{n}".*?</select>', asked, re.S) for n in range(4)]
    found = [re.findall(r'value="([^"]+)" selected', one[0]) for one in chosen if one]
    assert found[:2] == [["_fname"], ["email"]]
    place = {f"pasted-field-{n}": name for n, name in enumerate(("_fname", "email", "points", ""))}
    rows = grid_of(posted(as_anna, typed(account, [KAMILA], pasted=pasted, place="1", first_line="1", **place)))
    assert [row["email"] for row in rows] == ["kamila@example.com", "oleg@example.com", "nina@example.org"]
    assert [row["points"] for row in rows] == ["", "12", "7"]
    assert rows[1]["phones"] == ""


def test_what_cannot_be_pasted_stays_and_is_told(as_anna: Any, account: Connection) -> None:
    many = "".join(f"person{n}@example.com\n" for n in range(201))
    text = posted(as_anna, typed(account, [["", "", "", ""]], pasted=many, paste="1"))
    assert "201 rows were pasted" in text
    assert "person200@example.com" in text
    assert len(grid_of(text)) == 1
    twice = {"pasted-field-0": "email", "pasted-field-1": "email"}
    text = posted(as_anna, typed(account, [KAMILA], pasted="a\tb\n", place="1", **twice))
    assert "Two columns feed the same field" in text


def test_what_was_pasted_waits_while_other_buttons_are_pressed(as_anna: Any, account: Connection) -> None:
    table = {"pasted": "Имя\tПочта\nОлег\toleg@example.com\n"}
    chosen = table | {"pasted-field-0": "_lname", "pasted-field-1": "email", "first_line": "1"}
    text = posted(as_anna, typed(account, [KAMILA], **chosen, add_rows="1"))
    assert re.search(r'name="pasted-field-0".*?<option value="_lname" selected>', text, re.S)
    assert re.search(r'id="first-line"[^>]* checked', text)
    assert len(grid_of(text)) == 6
    text = posted(as_anna, typed(account, [KAMILA], **table, show="1"))
    assert "oleg@example.com</textarea>" in text.replace("\n</textarea>", "</textarea>")
    assert 'name="pasted-field-0"' not in text
    answer = as_anna.post(GRID, typed(account, [KAMILA], **table))  # the check does not pass it over
    assert 'name="pasted-field-0"' in answer.content.decode()
    assert not ImportJob.objects.exists()
    assert as_anna.post(GRID, typed(account, [KAMILA], **table, forget="1")).status_code == 200


def test_two_hundred_rows_are_one_import(as_anna: Any, account: Connection) -> None:
    rows = [[f"person{n}@example.com", "", "Oleg", ""] for n in range(1, 201)]
    assert as_anna.post(GRID, typed(account, rows)).status_code == 302
    assert totals(ImportJob.objects.get()).pending == 200


def test_the_same_page_sent_twice_is_one_import(as_anna: Any, account: Connection) -> None:
    first, second = (as_anna.post(GRID, typed(account, [KAMILA, DARIA])).url for _ in range(2))
    assert first == second
    assert ImportJob.objects.count() == 1
    as_anna.post(GRID, typed(account, [KAMILA]))  # gone back to, and changed
    assert ImportJob.objects.count() == 2


def test_the_order_of_day_and_month_is_that_of_the_whole_column(as_anna: Any, account: Connection) -> None:
    names = ["email", "_bdate"]
    rows = [["kamila@example.com", "03/04/1987"], ["daria@example.org", "25/12/1990"]]
    assert as_anna.post(GRID, typed(account, rows, names=names)).status_code == 302
    texts = [text for _row, text in actions.sample_profiles(ImportJob.objects.get())]
    assert '"_bdate":"1987-04-03"' in texts[0]
    answer = as_anna.post(GRID, typed(account, rows[:1], names=names))
    assert re.search(r'id="cell-1-_bdate"[^>]*aria-invalid="true"', answer.content.decode())


def test_history_and_titles_hold_nothing_that_was_typed(as_anna: Any, account: Connection) -> None:
    as_anna.post(GRID, typed(account, [KAMILA, DARIA]))
    kept = [f"{event.object_text} {event.details}" for event in HistoryEvent.objects.all()]
    assert {event.verb for event in HistoryEvent.objects.all()} >= {"job_created", "columns_mapped", "check_begun"}
    assert not any(name in text.casefold() for text in kept for name in ("kamila", "daria"))


def test_an_auditor_may_not_type(as_vera: Any) -> None:
    assert as_vera.get(GRID).status_code == 403
    assert as_vera.post(GRID).status_code == 403


def test_methods(as_anna: Any) -> None:
    assert as_anna.delete(GRID).status_code == 405


def test_the_import_shows_what_the_check_made_of_it(as_anna: Any, anna: Any, account: Connection) -> None:
    as_anna.post(GRID, typed(account, [KAMILA, KAMILA]))
    job = ImportJob.objects.get()
    assert totals(job).set_aside == 1
    actions.start_job(job, by=anna)
    actions.drain(job.pk)
    assert totals(fresh(job)).accepted == 1
    assert "row 2 of the form" in as_anna.get(reverse("job_row", args=[job.uuid, 2])).content.decode()
