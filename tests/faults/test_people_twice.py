"""A person, or two, press the same button twice: one transition, and whoever came second is told so."""

import threading
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connections
from django.test import Client
from django.urls import reverse

from imports import actions
from imports.models import Decision, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection, make_job
from tests.faults.ledger import book_of, violations
from tests.faults.trials import begun, people, table

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]


def at_once(work: Callable[[int], Any], times: int = 2) -> list[Any]:
    """Do it in so many threads at the same moment; what each returned, or what it was refused with."""
    start, found = threading.Barrier(times), [None] * times

    def run(place: int) -> None:
        try:
            start.wait(120)
            found[place] = work(place)
        except actions.Refused as refused:
            found[place] = refused  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


def logged_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(client: Client, answer: Any) -> list[str]:
    shown = unescape(client.get(answer["Location"]).content.decode())
    return [shown, *(str(one) for one in get_messages(answer.wsgi_request))]


def count(verb: str, job: ImportJob) -> int:
    return HistoryEvent.objects.of_job(job.pk).filter(verb=verb).count()


@pytest.fixture
def checked(anna: Any, sandbox: Any) -> ImportJob:
    connection = make_connection(sandbox, profiles_per_request=2)
    return make_checked_job(anna, connection, table(people(6)))


@pytest.fixture
def unknown(anna: Any, sandbox: Any) -> ImportJob:
    """An import with one batch nobody knows about."""
    sandbox.desk.change({"drop": "after", "path": "import_batch", "times": 1})
    job = begun(anna, sandbox.url, token=sandbox.token, safe=False)
    actions.drain(job.pk)
    return fresh(job)


# --- Send ---


