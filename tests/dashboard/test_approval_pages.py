"""A second pair of eyes before sending, on its pages: asked on the check page, answered by an approver, said on every
page where a change makes it void."""

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from imports import actions
from imports.models import Approval, HistoryEvent, ImportJob, Preferences, Team
from imports.states import ApprovalState, JobState
from tests.factories import CSV, fresh, make_checked_job, make_connection

pytestmark = pytest.mark.django_db
J, S = JobState, ApprovalState
PASSWORD = "a long password of Clara"


@pytest.fixture
def account(sandbox: Any, db: None) -> Any:
    return make_connection(sandbox, approval="always")


@pytest.fixture
def job(anna: Any, account: Any) -> ImportJob:
    return make_checked_job(anna, account)


@pytest.fixture
def unsafe(anna: Any, account: Any) -> ImportJob:
    return make_checked_job(anna, account, CSV, skip_triggers=False)


def page(browser: Any, name: str, job: ImportJob) -> str:
    answer = browser.get(reverse(name, args=[job.uuid]))
    assert answer.status_code == 200
    return answer.content.decode()


def press(browser: Any, name: str, job: ImportJob, **given: Any) -> str:
    """What is read after the POST."""
    return browser.post(reverse(name, args=[job.uuid]), given, follow=True).content.decode()


def ask(browser: Any, job: ImportJob, **given: Any) -> str:
    return press(browser, "approval_ask", job, **{"check": job.check_version, "send_at_once": "1", **given})


def approve(browser: Any, job: ImportJob, **given: Any) -> str:
    return press(browser, "approval_approve", job, digest=job.plan_digest, **given)


# --- asking ---


def test_the_check_page_asks_instead_of_sending(as_anna: Any, clara: Any, job: ImportJob) -> None:
    text = page(as_anna, "job_check", job)

    assert "Ask for approval" in text and "clara" in text
    assert reverse("job_start", args=[job.uuid]) not in text


def test_asking_says_who_may_answer_and_how_to_take_it_back(as_anna: Any, clara: Any, job: ImportJob) -> None:
    text = ask(as_anna, job, note="The October list.")

    assert fresh(job).state == J.WAITING_APPROVAL
    assert "Nothing is sent before one of them has agreed." in text
    assert "This import waits for a second person." in text and "clara" in text

    text = press(as_anna, "approval_withdraw", job)
    assert fresh(job).state == J.CHECKED
    assert "Ask for approval" in text


def test_a_page_of_an_older_check_asks_nothing(as_anna: Any, job: ImportJob) -> None:
    assert "nothing of yours was kept" in ask(as_anna, job, check=job.check_version + 7)
    assert fresh(job).state == J.CHECKED


def test_sending_past_the_question_is_refused_in_words(as_anna: Any, job: ImportJob) -> None:
    text = press(as_anna, "job_start", job, check=job.check_version)

    assert "a second person looks before this import is sent" in text
    assert fresh(job).state == J.CHECKED


# --- the queue ---


def test_the_queue_tells_approvers_what_is_theirs(as_anna: Any, as_clara: Any, as_vera: Any, job: ImportJob) -> None:
    assert "Nothing waits for an approval" in as_clara.get(reverse("approval_list")).content.decode()
    ask(as_anna, job)

    mine = as_clara.get(reverse("approval_list")).content.decode()
    assert "1 import waits for your answer" in mine and "anna asks to send 2 profiles" in mine
    assert '<span class="count">1</span>' in mine
    assert "Decide" in as_clara.get(reverse("home")).content.decode()
    for browser in (as_anna, as_vera):
        text = browser.get(reverse("approval_list")).content.decode()
        assert "waits for your answer" not in text and "Waiting for an answer" in text


def test_another_team_sees_nothing_of_it(as_anna: Any, as_clara: Any, clara: Any, job: ImportJob) -> None:
    ask(as_anna, job)
    clara.person.team = Team.objects.create(name="Another")
    clara.person.save()

    assert job.title not in as_clara.get(reverse("approval_list")).content.decode()
    assert as_clara.get(reverse("job_approval", args=[job.uuid])).status_code == 404
    assert as_clara.post(reverse("approval_approve", args=[job.uuid]), {"digest": job.plan_digest}).status_code == 404


# --- the page of one ---


def test_an_approver_sees_everything_but_people(as_anna: Any, as_clara: Any, unsafe: ImportJob) -> None:
    ask(as_anna, unsafe, note="Agreed with the shop.")

    text = page(as_clara, "job_approval", unsafe)

    for told in ("anna asks to send 2 profiles", "Agreed with the shop.", "Start triggers for these people?", "Seal",
                 "Up to 2 people may get a message.", unsafe.source.sha256[:12]):  # fmt: skip
        assert told in text
    for hidden in ("kamila@example.com", "Kamila", "79000000001", "daria", "Daria"):
        assert hidden not in text


@pytest.mark.parametrize("name", ["job_approval", "job_check"])
def test_whoever_asked_sees_it_without_an_answer_to_give(
    name: str, as_anna: Any, as_boris: Any, job: ImportJob
) -> None:
    ask(as_anna, job)

    assert reverse("approval_approve", args=[job.uuid]) not in page(as_anna, name, job)
    assert reverse("approval_withdraw", args=[job.uuid]) in page(as_anna, name, job)


def test_an_import_nobody_asked_about_says_so(as_clara: Any, job: ImportJob) -> None:
    assert "No approval was asked for" in page(as_clara, "job_approval", job)


