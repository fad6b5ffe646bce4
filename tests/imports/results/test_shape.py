"""A file that is unlike the last ones is told, with the numbers; a preset's rule holds it back."""

from typing import Any

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob, Preset
from imports.results import asks_before_sending, headers_sign, shape_findings
from tests.factories import fresh, make_checked_job, make_job

HEAD = "E-mail,First name,Phone\n"


def people(rows: int, *, phones: float = 1.0, wrong: float = 0.0) -> str:
    lines = []
    for n in range(rows):
        address = "nobody" if n < wrong * rows else f"p{n}@example.com"
        lines.append(f"{address},Kamila,{'+7900' + str(1_000_000 + n) if n < phones * rows else ''}\n")
    return HEAD + "".join(lines)


def sent(by: Any, account: Connection, text: str) -> ImportJob:
    return actions.start_job(make_checked_job(by, account, text), by=by)


def told(job: ImportJob) -> list[tuple[str, str]]:
    return [(one.code, one.header) for one in shape_findings(fresh(job))]


def test_the_first_file_has_nothing_to_be_compared_with(anna: Any, account: Connection) -> None:
    assert told(make_checked_job(anna, account, people(5))) == []


def test_a_file_like_the_last_ones_is_not_odd(anna: Any, account: Connection) -> None:
    for rows in (90, 100, 110):
        sent(anna, account, people(rows))
    assert told(make_checked_job(anna, account, people(70, phones=0.9, wrong=0.03))) == []


def test_far_fewer_rows_are_told_with_the_usual_numbers(anna: Any, account: Connection) -> None:
    for rows in (90, 100, 110):
        sent(anna, account, people(rows))
    found = shape_findings(make_checked_job(anna, account, people(30)))
    assert [(one.code, one.low, one.high, one.now, one.files) for one in found] == [("shape_rows", 90, 110, 30, 3)]


def test_emptier_columns_and_more_wrong_values_are_told_by_column(anna: Any, account: Connection) -> None:
    for rows in (90, 100, 110):
        sent(anna, account, people(rows))
    found = shape_findings(make_checked_job(anna, account, people(100, phones=0.5, wrong=0.2)))
    assert [(one.code, one.column, one.now) for one in found] == [("shape_filled", 2, 0.5), ("shape_wrong", 0, 0.2)]


def test_before_the_check_wrong_values_are_not_judged(anna: Any, account: Connection) -> None:
    sent(anna, account, people(100))
    job = make_job(anna, people(100, wrong=0.5))
    ImportJob.objects.filter(pk=job.pk).update(connection=account)
    assert told(job) == []


def test_files_of_other_columns_or_other_people_are_not_compared(anna: Any, boris: Any, account: Connection) -> None:
    sent(boris, account, people(500))
    sent(anna, account, "E-mail\n" + "".join(f"p{n}@example.com\n" for n in range(500)))
    assert told(make_checked_job(anna, account, people(10))) == []


def test_a_presets_rule_holds_an_odd_file_until_somebody_has_looked(anna: Any, account: Connection) -> None:
    usual = make_checked_job(anna, account, people(100))
    mapping = ColumnMapping((ColumnTarget(0, "E-mail", "email"),))
    choices = {"connection": account, "destination": Destination(1), "mapping": mapping, "by": anna}
    preset = actions.save_preset(usual, name="Letter", shared=True, **choices)
    actions.start_job(fresh(usual), by=anna)
    odd = make_checked_job(anna, account, people(10))
    ImportJob.objects.filter(pk=odd.pk).update(preset=preset)
    assert told(odd) == [("shape_rows", "")] and not asks_before_sending(fresh(odd))
    Preset.objects.update(stop_when_odd=True)
    assert asks_before_sending(fresh(odd))
    with pytest.raises(actions.Refused, match="shape_asks"):
        actions.start_job(fresh(odd), by=anna)
    actions.start_job(fresh(odd), by=anna, shape_seen=True)


def test_files_whose_rows_were_destroyed_are_still_compared_with(anna: Any, boris: Any, account: Connection) -> None:
    for rows in (90, 100, 110):
        job = sent(anna, account, people(rows))
        actions.drain(job.pk)
        actions.destroy_by_hand(job, by=boris, reason="now")
        assert fresh(job).headers == []

    assert told(make_checked_job(anna, account, people(70))) == []
    assert told(make_checked_job(anna, account, people(100, phones=0.1))) == [("shape_filled", "Phone")]
    assert told(make_checked_job(anna, account, people(300))) == [("shape_rows", "")]


def test_nothing_of_headers_can_be_read_from_what_stays(anna: Any, account: Connection) -> None:
    job = make_job(anna, "kamila@example.com,Kamila\ndaria@example.org,Daria\n")

    assert len(job.headers_sign) == 32 and job.headers_sign != make_job(anna, people(2)).headers_sign
    assert job.headers_sign not in {headers_sign([]), headers_sign(job.headers[:1])}
