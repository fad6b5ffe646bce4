"""A trial with the first rows as a person does it, and news of an import that ends while another page is open."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from imports import actions
from imports.models import ImportJob
from tests.factories import make_checked_job, make_sending_job

from .conftest import Open

pytestmark = [pytest.mark.browser]
PEOPLE = "E-mail,First name\n" + "".join(f"person{n}@example.com,Daria\n" for n in range(12))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_first_rows_are_chosen_looked_at_and_the_others_let_go(
    lang: str, browse: Open, account: Any, worker: Any, anna: Any
) -> None:
    job = make_checked_job(anna, account, PEOPLE)
    visit = browse(anna, lang=lang, width=360)
    page = visit.page
    page.goto(visit.site + reverse("job_check", args=[job.uuid]))
    page.locator("#alone").check()
    page.locator("#first").fill("3")
    page.locator("button[form=start]").click()

    expect(page.locator("#h-first")).to_be_visible()
    expect(page.locator("section[aria-labelledby=h-first] tbody tr")).to_have_count(3)
    assert ImportJob.objects.get().state == "held"
    visit.watch.look(both_schemes=True)

    page.locator(f'form[action="{reverse("job_go_on", args=[job.uuid])}"] button').click()
    page.wait_for_url(f"**{reverse('job_results', args=[job.uuid])}")
    assert visit.sum()["accepted"] == 12


def test_an_import_that_ends_is_told_on_whatever_page_is_open_and_once(browse: Open, account: Any, anna: Any) -> None:
    job = make_sending_job(anna, account, PEOPLE)
    visit = browse(anna)
    page = visit.page
    page.goto(visit.site + reverse("history"))
    actions.drain(job.pk)

    page.evaluate("htmx.trigger('#news', 'poll')")
    toast = page.locator(".toast-note")
    expect(toast).to_contain_text("“people.csv” has ended.")
    visit.watch.look(both_schemes=True)
    toast.locator("button").click()
    expect(toast).to_have_count(0)

    page.reload()
    page.evaluate("htmx.trigger('#news', 'poll')")
    expect(page.locator("#news:not([data-poll])")).to_have_count(1)
    expect(toast).to_have_count(0)
