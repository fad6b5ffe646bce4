"""Two people in real browsers: one asks, the other one approves with a password, and it is sent."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from imports import actions
from imports.models import Approval
from imports.states import JobState
from tests.factories import CSV, fresh, make_checked_job

from .conftest import Open

pytestmark = [pytest.mark.browser]
PASSWORD = "a long password of Clara"


@pytest.mark.parametrize("where", [{"width": 1440}, {"lang": "ru-RU", "width": 360, "scheme": "dark"}], ids=str)
def test_one_asks_and_another_one_approves(
    where: dict[str, Any], browse: Open, account: Any, worker: Any, anna: Any, clara: Any
) -> None:
    clara.set_password(PASSWORD)
    clara.save()
    actions.change_connection(account, by=None, approval="always")
    job = make_checked_job(anna, account, CSV, skip_triggers=False)
    asks = browse(anna, **where)
    asks.page.goto(asks.site + reverse("job_check", args=[job.uuid]))
    asks.watch.look(both_schemes=True)
    asks.page.fill("#id_note", "The list of October.")
    asks.page.locator("button[form=start]").click()
    expect(asks.page.locator("form[action$='/approval/withdraw/']")).to_be_visible()
    asks.watch.look()

    answers = browse(clara, **where)
    answers.page.goto(answers.site + reverse("approval_list"))
    answers.watch.look(both_schemes=True)
    answers.page.locator("ul.todo a.btn-primary").click()
    expect(answers.page.get_by_text("The list of October.")).to_be_visible()
    expect(answers.page.get_by_text("kamila@example.com")).to_have_count(0)
    answers.watch.look(both_schemes=True)
    answers.page.fill("#id_proof", PASSWORD)
    answers.page.locator("form[action$='/approval/approve/'] button").click()
    answers.page.wait_for_url("**/sending/**")

    assert Approval.objects.get().stepped_up == "password"
    assert actions.drain(job.pk).state in (JobState.DONE, JobState.SENDING)
    assert fresh(job).approved_digest == fresh(job).plan_digest
