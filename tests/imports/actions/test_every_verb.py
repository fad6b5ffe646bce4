"""Every verb of the history is looked for by a test that has done the act; those nobody else looks for are here."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dashboard.presenting.verbs import VERBS
from imports import actions
from imports.actions import Place
from imports.models import Approval, HistoryEvent, ImportJob, home_team
from imports.states import BatchState
from tests.factories import fresh, looked_for, make_checked_job, make_connection, make_done_job
from tests.faulty_server import FaultyServer, answers, drops
from tests.platforms import account as account_at
from tests.platforms import drained, sending, takes_all

TESTS = Path(__file__).parents[2]
TELLING = ("verb", "verb__in")
TABLES = {"WALKED"}  # names of sets that are compared with what was written
Platform = Callable[..., FaultyServer]


def words(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def looked_for_in(tree: ast.AST) -> Iterator[str]:
    """What a test asks the history for by name: a filter, a comparison with an event's verb, a table of what was
    written. That a page offers a verb, or a test writes it itself, is no look."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in TELLING:
            yield from words(node.value)
        elif isinstance(node, ast.Compare) and {"verb", "verbs", "written", "told"} & _names(node):
            yield from words(node)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "parametrize":
            yield from words(node) if node.args and "verbs" in words(node.args[0]) else ()
        elif isinstance(node, ast.Assign) and TABLES & {getattr(one, "id", "") for one in node.targets}:
            yield from words(node.value)


def _names(node: ast.AST) -> set[str]:
    return {getattr(one, "id", "") or getattr(one, "attr", "") for one in ast.walk(node)}


def test_every_verb_is_looked_for_by_some_test() -> None:
    found = {verb for path in TESTS.rglob("test_*.py") for verb in looked_for_in(ast.parse(path.read_text()))}

    assert sorted(set(VERBS) - found) == []


def test_the_rule_itself_sees_a_look_and_no_mention() -> None:
    def seen(text: str) -> set[str]:
        return set(looked_for_in(ast.parse(text)))

    assert seen("HistoryEvent.objects.get(verb='one')") == seen("assert event.verb == 'one'") == {"one"}
    assert seen("WALKED = {*('one', 'two')}") == {"one", "two"}
    assert seen("page = reverse('one')") == seen("record('one')") == seen("assert 'one' in text") == set()


def written(job: ImportJob | None = None) -> set[str]:
    return set(HistoryEvent.objects.filter(job_id=job.pk if job else None).values_list("verb", flat=True))


@pytest.mark.django_db
def test_teams_made_renamed_and_switched(boris: Any) -> None:
    team = actions.make_team(name="Sales", by=boris)
    actions.rename_team(team, name="Shops", by=boris)
    actions.switch_team_off(team, by=boris)
    actions.switch_team_on(team, by=boris)

    told = HistoryEvent.objects.filter(verb__in=["team_made", "team_renamed", "team_switched_off", "team_switched_on"])
    assert [event.actor_id for event in told] == [boris.pk] * 4
    assert {event.details["team"] for event in told} == {team.pk}


@pytest.mark.django_db
def test_people_switched_off_and_on(boris: Any) -> None:
    eva = actions.add_person(username="eva", password=None, place=Place("marketer", home_team(None)), by=boris)
    actions.switch_person_off(eva, by=boris)
    actions.switch_person_on(eva, by=boris)

    told = HistoryEvent.objects.filter(verb__in=["person_switched_off", "person_switched_on"]).order_by("pk")
    assert [(one.actor_id, one.details["person"]) for one in told] == [(boris.pk, eva.pk)] * 2


@pytest.mark.django_db
def test_a_person_erased(anna: Any, boris: Any, account: Any) -> None:
    job = make_done_job(anna, account)
    search = looked_for("kamila@example.com", by=boris)
    act = actions.ask_erasure(search, team=None, by=boris, reason="Asked on paper")
    actions.carry_out_erasures()

    asked, erased = HistoryEvent.objects.get(verb="erasure_asked"), HistoryEvent.objects.get(verb="person_erased")
    assert (asked.actor_id, asked.details["act"]) == (boris.pk, act.pk)
    assert (erased.job_id, erased.details) == (job.pk, {"rows": 1, "numbers": [2], "act": act.pk})


