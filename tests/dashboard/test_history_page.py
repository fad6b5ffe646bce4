"""Who did what: of one import, of everything, as a file."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dashboard.presenting.journal import told
from dashboard.presenting.verbs import VERBS
from imports.history import record
from imports.models import Connection, HistoryEvent, ImportJob, Person, Team
from tests.dashboard.test_results_page import FILE
from tests.factories import make_done_job, make_uploaded_job

HISTORY = "/history/"


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def timeline_of(client: Any, job: ImportJob, **asked: str) -> str:
    return text_of(client.get(reverse("job_history", args=[job.uuid]), asked))


def test_an_imports_history_is_told_in_words_from_upload_to_end(as_vera: Any, anna: Any, account: Connection) -> None:
    text = timeline_of(as_vera, make_done_job(anna, account, FILE))
    said = [
        "anna brought in the file",
        "The file was read",
        "anna matched the columns",
        "anna started the check",
        "The check finished",
        "anna pressed Send",
        "Batch 1 was answered",
        "The import finished",
    ]
    places = [text.index(sentence) for sentence in said]
    assert places == sorted(places)
    assert "3 accepted, 1 failed our check, 1 set aside" in text


def test_history_never_shows_a_cell(as_anna: Any, as_vera: Any, anna: Any, account: Connection) -> None:
    job = make_done_job(anna, account, FILE)
    as_anna.get(reverse("job_row", args=[job.uuid, 6]))
    for text in (timeline_of(as_vera, job), text_of(as_vera.get(HISTORY, {"all": "1"}))):
        assert "looked at row 6" in text
        for cell in ("kamila", "Daria", "igor@", "+7900", "no address"):
            assert cell not in text


def test_batches_answered_in_a_row_are_one_entry(as_anna: Any, anna: Any) -> None:
    job = make_uploaded_job(anna)
    for number in range(1200):
        record("batch_answered", job=job, batch=number, rows=10)
    first = timeline_of(as_anna, job)
    assert "199 batches were answered" in first
    assert "1,990 rows" in first
    after = HistoryEvent.objects.of_job(job.pk)[199].pk
    assert f'href="?after={after}"' in first
    assert "200 batches were answered" in timeline_of(as_anna, job, after=str(after))


def test_every_verb_the_domain_writes_has_its_words() -> None:
    written = {
        *("job_created", "options_chosen", "file_read", "file_refused", "columns_mapped", "check_begun"),
        *("check_finished", "sending_started", "batch_answered", "batch_refused", "batch_split", "batch_held"),
        *("batch_unknown", "batch_ready", "late_answer", "job_held", "job_needs_decision", "job_resumed"),
        *("job_cancelled", "job_done", "sum_does_not_close", "batch_decided", "row_viewed", "rows_downloaded"),
        *("history_exported", "connection_added", "connection_changed", "connection_tested"),
    }
    assert written <= VERBS.keys()


@pytest.mark.parametrize("verb", [*VERBS, "something_new"])
def test_an_event_without_its_details_breaks_no_page(verb: str) -> None:
    entry = told(HistoryEvent(verb=verb, at=timezone.now()))
    assert entry.title
    assert "%(" not in entry.title + entry.text


def test_the_newest_events_come_first_and_pages_are_cut_by_id(as_anna: Any, anna: Any) -> None:
    for number in range(60):
        record("row_viewed", by=anna, about="people.csv", row=number)
    first = text_of(as_anna.get(HISTORY))
    assert first.index("row 59") < first.index("row 10")
    assert "looked at row 9<" not in first
    oldest = HistoryEvent.objects.newest_first()[49].pk
    assert f'href="?before={oldest}"' in first
    assert "looked at row 9<" in text_of(as_anna.get(HISTORY, {"before": str(oldest)}))


def test_the_history_is_narrowed_by_person_kind_import_and_day(as_anna: Any, anna: Any, boris: Any) -> None:
    mine, other = make_uploaded_job(anna, name="mine.csv"), make_uploaded_job(boris, name="other.csv")
    record("row_viewed", by=anna, job=mine, row=2)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    cases: list[tuple[dict[str, str], bool, bool]] = [
        ({"person": str(anna.pk)}, True, False),
        ({"person": "nobody"}, True, True),
        ({"person": "0"}, False, False),
        ({"about": "mine"}, True, False),
        ({"about": str(other.pk)}, False, True),
        ({"about": "9" * 30}, False, False),
        ({"verb": "topic-looking"}, True, False),
        ({"verb": "topic-nothing"}, True, True),
        ({"verb": "row_viewed"}, True, False),
        ({"job": str(other.uuid)}, False, True),
        ({"job": "no-uuid"}, True, True),
        ({"since": timezone.localdate().isoformat()}, True, True),
        ({"until": yesterday}, False, False),
        ({"since": "not a day"}, True, True),
    ]
    for asked, has_mine, has_other in cases:
        text = text_of(as_anna.get(HISTORY, asked))
        assert ("mine.csv" in text, "other.csv" in text) == (has_mine, has_other), asked


def test_batches_that_went_well_are_left_out_and_that_is_said(as_anna: Any, anna: Any) -> None:
    record("batch_answered", job=make_uploaded_job(anna), batch=7, rows=10)
    calm = text_of(as_anna.get(HISTORY))
    assert "Batch 7 was answered" not in calm
    assert "left out here" in calm
    for asked in ({"all": "1"}, {"verb": "batch_answered"}):
        assert "Batch 7 was answered" in text_of(as_anna.get(HISTORY, asked))


@pytest.mark.parametrize("who", ["as_boris", "as_vera"])
def test_admins_and_auditors_take_it_away_as_csv(request: pytest.FixtureRequest, anna: Any, who: str) -> None:
    client = request.getfixturevalue(who)
    make_uploaded_job(anna, name="=HYPERLINK(1).csv")
    record("batch_answered", batch=7, rows=10)
    answer = client.get(HISTORY, {"form": "csv"})
    assert answer["Content-Disposition"].startswith('attachment; filename="history-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0] == ["Time (UTC)", "Who", "Verb", "What happened", "Object", "Details", "Number", "Hash"]
    verbs = [line[2] for line in lines[1:]]
    if connection.vendor == "sqlite":  # on PostgreSQL links are made as the transaction of this test ends
        assert lines[-1][-2:] == lines[1][-2:]
        assert (verbs.pop(), len(json.loads(lines[-1][5])["seal"])) == ("history_head", 64)
    assert verbs[0] == "history_exported"
    assert {"batch_answered", "job_created"} <= set(verbs)
    assert next(line[4] for line in lines if line[2] == "job_created").startswith("'=")


def test_who_sees_one_team_reads_and_takes_away_that_teams_history(as_vera: Any, vera: Any, anna: Any) -> None:
    mine, other = make_uploaded_job(anna, name="mine.csv"), make_uploaded_job(anna, name="other.csv")
    other.team = Team.objects.create(name="Elsewhere")
    other.save(update_fields=["team"])
    every = text_of(as_vera.get(HISTORY, {"team": str(other.team_id)}))
    assert ("mine.csv" in every, "other.csv" in every) == (False, True)
    Person.objects.filter(user=vera).update(every_team=False, team=mine.team_id)
    for asked in ({}, {"team": str(other.team_id)}, {"job": str(other.uuid)}):
        assert "other.csv" not in text_of(as_vera.get(HISTORY, asked))
    taken = b"".join(as_vera.get(HISTORY, {"form": "csv"}).streaming_content).decode()
    assert ("mine.csv" in taken, "other.csv" in taken) == (True, False)


def test_days_are_those_of_the_readers_own_clock(as_anna: Any, anna: Any) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    HistoryEvent.objects.create(verb="row_viewed", actor_id=anna.pk, actor_name="anna", at=late, details={"row": 77})
    session = as_anna.session
    session["zone"] = "Europe/Moscow"
    session.save()
    for day, there in (("2026-03-01", False), ("2026-03-02", True)):
        assert ("row 77" in text_of(as_anna.get(HISTORY, {"since": day, "until": day}))) is there


def test_a_marketer_does_not_take_it_away(as_anna: Any) -> None:
    assert "form=csv" not in text_of(as_anna.get(HISTORY))
    assert as_anna.get(HISTORY, {"form": "csv"}).status_code == 403


def test_the_whole_history_costs_few_questions(as_anna: Any, anna: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(50):
        record("row_viewed", by=anna, job=make_uploaded_job(anna) if number < 3 else None, row=number)
    with django_assert_max_num_queries(11):
        as_anna.get(HISTORY)


def test_a_stranger_and_a_wrong_method_are_refused(client: Any, as_anna: Any, anna: Any) -> None:
    job = make_uploaded_job(anna)
    for page in (HISTORY, reverse("job_history", args=[job.uuid])):
        assert reverse("login") in client.get(page)["Location"]
        assert as_anna.post(page).status_code == 405


@pytest.mark.parametrize(("broken", "said"), [(0, "The record is intact: 3 events"), (1, "not as it was written")])
def test_the_last_look_at_the_chain_is_told(as_vera: Any, broken: int, said: str) -> None:
    assert "record is intact" not in text_of(as_vera.get(HISTORY))
    record("history_verified", events=3, heads=1, broken=broken, kind="edited", number=2)
    assert said in text_of(as_vera.get(HISTORY))
