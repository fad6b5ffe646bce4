"""The dictionary of answers: what nobody has explained is asked about, and what is written is shown where it helps."""

from typing import Any

import pytest
from django.urls import reverse

from imports import actions
from imports.models import Connection, ErrorNote, HistoryEvent, ImportJob, RefusalTally
from tests.factories import make_connection, make_done_job, make_job

HEAD = "E-mail,First name,Phone\n"
WORDS = {"title_en": "The card is too short.", "advice_en": "Add the zeros.", "title_ru": "", "advice_ru": ""}


@pytest.fixture
def account(sandbox: Any) -> Connection:
    return make_connection(sandbox)


@pytest.fixture
def refused(anna: Any, account: Connection, sandbox: Any) -> ImportJob:
    """Of six rows three are refused with 1011 Incorrect phone."""
    sandbox.desk.change({"fail_every": 2})
    return make_done_job(anna, account, HEAD + "".join(f"p{n}@example.com,P,\n" for n in range(6)))


def tallied(anna: Any, code: str, text: str, rows: int, *, ended_at: str = "2026-11-20T10:00:00Z") -> RefusalTally:
    return RefusalTally.objects.create(job=make_job(anna), code=code, text=text, rows=rows, ended_at=ended_at)


@pytest.mark.django_db(transaction=True)
def test_an_import_leaves_a_tally_of_its_refusals(refused: ImportJob) -> None:
    [tally] = refused.refusals.all()

    assert (tally.code, tally.text, tally.rows, tally.ended_at) == ("1011", "Incorrect phone", 3, tally.ended_at)


def test_unknown_answers_wait_in_a_queue_with_their_counts(as_boris: Any, anna: Any) -> None:
    tallied(anna, "1234", "Card …", 400)
    tallied(anna, "1234", "Card …", 12)
    tallied(anna, "1011", "Incorrect phone", 9)

    page = as_boris.get("/answers/").text

    queue = page.split('id="h-notes"')[0]
    assert "1234" in queue and "412" in queue and "Card …" in queue
    assert "Incorrect phone" not in queue, "the documents explain it"


def test_what_an_admin_writes_takes_it_from_the_queue(as_boris: Any, anna: Any) -> None:
    tallied(anna, "1234", "Card is short", 400)

    assert as_boris.post("/answers/new/", WORDS | {"code": "1234", "pattern": "card"}).url == "/answers/"

    page = as_boris.get("/answers/").text
    assert "Every answer that came has its explanation." in page
    assert "The card is too short." in page
    event = HistoryEvent.objects.get(verb="note_written")
    assert (event.actor_name, event.object_text, event.details) == ("boris", "1234 card", {"code": "1234"})


@pytest.mark.django_db(transaction=True)
def test_it_is_shown_with_the_results_and_on_the_row(as_anna: Any, boris: Any, refused: ImportJob) -> None:
    actions.write_note(code="1011", pattern="", by=boris, **WORDS)

    results = as_anna.get(reverse("job_results", args=[refused.uuid])).text
    assert "The card is too short. Add the zeros." in results
    assert "Altcraft takes this for no phone number" not in results
    row = next(number for number in range(2, 8) if f'rows/{number}/"' in results and "Incorrect phone" in results)
    pages = [as_anna.get(reverse("job_row", args=[refused.uuid, number])).text for number in range(row, 8)]
    assert any("The card is too short." in page for page in pages)


@pytest.mark.django_db(transaction=True)
def test_the_column_an_answer_speaks_of_is_said_as_likely(as_anna: Any, refused: ImportJob) -> None:
    results = as_anna.get(reverse("job_results", args=[refused.uuid])).text

    assert "Most likely column C “Phone”." in results


def test_of_several_notes_the_closest_counts(as_boris: Any, anna: Any, boris: Any) -> None:
    from dashboard.presenting.dictionary import Dictionary

    actions.write_note(code="7", pattern="", by=boris, title_en="Any")
    actions.write_note(code="7", pattern="too SHORT", by=boris, title_en="Short")

    assert Dictionary().meaning("7", "It is too short").title == "Short"
    assert Dictionary().meaning(7, "It is too long").title == "Any"
    assert Dictionary().meaning("8", "It is too short").source == ""


def test_a_note_in_one_language_serves_the_other(boris: Any) -> None:
    note = actions.write_note(code="7", pattern="", by=boris, title_ru="Коротко", advice_ru="Дополните")

    assert note.words("en") == ("Коротко", "Дополните") == note.words("ru")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (WORDS | {"code": ""}, "This field is required"),
        (WORDS | {"code": "7", "title_en": ""}, "Nothing was written."),
        (WORDS | {"code": "5", "pattern": ""}, "There is a note on these answers already"),
    ],
)
def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(
    as_boris: Any, boris: Any, sent: dict[str, str], told: str
) -> None:
    actions.write_note(code="5", pattern="", by=boris, title_en="Taken")

    answer = as_boris.post("/answers/new/", sent)

    assert answer.status_code == 422
    assert told in answer.text and "Add the zeros." in answer.text


def test_a_note_is_changed_and_taken_away(as_boris: Any, boris: Any) -> None:
    note = actions.write_note(code="7", pattern="", by=boris, title_en="Old")
    page = f"/answers/{note.pk}/"
    assert "Old" in as_boris.get(page).text

    as_boris.post(page, WORDS | {"code": "7", "pattern": "", "title_en": "New"})
    assert ErrorNote.objects.get().title_en == "New"

    as_boris.post(f"{page}remove/")
    assert not ErrorNote.objects.exists()
    assert HistoryEvent.objects.filter(verb="note_removed").count() == 1


def test_only_admins_are_offered_to_explain(as_anna: Any, as_boris: Any, anna: Any, account: Connection) -> None:
    from dashboard.presenting.problems import answered_groups
    from imports.results import Reason

    strange = [Reason("rejected", "1234", "Card is short", -1, 3)]
    job = make_job(anna)

    assert [len(group.actions) for group in answered_groups(job, strange)] == [1]
    [group] = answered_groups(job, strange, may_explain=True)
    assert as_boris.get(group.actions[1]["url"]).text.count("Card is short") >= 1