@pytest.mark.django_db
def test_an_approval_asked_for_answered_taken_back_and_too_old(anna: Any, boris: Any, clara: Any, sandbox: Any) -> None:
    job = make_checked_job(anna, make_connection(sandbox, approval="always"))
    actions.ask_approval(job, by=anna)
    actions.withdraw_approval(job, by=anna)
    actions.ask_approval(fresh(job), by=anna)
    actions.refuse_job(job, by=clara, reason="Phones are missing.")
    asked = actions.ask_approval(fresh(job), by=anna, send_at_once=False)
    actions.approve_job(fresh(job), by=clara, digest=asked.digest)
    Approval.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    actions.expire_approvals()

    told = HistoryEvent.objects.filter(job_id=job.pk, verb__startswith="approval_").order_by("pk")
    assert [(one.verb, one.actor_id) for one in told] == [
        ("approval_asked", anna.pk),
        ("approval_withdrawn", anna.pk),
        ("approval_asked", anna.pk),
        ("approval_refused", clara.pk),
        ("approval_asked", anna.pk),
        ("approval_given", clara.pk),
        ("approval_expired", None),
    ]


@pytest.mark.django_db
def test_accounts_and_all_sending_switched(boris: Any, sandbox: Any) -> None:
    connection = make_connection(sandbox, look=False)
    actions.switch_off(connection, by=boris)
    actions.switch_on(connection, by=boris)
    actions.stop_sending(by=boris, reason="Wrong price")
    actions.lift_stop(by=boris, reason="Mended")

    assert written() >= {"connection_switched_off", "connection_switched_on", "sending_stopped", "sending_released"}


@pytest.mark.django_db(transaction=True)
def test_a_lost_answer_is_decided_about(anna: Any, boris: Any, platform: Platform, impatient: None) -> None:
    job = drained(sending(anna, account_at(platform(drops, takes_all).url), skip_triggers=False))
    assert written(job) >= {"batch_unknown", "job_needs_decision"}

    for end in (actions.refuse_again, actions.withdraw_again, actions.confirm_again):
        batches = [job.batches.get(state=BatchState.UNKNOWN)]
        bundle = actions.propose_again(job, about=actions.seen(batches), by=anna, reason="Nobody of them has it")
        end(job, bundle, by=anna if end is actions.withdraw_again else boris, reason="Looked at it")
    drained(job)

    assert written(job) >= {"again_proposed", "again_refused", "again_withdrawn", "job_done"}


@pytest.mark.django_db(transaction=True)
def test_one_of_two_decisions_lets_the_import_go_on(anna: Any, platform: Platform, impatient: None) -> None:
    """A batch that can go again while another still waits for a person."""
    job = drained(sending(anna, account_at(platform(drops).url, profiles_per_request=2), rows=4, skip_triggers=False))
    job.batches.filter(number=1).update(state=BatchState.READY, lease_token=None)

    actions.settle_job(job.pk)

    assert written(job) >= {"job_needs_decision", "job_sending"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("behaviour", "verbs"),
    [
        (answers(401, {"error": 401, "error_text": "token"}), {"batch_held", "job_held"}),
        (answers(503, {"error": 503, "error_text": "busy"}), {"batch_ready", "job_done"}),
        (answers(400, {"error": 400, "error_text": "no"}), {"batch_refused", "job_done"}),
    ],
)
def test_a_platform_that_does_not_take_a_batch(
    behaviour: Any, verbs: set[str], anna: Any, platform: Platform, impatient: None
) -> None:
    job = drained(sending(anna, account_at(platform(behaviour, takes_all).url), rows=1))

    assert written(job) >= verbs
