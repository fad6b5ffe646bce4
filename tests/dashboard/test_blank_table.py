"""An empty table to begin with: what it holds is understood when it comes back filled in."""

import io
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override

from dashboard.blanktable import as_text, columns_of, example_of, note_of
from imports import actions
from imports.destination import Destination
from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, TargetField, guess_targets
from imports.results import totals
from tests.factories import fresh, make_connection, make_job

BLANK = "/imports/blank/"
FIELDS = columns_of(SYSTEM_FIELDS)


@pytest.fixture
def place(sandbox: Any) -> str:
    connection = make_connection(sandbox)
    return f"{connection.pk}-{connection.part('databases')[0]['id']}"


def test_the_page_offers_databases_and_the_usual_fields(as_anna: Any, place: str) -> None:
    text = as_anna.get("/imports/new/").content.decode()
    assert f'<option value="{place}"' in text
    assert "Any, with the usual fields" in text


def test_a_workbook_has_the_fields_of_the_database_and_tells_how_they_are_written(as_anna: Any, place: str) -> None:
    answer = as_anna.get(BLANK, {"place": place, "form": "xlsx"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="people.xlsx"'
    people, told = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets
    headers = [cell.value for cell in people[1]]
    assert headers[:3] == ["E-mail", "Phone", "First name"]
    assert [cell.number_format for cell in people[2]] == ["@"] * len(headers)
    lines = list(told.iter_rows(min_row=2, values_only=True))
    assert [line[0] for line in lines] == headers
    assert ("Points", "points", "whole number", None) in [(*line[:3], None) for line in lines] or len(lines) > len(
        FIELDS
    )


@pytest.mark.parametrize("asked", [{}, {"place": "9-9"}, {"place": "nonsense", "form": "pdf"}])
def test_a_database_that_is_not_there_gives_the_fields_every_database_has(as_anna: Any, asked: Any) -> None:
    people = openpyxl.load_workbook(io.BytesIO(as_anna.get(BLANK, asked).getvalue())).worksheets[0]
    assert [cell.value for cell in people[1]][0] == "E-mail"
    assert people.max_column == len(FIELDS)


def test_the_text_opens_in_spreadsheet_programs(as_anna: Any) -> None:
    content = as_anna.get(BLANK, {"form": "csv"}).getvalue()
    assert content.startswith("\ufeffE-mail;Phone;First name;".encode())


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_header_is_recognised_and_the_example_passes_the_check(language: str, sandbox: Any, anna: Any) -> None:
    with override(language):
        job = make_job(anna, as_text(FIELDS).decode("utf-8-sig"))
    guessed = [guess.field for guess in guess_targets(job.headers, [], FIELDS)]
    assert guessed == [field.name for field in FIELDS]
    mapping = ColumnMapping(
        tuple(ColumnTarget(place, header, guessed[place]) for place, header in enumerate(job.headers))
    )
    connection = make_connection(sandbox)
    destination = Destination(connection.part("databases")[0]["id"], phone_region="RU")
    actions.map_columns(job, connection=connection, destination=destination, mapping=mapping, by=anna)
    actions.begin_check(fresh(job), by=anna)
    actions.drain(job.pk)
    assert totals(fresh(job)).invalid == 0


def test_a_list_gives_its_first_value_and_names_them_all() -> None:
    level = TargetField("level", Kind.ENUM, "Level", options=("gold", "silver"))
    assert (example_of(level), note_of(level)) == ("gold", "One of: gold; silver.")
