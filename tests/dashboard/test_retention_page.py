"""Pages about data that goes: days, acts, one import by hand, the question about a person, erasing one."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from imports import actions, tasks
from imports.actions import Place
from imports.models import Destruction, HistoryEvent, ImportJob, Person, PersonSearch, Team
from tests.factories import fresh, make_checked_job, make_done_job, make_sending_job

pytestmark = pytest.mark.django_db
NEVER = {"bundle": "00000000-0000-4000-8000-000000000001", "number": 2, "correction": 1, "pk": 1}


def age(job: ImportJob, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    finished = {"finished_at": then} if job.finished_at else {}
    ImportJob.objects.filter(pk=job.pk).update(state_changed_at=then, **finished)


@pytest.fixture
def purged(anna: Any, boris: Any, account: Any) -> ImportJob:
    job = make_done_job(anna, account, "E-mail,First name,Phone\nkamila@example.com,Kamila,\nwrong,Daria,\n")
    actions.destroy_by_hand(job, by=boris, reason="now")
    return fresh(job)


def addresses_of(job: ImportJob) -> dict[str, str]:
    routes = {one.name: one for one in get_resolver().url_patterns if getattr(one, "name", None)}
    return {
        name: reverse(
            name, kwargs={"uuid": job.uuid} | {key: NEVER[key] for key in route.pattern.converters if key in NEVER}
        )
        for name, route in routes.items()
        if "uuid" in route.pattern.converters
    }


@pytest.mark.parametrize("who", ["as_anna", "as_boris", "as_vera", "as_clara"])
def test_no_address_of_a_purged_import_breaks(who: str, purged: ImportJob, request: pytest.FixtureRequest) -> None:
    browser = request.getfixturevalue(who)
    answers = {}
    for name, address in addresses_of(purged).items():
        answers[name] = {
            browser.get(address).status_code,
            browser.post(address, {"choice": "close", "reason": "x"}).status_code,
            browser.get(address, headers={"HX-Request": "true"}).status_code,
        }

    assert {name: codes for name, codes in answers.items() if not codes <= {200, 302, 403, 404, 405, 410}} == {}


def test_counts_and_reasons_stay_and_rows_say_that_they_were_destroyed(as_anna: Any, purged: ImportJob) -> None:
    page = as_anna.get(reverse("job_results", args=[purged.uuid]))

    text = page.content.decode()
    assert page.status_code == 200 and "2 rows were destroyed." in text
    assert "Why 1 did not pass our check" in text and "Nobody can open or download them any more" in text
    assert reverse("job_row", args=[purged.uuid, 3]) not in text and page["Cache-Control"].count("no-store")


def test_a_download_of_a_purged_import_is_refused_with_a_sentence(as_anna: Any, purged: ImportJob) -> None:
    page = as_anna.get(reverse("job_download", args=[purged.uuid]))

    assert page.status_code == 410 and b"were destroyed" in page.content


def test_an_action_on_a_purged_import_changes_nothing_and_says_so(as_anna: Any, purged: ImportJob) -> None:
    page = as_anna.post(reverse("job_follow", args=[purged.uuid]), {"outcome": "rejected"}, follow=True)

    assert b"Nothing was changed." in page.content and ImportJob.objects.count() == 1


def test_a_page_made_while_the_rows_go_ends_in_what_is_left(as_anna: Any, anna: Any, account: Any, boris: Any) -> None:
    from dashboard.views import results

    job = make_done_job(anna, account)
    whole = results.row_page

    def too_late(*args: Any, **more: Any) -> Any:
        actions.destroy_by_hand(fresh(job), by=boris, reason="now")
        return whole(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "row_page", too_late)
        page = as_anna.get(reverse("job_results", args=[job.uuid]))

    assert page.status_code == 410 and b"were destroyed" in page.content


def test_every_page_of_an_import_says_when_its_rows_go(as_anna: Any, as_boris: Any, anna: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    day = fresh(job).purged_on

    page = as_anna.get(reverse("job_results", args=[job.uuid])).content.decode()

    assert f"Rows and file are destroyed on {day.day} {day:%b %Y}." in page
    assert reverse("job_destroy", args=[job.uuid]) not in page
    assert (
        reverse("job_destroy", args=[job.uuid])
        in as_boris.get(reverse("job_results", args=[job.uuid])).content.decode()
    )


def test_the_list_can_be_narrowed_by_what_becomes_of_rows(
    as_anna: Any, anna: Any, account: Any, purged: ImportJob
) -> None:
    soon = make_done_job(anna, account)
    age(soon, 27)

    def listed(rows: str) -> set[int]:
        page = as_anna.get(reverse("job_list"), {"rows": rows})
        return {line[0].pk for line in page.context["lines"]}

    assert (listed("purged"), listed("soon"), listed("kept")) == ({purged.pk}, {soon.pk}, {soon.pk})
    assert listed("") == {purged.pk, soon.pk}


def test_an_admin_destroys_one_import_with_a_reason(as_boris: Any, anna: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    address = reverse("job_destroy", args=[job.uuid])

    assert as_boris.get(address).status_code == 200
    assert as_boris.post(address, {"reason": "", "sure": "on"}).status_code == 422
    assert as_boris.post(address, {"reason": "Wrong file"}).status_code == 422
    assert fresh(job).purged_at is None
    as_boris.post(address, {"reason": "Wrong file", "sure": "on"})

    assert fresh(job).purged_at is not None and Destruction.objects.get().reason == "Wrong file"


def test_what_is_being_sent_is_not_destroyed_by_hand(as_boris: Any, anna: Any, account: Any) -> None:
    job = make_sending_job(anna, account)

    page = as_boris.post(reverse("job_destroy", args=[job.uuid]), {"reason": "x", "sure": "on"}, follow=True)

    assert b"is being sent, or waits for a decision" in page.content and fresh(job).purged_at is None


def test_the_page_shows_what_goes_what_is_overdue_and_why(as_boris: Any, anna: Any, account: Any) -> None:
    soon, late = make_checked_job(anna, account), make_sending_job(anna, account)
    ImportJob.objects.filter(pk=late.pk).update(state="held")
    age(soon, 25)
    age(late, 50)

    page = as_boris.get(reverse("retention"))

    assert [one.job.pk for one in page.context["soon"]] == [soon.pk]
    assert [(one.job.pk, str(one.why)) for one in page.context["overdue"]] == [
        (late.pk, "Sending is held up: clear the cause, or stop it.")
    ]


def test_shortening_asks_first_when_it_destroys(as_boris: Any, anna: Any, account: Any) -> None:
    job, team = make_done_job(anna, account), Team.objects.get()
    age(job, 20)
    address = reverse("retention_days", args=[team.pk])

    asked = as_boris.post(address, {"retention_days": 10})
    assert b"1 import would be destroyed at the next run." in asked.content
    assert Team.objects.get().retention_days == 30
    as_boris.post(address, {"retention_days": 10, "sure": "1"})

    assert Team.objects.get().retention_days == 10
    assert as_boris.post(address, {"retention_days": 0}).status_code == 422


def test_an_admin_of_one_team_sees_and_changes_only_it(as_boris: Any, boris: Any, anna: Any, account: Any) -> None:
    other, team = Team.objects.create(name="Sales"), Team.objects.exclude(name="Sales").get()
    Person.objects.filter(user=boris).update(every_team=False, team=other)
    job = make_done_job(anna, account)
    age(job, 27)

    page = as_boris.get(reverse("retention"))

    assert [one for one, _form in page.context["forms"]] == [other] and page.context["soon"] == []
    assert as_boris.post(reverse("retention_days", args=[team.pk]), {"retention_days": 5}).status_code == 404
    assert as_boris.get(reverse("job_destroy", args=[job.uuid])).status_code == 404


def test_an_act_is_read_kept_and_its_log_exported(as_boris: Any, as_vera: Any, as_anna: Any, purged: ImportJob) -> None:
    act = Destruction.objects.get()
    address = reverse("destruction_act", args=[act.uuid])

    shown = as_vera.get(address).content.decode()
    kept = as_boris.get(address, {"form": "html"})
    log = b"".join(as_vera.get(reverse("destruction_log", args=[act.uuid])).streaming_content).decode()

    assert "E-mail, First name, Phone" in shown and purged.source.sha256 in shown
    assert kept["Content-Disposition"] == f'attachment; filename="act-{act.pk}.html"'
    assert b"<style" not in kept.content and b"Act of destruction of personal data" in kept.content
    assert log.count("\n") == 4 and "job_purged" in log and "act_written" in log
    assert HistoryEvent.objects.filter(verb="act_downloaded").count() == 2
    assert as_anna.get(address).status_code == 403


def test_the_acts_of_another_team_are_not_there(as_boris: Any, boris: Any, purged: ImportJob) -> None:
    Person.objects.filter(user=boris).update(every_team=False, team=Team.objects.create(name="Sales"))

    assert as_boris.get(reverse("destruction_act", args=[Destruction.objects.get().uuid])).status_code == 404


def test_was_this_person_written_to_is_answered_after_the_rows_went(
    as_anna: Any, as_vera: Any, anna: Any, account: Any, boris: Any
) -> None:
    job = make_done_job(anna, account)
    actions.destroy_by_hand(job, by=boris, reason="now")

    def asked(key: str) -> list[tuple[int, str]]:
        page = as_anna.post(reverse("people_sent"), {"key": key})
        return [(one.pk, outcome) for one, _words, outcome in page.context["lines"]]

    assert asked(" Kamila@Example.com ") == [(job.pk, "accepted")]
    assert asked("8 (900) 000-00-01") == [(job.pk, "accepted")]
    assert asked("nobody@example.com") == []
    assert as_vera.post(reverse("people_sent"), {"key": "kamila@example.com"}).status_code == 200
    assert as_anna.post(reverse("people_sent"), {"key": "x"}).status_code == 422
    event = HistoryEvent.objects.filter(verb="person_asked").first()
    assert "kamila" not in str(event.details) + event.object_text


def test_nobody_is_told_of_another_team_s_imports(as_anna: Any, anna: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    ImportJob.objects.filter(pk=job.pk).update(team=Team.objects.create(name="Sales"))

    page = as_anna.post(reverse("people_sent"), {"key": "kamila@example.com"})

    assert page.context["lines"] == []


def look(browser: Any, key: str = "kamila@example.com") -> str:
    """The page of a search that has ended."""
    address: str = browser.post(reverse("erase_person"), {"key": key})["Location"]
    while actions.go_on_looking(PersonSearch.objects.get(uuid=address.strip("/").split("/")[-1]).pk, seconds=0):
        pass
    return address


def test_erasing_shows_where_asks_why_and_leaves_a_receipt(as_boris: Any, anna: Any, account: Any) -> None:
    job, address = make_done_job(anna, account), look(as_boris)

    found = as_boris.get(address)
    assert [(one.job.pk, one.rows) for one in found.context["found"]] == [(job.pk, 1)]
    unsure = as_boris.post(address, {"reason": "asked"})
    assert unsure.status_code == 422 and Destruction.objects.count() == 0
    receipt = as_boris.post(address, {"reason": "Asked on paper", "sure": "on"}, follow=True)
    tasks.erase_people()

    act = Destruction.objects.get()
    assert receipt.status_code == 200 and (act.kind, act.jobs, act.counts["rows"]) == ("person", [job.pk], 1)
    row = as_boris.get(reverse("job_row", args=[job.uuid, 2]))
    assert row.status_code == 200 and b"The person of this row was erased." in row.content
    assert PersonSearch.objects.count() == 0 and as_boris.get(address).status_code == 404


def test_a_page_reads_no_cell_and_tells_how_far_the_worker_is(
    as_boris: Any, anna: Any, account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        make_done_job(anna, account)
    opened: list[Any] = []
    monkeypatch.setattr("imports.vault.Vault.parts", lambda *_args: opened.append(1))
    address = as_boris.post(reverse("erase_person"), {"key": "kamila@example.com"})["Location"]
    page = as_boris.get(address).content.decode()
    assert "0 of 2 imports looked through" in page and "data-poll" in page and opened == []
    refused = as_boris.post(address, {"reason": "Asked", "sure": "on"}, follow=True)
    assert b"The person is still being looked for" in refused.content and Destruction.objects.count() == 0
    monkeypatch.undo()

    tasks.find_people(PersonSearch.objects.get().pk)
    live = as_boris.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "In the rows of 2 imports" in live and "data-poll" not in live and "<html" not in live
    assert "kamila" not in address


def test_a_search_is_nobody_else_s(as_boris: Any, as_anna: Any, client: Any, anna: Any, account: Any) -> None:
    make_done_job(anna, account)
    address = look(as_boris)
    client.force_login(actions.add_person(username="dora", password=None, place=Place("admin", None), by=None))

    assert client.get(address).status_code == 404
    assert as_anna.get(address).status_code == 403


def test_a_search_that_failed_says_so(as_boris: Any, anna: Any, account: Any) -> None:
    make_done_job(anna, account)
    address = look(as_boris)
    PersonSearch.objects.update(fault="search_failed")

    page = as_boris.get(address).content.decode()

    assert "could not be looked through" in page and "Erase this person" not in page


def test_what_is_too_short_is_not_looked_for(as_boris: Any) -> None:
    assert as_boris.post(reverse("erase_person"), {"key": "x"}).status_code == 422
    assert as_boris.post(reverse("erase_person"), {"key": "  x  "}).status_code == 422
    assert PersonSearch.objects.count() == 0


def test_erasing_waits_for_what_is_being_sent(as_boris: Any, anna: Any, account: Any) -> None:
    make_sending_job(anna, account)
    address = look(as_boris)

    shown = as_boris.get(address)
    page = as_boris.post(address, {"reason": "Asked", "sure": "on"}, follow=True)

    assert b"Nothing can be erased while the person is in an import on its way." in shown.content
    assert b"is being sent or waits for a decision" in page.content and Destruction.objects.count() == 0