@pytest.mark.fault(59)
def test_a_double_click_on_send_starts_once(anna: Any, checked: ImportJob, sandbox: Any, caplog: Any) -> None:
    clients = [logged_in(anna) for _ in range(4)]
    form = {"check": str(checked.check_version)}

    answers = at_once(lambda place: clients[place].post(reverse("job_start", args=[checked.uuid]), form), 4)

    assert [answer.status_code for answer in answers] == [302] * 4
    assert count("sending_started", checked) == 1
    actions.drain(checked.pk)
    assert totals(fresh(checked)).accepted == 6
    assert len(sandbox.platform.deliveries) == 3
    assert violations(checked, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(59)
def test_the_back_button_and_a_replayed_post_start_nothing_anew(as_anna: Any, checked: ImportJob, sandbox: Any) -> None:
    form = {"check": str(checked.check_version)}
    as_anna.post(reverse("job_start", args=[checked.uuid]), form)
    actions.drain(checked.pk)

    answer = as_anna.post(reverse("job_start", args=[checked.uuid]), form)

    assert answer.status_code == 302
    assert fresh(checked).state == JobState.DONE
    assert count("sending_started", checked) == 1
    assert len(sandbox.platform.deliveries) == 3


@pytest.mark.fault(59)
def test_a_tab_that_shows_an_older_check_sends_nothing(as_anna: Any, anna: Any, checked: ImportJob) -> None:
    seen = checked.check_version
    actions.begin_check(fresh(checked), by=anna)
    actions.settle_dates(checked.pk)
    while actions.check_next_slices(checked.pk, seconds=60):
        pass
    actions.close_check(checked.pk)

    answer = as_anna.post(reverse("job_start", args=[checked.uuid]), {"check": str(seen)})

    assert any("The check was done again meanwhile" in text for text in told(as_anna, answer))
    assert fresh(checked).state == JobState.CHECKED


@pytest.mark.fault(59)
def test_two_tabs_of_which_one_sends_and_one_cancels_end_in_one_way(
    anna: Any, boris: Any, checked: ImportJob, sandbox: Any, caplog: Any
) -> None:
    def press(place: int) -> Any:
        return (actions.start_job, actions.cancel_job)[place](fresh(checked), by=(anna, boris)[place])

    at_once(press)
    actions.drain(checked.pk)

    job = fresh(checked)
    sums = totals(job)
    assert job.state == JobState.CANCELLED
    assert sums.closes
    assert (sums.accepted, sums.not_sent) == (0, 6)
    assert violations(job, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(59)
def test_two_people_who_cancel_at_once_cancel_once(anna: Any, boris: Any, checked: ImportJob) -> None:
    found = at_once(lambda place: actions.cancel_job(fresh(checked), by=(anna, boris)[place]))

    assert sum(isinstance(one, actions.Refused) for one in found) == 1
    assert count("job_cancelled", checked) == 1


@pytest.mark.fault(59)
def test_columns_matched_in_two_tabs_leave_one_whole_choice(anna: Any, boris: Any, sandbox: Any) -> None:
    from imports.destination import Destination
    from imports.mapping import ColumnMapping, ColumnTarget

    job, connection = make_job(anna, table(people(3))), make_connection(sandbox)
    mappings = [ColumnMapping((ColumnTarget(0, "E-mail", "email"), ColumnTarget(1, "First name", field)))
                for field in ("_fname", "_lname")]  # fmt: skip

    def press(place: int) -> Any:
        return actions.map_columns(
            fresh(job), connection=connection, destination=Destination(database_id=1), mapping=mappings[place], by=anna
        )

    at_once(press)

    assert fresh(job).mapping in mappings


# --- a decision ---


@pytest.mark.fault(59)
@pytest.mark.parametrize("choices", [("repeat", "repeat"), ("repeat", "close"), ("arrived", "not_arrived")])
def test_two_words_on_the_same_batch_at_once_keep_the_first(
    anna: Any, boris: Any, unknown: ImportJob, choices: tuple[str, str], sandbox: Any, caplog: Any
) -> None:
    batch = unknown.batches.get()

    found = at_once(lambda place: actions.decide(unknown.batches.get(), choices[place], by=(anna, boris)[place]))

    refused = [one for one in found if isinstance(one, actions.Refused)]
    assert [one.code for one in refused] == ["decided_already"]
    assert Decision.objects.filter(batch=batch).count() == 1
    actions.drain(unknown.pk)
    assert fresh(unknown).state == JobState.DONE
    assert [sandbox.platform.times_applied(person) for person in people(4)] == [1] * 4
    assert violations(unknown, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(59)
def test_a_wish_to_send_again_confirmed_twice_at_once_sends_once_more(
    anna: Any, boris: Any, vera: Any, unknown: ImportJob, sandbox: Any, caplog: Any
) -> None:
    about = actions.seen(unknown.batches.all())
    proposed = at_once(lambda place: actions.propose_again(fresh(unknown), by=anna, about=about, reason="agreed"))
    bundles = [one for one in proposed if not isinstance(one, actions.Refused)]
    assert len(bundles) == 1

    confirmed = at_once(lambda place: actions.confirm_again(fresh(unknown), bundles[0], by=(boris, vera)[place]))
    actions.drain(unknown.pk)

    assert sum(isinstance(one, actions.Refused) for one in confirmed) == 1
    assert fresh(unknown).state == JobState.DONE
    assert Decision.objects.filter(choice="again").count() == 1
    assert [sandbox.platform.times_triggered(person) for person in people(4)] == [2] * 4
    assert violations(unknown, book_of(sandbox), logged=caplog.text) == []


@pytest.mark.fault(59)
def test_a_replayed_post_of_a_decision_decides_nothing_anew(as_anna: Any, unknown: ImportJob, sandbox: Any) -> None:
    where = reverse("job_decide", args=[unknown.uuid, unknown.batches.get().number])
    form = {"choice": "repeat", "reason": "the shop asked for it"}
    as_anna.post(where, form)
    actions.drain(unknown.pk)
    deliveries = len(sandbox.platform.deliveries)

    answer = as_anna.post(where, form)

    assert answer.status_code in (302, 422)
    assert Decision.objects.count() == 1
    assert unknown.batches.get().state == BatchState.ANSWERED
    actions.drain(unknown.pk)
    assert len(sandbox.platform.deliveries) == deliveries


# --- a file ---


@pytest.mark.fault(65)
def test_the_same_file_twice_is_told_by_its_hash_and_allowed(as_anna: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    def upload(name: str, text: str) -> str:
        answer = as_anna.post(reverse("job_new"), {"file": SimpleUploadedFile(name, text.encode())})
        return unescape(as_anna.get(answer["Location"]).content.decode())

    first = upload("people.csv", table(people(3)))
    second = upload("another name.csv", table(people(3)))
    third = upload("people.csv", table(people(4)))

    jobs = ImportJob.objects.order_by("pk")
    assert len({job.source.sha256 for job in jobs[:2] if job.source}) == 1
    said = "very file has been here before"
    assert (said in first.lower(), said in second.lower(), said in third.lower()) == (False, True, False)
    assert [job.state for job in jobs] == [JobState.READ] * 3
