"""What a person does when it does not go well: correct the reading, stop, mend the token, decide."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from .conftest import Open
from .tables import people, table

pytestmark = [pytest.mark.browser]


def test_wrong_delimiter_is_corrected_without_a_reload(browse: Open, account: Any, anna: Any) -> None:
    visit = browse(anna)
    page = visit.page
    visit.upload("people.csv", table(people(6), delimiter=";").encode())
    visit.at("file")
    headers = page.locator("#preview thead th")
    expect(headers).to_have_count(4)
    page.evaluate("window.stayed = true")
    page.select_option("select[name=delimiter]", ",")
    expect(headers).to_have_count(2)
    visit.watch.look()
    page.select_option("select[name=delimiter]", ";")
    expect(headers).to_have_count(4)
    page.select_option("select[name=header_row]", "0")
    expect(page.locator("#preview tbody tr")).to_have_count(7)
    page.select_option("select[name=header_row]", "1")
    expect(page.locator("#preview tbody tr")).to_have_count(6)
    assert page.evaluate("window.stayed")
    visit.on_from_file()
    page.select_option("#field-2", "")
    expect(page.locator("#column-2.off")).to_be_visible()
    visit.watch.look()


def test_pasted_table_is_stopped_in_the_middle(
    browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any
) -> None:
    sandbox.desk.change({"latency": 0.3, "path": "import_batch"})
    visit = browse(anna)
    page = visit.page
    visit.paste(table(people(150), delimiter="\t"))
    visit.on_from_file()
    visit.on_from_columns()
    visit.send()
    visit.at("sending")
    page.locator(".sum .is-accepted:not(.nil)").wait_for()
    page.click("button[popovertarget=stop]:not(dialog button)")
    expect(page.locator("dialog#stop")).to_be_visible()
    answered = page.locator(".sum .is-accepted dd").inner_text()
    expect(page.locator(".sum .is-accepted dd")).not_to_have_text(answered)  # the live part was drawn again below it
    visit.watch.look()
    page.click(f"dialog form[action$='{reverse('job_cancel', args=[visit.uuid()])}'] button")
    visit.at("results")
    visit.expect_closed()
    sums = visit.sum()
    assert sums["accepted"] > 0 and sums["notsent"] > 0
    assert sums["accepted"] + sums["notsent"] == sums["total"] == 150
    assert len(sandbox.platform.people[1].texts) == sums["accepted"]


def test_refused_token_says_what_to_do_and_continue_goes_on(
    browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any
) -> None:
    sandbox.desk.change({"error": 401, "error_text": "Unauthorized", "path": "import_batch"})
    visit = browse(anna)
    page = visit.page
    visit.upload("people.csv", table(people(8)).encode())
    visit.on_from_file()
    visit.on_from_columns()
    visit.send()
    visit.at("sending")
    notice = page.locator("#sending > .notice")
    expect(notice).to_contain_text("token")
    expect(page.locator("#sending")).not_to_have_attribute("data-poll", "1000")
    visit.watch.look(both_schemes=True)
    sandbox.desk.change({"reset": True})
    notice.locator("form button").click()
    visit.at("results")
    visit.expect_closed()
    assert visit.sum()["accepted"] == 8


def test_pause_holds_at_once_and_continue_goes_on(
    browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any
) -> None:
    sandbox.desk.change({"latency": 0.2, "path": "import_batch"})
    visit = browse(anna)
    page = visit.page
    visit.upload("people.csv", table(people(150)).encode())
    visit.on_from_file()
    visit.on_from_columns()
    visit.send()
    visit.at("sending")
    expect(page.locator("#strip use[href='#b-answered']").first).to_be_visible()
    page.click("#pausing button")
    expect(page.locator("#sending > .notice")).to_contain_text("anna")
    expect(page.locator("#pausing button")).to_have_count(0)
    visit.watch.look(both_schemes=True)
    page.click("#sending > .notice form button")
    visit.at("results")
    visit.expect_closed()
    assert visit.sum()["accepted"] == 150
    assert len(sandbox.platform.people[1].texts) == 150


def test_unknown_outcome_is_decided_by_a_person(
    browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any
) -> None:
    sandbox.desk.change({"drop": "after", "times": 1, "path": "import_batch"})
    visit = browse(anna, width=360)
    page = visit.page
    visit.upload("people.csv", table(people(8)).encode())
    visit.on_from_file()
    page.check("input[name=run_triggers]")
    visit.on_from_columns()
    visit.send()
    visit.at("sending")
    page.click(f"#sending a[href='{reverse('job_unknown', args=[visit.uuid()])}']")
    visit.at("unknown")
    visit.watch.look(both_schemes=True)
    page.click("form[action*=decide] .btn-primary")
    expect(page.locator(".error-summary")).to_be_focused()
    visit.watch.look()
    page.check("input[name=choice][value=arrived]")
    page.fill("textarea[name=reason]", "They are in the database: looked there.")
    page.click("form[action*=decide] .btn-primary")
    visit.at("results")
    visit.expect_closed()
    sums = visit.sum()
    assert sums["total"] == 8 and sums["unknown"] == sums["pending"] == 0
    assert sums["accepted"] == 8
    page.goto(visit.site + reverse("job_history", args=[visit.uuid()]))
    expect(page.locator("main")).to_contain_text("They are in the database: looked there.")
    visit.watch.look()


def test_one_profile_is_typed_mended_and_sent(browse: Open, account: Any, worker: Any, sandbox: Any, anna: Any) -> None:
    visit = browse(anna)
    page = visit.page
    visit.go("form_new")
    page.fill("input[name=value-email]", "kamila.example.com")
    page.fill("input[name=value-_fname]", "Kamila")
    page.click(".actionbar .btn-primary")
    wrong = page.locator("#id_value-email")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    told = page.locator("#" + str(wrong.get_attribute("aria-describedby")).split()[-1])
    expect(told).to_contain_text("@")
    visit.watch.look()
    page.fill("input[name=value-email]", "kamila@example.com")
    page.click(".actionbar .btn-primary")
    visit.send()
    visit.at("results")
    visit.expect_closed()
    assert visit.sum()["accepted"] == 1
    [kept] = [sandbox.platform.people[1].get(one) for one in sandbox.platform.people[1].texts]
    assert kept["_fname"] == "Kamila"