def test_it_is_sent_when_it_is_approved(as_anna: Any, as_clara: Any, job: ImportJob) -> None:
    ask(as_anna, job)

    assert "You approved it. It is being sent." in approve(as_clara, job)
    assert fresh(job).state == J.SENDING
    assert Approval.objects.get().closer_name == "clara"


def test_it_waits_for_send_where_that_was_wished(as_anna: Any, as_clara: Any, job: ImportJob) -> None:
    press(as_anna, "approval_ask", job, check=job.check_version)
    approve(as_clara, job)
    assert fresh(job).state == J.APPROVED

    assert "clara has approved this import." in page(as_anna, "job_check", job)
    press(as_anna, "job_start", job, check=job.check_version)

    assert fresh(job).state == J.SENDING


def test_one_that_may_write_to_people_needs_the_password(as_anna: Any, as_clara: Any, clara: Any, unsafe: Any) -> None:
    clara.set_password(PASSWORD)
    clara.save()
    as_clara.force_login(clara)
    ask(as_anna, unsafe)

    for wrong in ("", "not the password"):
        approve(as_clara, unsafe, proof=wrong)
        assert fresh(unsafe).state == J.WAITING_APPROVAL
    approve(as_clara, unsafe, proof=PASSWORD)

    assert fresh(unsafe).state == J.SENDING
    assert Approval.objects.get().stepped_up == "password"


def test_a_page_that_is_old_approves_nothing(as_anna: Any, as_clara: Any, job: ImportJob) -> None:
    ask(as_anna, job)

    text = press(as_clara, "approval_approve", job, digest="0" * 64)

    assert "What would be sent is not what you looked at" in text
    assert fresh(job).state == J.WAITING_APPROVAL


def test_why_it_could_not_be_sent_is_said(as_anna: Any, as_clara: Any, boris: Any, account: Any, job: Any) -> None:
    ask(as_anna, job)
    actions.switch_off(account, by=boris)

    assert "You approved it, but it could not be sent yet." in approve(as_clara, job)
    assert fresh(job).state == J.APPROVED


def test_it_goes_back_with_a_reason(as_anna: Any, as_clara: Any, job: ImportJob) -> None:
    ask(as_anna, job)

    assert "Say in a few words why" in press(as_clara, "approval_refuse", job, reason="")
    assert "It went back with your reason" in press(as_clara, "approval_refuse", job, reason="Phones are missing.")

    text = page(as_anna, "job_check", job)
    assert "clara sent this import back:" in text and "Phones are missing." in text
    assert "Ask for approval" in text
    assert "Phones are missing." in page(as_clara, "job_approval", job)


def test_somebody_who_had_a_hand_in_it_reads_why_they_may_not(
    as_anna: Any, as_boris: Any, boris: Any, job: Any
) -> None:
    actions.correct_cells(job, {(2, 1): "Camilla"}, seen=job.check_version, by=boris)
    checked = actions.drain(job.pk)
    ask(as_anna, checked)

    assert "You had a hand in this import" in page(as_boris, "job_approval", checked)


# --- changes ---


def edits(job: ImportJob) -> dict[str, dict[str, Any]]:
    seen = {"check": job.check_version}
    return {
        "job_fix": seen | {"cell-2-1": "Camilla", "was-2-1": "Kamila"},
        "job_duplicates": seen | {"rule": "first"},
        "job_sent_before": seen | {"skip": "any"},
    }


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("name", ["job_duplicates", "job_sent_before"])
def test_a_change_makes_it_void_and_says_so(
    name: str, given: bool, as_anna: Any, as_clara: Any, job: ImportJob
) -> None:
    press(as_anna, "approval_ask", job, check=job.check_version)
    if given:
        approve(as_clara, job)

    text = press(as_anna, name, job, **edits(job)[name])

    assert ("The approval of clara is void now" if given else "The question for an approval is void now") in text
    assert (fresh(job).state, fresh(job).approved_digest) == (J.CHECKED, "")
    assert Approval.objects.get().state == S.VOID
    assert HistoryEvent.objects.of_job(job.pk).filter(verb="approval_void").exists()


@pytest.mark.parametrize("name", ["job_columns", "job_fix", "job_file", "job_repeats"])
def test_a_page_that_edits_says_beforehand_what_a_change_does(
    name: str, as_anna: Any, as_clara: Any, job: ImportJob
) -> None:
    press(as_anna, "approval_ask", job, check=job.check_version)
    assert "Any change here makes the question void." in page(as_anna, name, job)

    approve(as_clara, job)
    assert "Any change here makes the approval void." in page(as_anna, name, job)


# --- the rule of the account, and letters ---


def test_an_admin_sets_the_rule_on_the_page_of_the_account(as_boris: Any, account: Any, job: ImportJob) -> None:
    text = as_boris.get(reverse("connection", args=[account.pk])).content.decode()

    assert "A second person looks before sending" in text
    assert '<option value="always" selected>' in text


def test_approvers_get_a_letter_unless_they_want_none(anna: Any, clara: Any, as_clara: Any, job: ImportJob) -> None:
    actions.ask_approval(job, by=anna)
    actions.send_letters()

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["clara@example.com"], "An import waits for your approval")
    assert reverse("job_approval", args=[job.uuid]) in letter.body
    for secret in (job.title, "kamila", "Kamila"):
        assert secret not in letter.body + letter.subject

    as_clara.post(reverse("preferences"), {"mail": "never", "language": "", "time_zone": ""})
    assert not Preferences.objects.get(user=clara).mail_approvals
    actions.withdraw_approval(fresh(job), by=anna)
    actions.ask_approval(fresh(job), by=anna)
    assert actions.send_letters() == 0
