"""A person is looked for by workers: import by import, in turns, past the death of whoever was at it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from imports import actions, tasks
from imports.actions import personsearch
from imports.models import HistoryEvent, ImportJob, PersonSearch
from imports.vault import Vault
from tests.factories import looked_for, make_done_job, make_sending_job

pytestmark = pytest.mark.django_db
KEY = "kamila@example.com"


@pytest.fixture
def jobs(anna: Any, account: Any) -> list[ImportJob]:
    return [make_done_job(anna, account) for _ in range(3)]


def found(search: PersonSearch) -> list[int]:
    search.refresh_from_db()
    return [pk for pk, _rows in search.found]


def test_every_import_is_looked_through_a_turn_at_a_time(boris: Any, jobs: list[ImportJob]) -> None:
    search = actions.look_for_person(" KAMILA@example.com", by=boris)

    assert actions.go_on_looking(search.pk, seconds=0)
    assert found(search) == [jobs[0].pk] and search.ended_at is None
    assert actions.go_on_looking(search.pk, seconds=60) is False
    assert found(search) == [job.pk for job in jobs] and (search.looked, search.imports) == (3, 3)
    assert search.ended_at is not None and not search.fault


def test_history_tells_that_it_was_asked_and_what_came_of_it_but_not_about_whom(
    boris: Any, jobs: list[ImportJob]
) -> None:
    looked_for(KEY, by=boris)

    asked = HistoryEvent.objects.get(verb="person_asked")
    ended = HistoryEvent.objects.get(verb="person_searched")
    assert (asked.actor_id, ended.actor_id, ended.details["imports"]) == (boris.pk, None, 3)
    assert "kamila" not in f"{asked.details}{asked.object_text}{ended.details}{ended.object_text}".lower()


def test_whom_it_is_about_is_kept_sealed_and_for_a_day(boris: Any, jobs: list[ImportJob]) -> None:
    search = looked_for(KEY, by=boris)
    assert "kamila" not in search.sealed_person and actions.asked_person(search) == KEY

    assert actions.forget_searches() == 0
    PersonSearch.objects.update(asked_at=timezone.now() - timedelta(days=2))

    assert actions.forget_searches() == 1 and not PersonSearch.objects.exists()


def test_asked_twice_is_looked_for_once(boris: Any, clara: Any, jobs: list[ImportJob]) -> None:
    first = actions.look_for_person(KEY, by=boris)

    assert actions.look_for_person("Kamila@Example.com", by=boris) == first
    assert actions.look_for_person(KEY, by=clara) != first
    assert actions.look_for_person("daria@example.org", by=boris) != first


def test_two_workers_do_not_look_at_once(boris: Any, jobs: list[ImportJob], monkeypatch: pytest.MonkeyPatch) -> None:
    search, inside = actions.look_for_person(KEY, by=boris), []
    looked = personsearch._rows_in

    def meanwhile(*arguments: Any) -> int:
        inside.append(actions.go_on_looking(search.pk, seconds=60))
        return looked(*arguments)

    monkeypatch.setattr(personsearch, "_rows_in", meanwhile)
    actions.go_on_looking(search.pk, seconds=60)

    assert inside == [False] * 3 and found(search) == [job.pk for job in jobs]


class Killed(BaseException):
    """What no handler catches, as no handler outlives its process."""


def test_the_sweep_finds_what_a_dead_worker_left(
    boris: Any, jobs: list[ImportJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    search, looked = actions.look_for_person(KEY, by=boris), personsearch._rows_in

    def dies(job: ImportJob, *rest: Any) -> int:
        if job.pk == jobs[1].pk:
            raise Killed
        return looked(job, *rest)

    monkeypatch.setattr(personsearch, "_rows_in", dies)
    with pytest.raises(Killed):
        actions.go_on_looking(search.pk, seconds=60)
    assert actions.Bell("find", search.pk) not in actions.reconcile()  # its lease lasts
    PersonSearch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert actions.Bell("find", search.pk) in actions.reconcile()
    monkeypatch.undo()

    tasks.find_people(search.pk)

    assert found(search) == [job.pk for job in jobs] and search.ended_at is not None


def test_what_kills_its_worker_again_and_again_is_given_up(
    boris: Any, jobs: list[ImportJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_arguments: Any) -> int:
        raise Killed

    search = actions.look_for_person(KEY, by=boris)
    monkeypatch.setattr(personsearch, "_rows_in", dies)
    for _ in range(personsearch.MOST_FAILURES):
        with pytest.raises(Killed):
            actions.go_on_looking(search.pk, seconds=60)
        PersonSearch.objects.update(lease_until=None)

    assert actions.go_on_looking(search.pk, seconds=60) is False
    search.refresh_from_db()
    assert search.fault == "search_too_often" and actions.searches_to_go_on() == []


def test_an_import_that_cannot_be_read_ends_it_with_a_word(
    boris: Any, jobs: list[ImportJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any) -> Any:
        raise ValueError("no table")

    monkeypatch.setattr(Vault, "parts", broken)

    search = looked_for(KEY, by=boris)

    assert search.fault == "search_failed"
    with pytest.raises(actions.Refused, match="search_not_over"):
        actions.ask_erasure(search, team=None, by=boris, reason="Asked")


def test_a_storage_that_is_away_is_waited_for(
    boris: Any, jobs: list[ImportJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> Any:
        raise OSError("no route")

    search = actions.look_for_person(KEY, by=boris)
    monkeypatch.setattr(Vault, "parts", away)
    for _ in range(personsearch.MOST_FAILURES + 2):
        assert actions.go_on_looking(search.pk, seconds=60) is False
        PersonSearch.objects.update(lease_until=None)
    monkeypatch.undo()

    assert actions.go_on_looking(search.pk, seconds=60) is False
    assert found(search) == [job.pk for job in jobs]


def test_who_may_not_sign_in_any_more_is_not_answered(boris: Any, jobs: list[ImportJob]) -> None:
    search = actions.look_for_person(KEY, by=boris)
    boris.is_active = False
    boris.save()

    actions.go_on_looking(search.pk, seconds=60)

    search.refresh_from_db()
    assert (search.fault, search.found) == ("search_not_allowed", [])


def test_an_import_that_is_sent_after_the_search_keeps_it_from_being_erased(
    boris: Any, anna: Any, account: Any
) -> None:
    job = make_sending_job(anna, account)
    search = looked_for(KEY, by=boris)

    with pytest.raises(actions.Refused) as refused:
        actions.ask_erasure(search, team=None, by=boris, reason="Asked")

    assert (refused.value.code, refused.value.params) == ("person_being_sent", {"jobs": str(job.pk)})


def test_an_erasure_whose_worker_died_is_rung_for_again(boris: Any, jobs: list[ImportJob]) -> None:
    act = actions.ask_erasure(looked_for(KEY, by=boris), team=None, by=boris, reason="Asked")
    assert actions.Bell("erase", 0) in actions.reconcile()
    type(act).objects.filter(pk=act.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
    assert actions.Bell("erase", 0) not in actions.reconcile() and actions.carry_out_due_erasures() == 0
    type(act).objects.filter(pk=act.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert actions.Bell("erase", 0) in actions.reconcile()
    assert actions.carry_out_due_erasures() == 1
    act.refresh_from_db()
    assert act.jobs == [job.pk for job in jobs] and act.ended_at is not None
