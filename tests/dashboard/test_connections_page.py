"""Accounts of the platform, for administrators."""

import re
from typing import Any

import pytest

from imports import actions
from imports.models import Connection
from tests.factories import fresh, make_connection, make_done_job, make_job, make_sending_job
from tests.faulty_server import FaultyServer, answers
from tests.signing import PASSWORD

TOKEN = "a-very-secret-token"


def settings_of(url: str, **changed: str) -> dict[str, str]:
    usual = {
        "name": "Northfield",
        "base_url": url,
        "token": TOKEN,
        "profiles_per_request": "500",
        "megabytes": "9",
        "parallel": "2",
        "deadline_seconds": "120",
        "approval": "never",
        "canary_rows": "0",
        "brake_percent": "30",
        "brake_after": "100",
        "nested_email": "on",
        "proof": PASSWORD,
    }
    return usual | changed


def test_an_empty_list_offers_to_connect_one(as_boris: Any) -> None:
    assert "No account is connected yet" in as_boris.get("/connections/").content.decode()


def test_the_list_tells_what_ails_an_account(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox)
    assert "In use" in as_boris.get("/connections/").content.decode()
    Connection.objects.filter(pk=account.pk).update(failures_in_row=3)
    assert "Does not answer" in as_boris.get("/connections/").content.decode()


def test_an_account_is_added(as_boris: Any, sandbox: Any) -> None:
    answer = as_boris.post("/connections/new/", settings_of(sandbox.url, bearer="on"))
    made = Connection.objects.get()
    assert answer.url == f"/connections/{made.pk}/"
    assert (made.name, made.token, made.profiles_per_request, made.bytes_per_request) == (
        "Northfield",
        TOKEN,
        500,
        9_000_000,
    )
    assert made.bearer
    assert made.nested_email


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"token": ""}, "This field is required"),
        ({"token": "two words"}, "This is not an API token"),
        ({"base_url": "https://elsewhere.example"}, "The host elsewhere.example is not allowed here"),
        ({"base_url": "nonsense"}, "Address of the platform"),
        ({"profiles_per_request": "20000"}, "Write a whole number from 1 to 10,000."),
        ({"parallel": "0"}, "Write a whole number from 1 to 64."),
        ({"megabytes": "x"}, "Write a number from 0.01 to 100."),
        ({"deadline_seconds": "2"}, "Write a whole number from 5 to 600."),
        ({"requests_per_second": "2000"}, "Write a number from 0 to 1,000"),
        ({"brake_percent": "100"}, "Write a whole number from 0 to 99."),
        ({"canary_rows": ""}, "Write a whole number from 0 to 1,000."),
        ({"approval": "sometimes"}, "sometimes is not one of the available choices"),
        ({"approval": "above"}, "Write from how many profiles on somebody looks."),
        ({"approval": "above", "approval_above": "0"}, "Write a whole number from 1 to 999,999,999."),
    ],
)
def test_wrong_settings_are_told(as_boris: Any, sandbox: Any, changed: dict[str, str], sentence: str) -> None:
    answer = as_boris.post("/connections/new/", settings_of(sandbox.url) | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert TOKEN not in answer.content.decode()
    assert not Connection.objects.exists()


def test_the_rule_for_approvals_is_chosen_and_shown_again(as_boris: Any, sandbox: Any) -> None:
    as_boris.post("/connections/new/", settings_of(sandbox.url, approval="above", approval_above="500"))
    made = Connection.objects.get()
    assert made.approval == "above:500"
    page = as_boris.get(f"/connections/{made.pk}/").content.decode()
    assert '<option value="above" selected>' in page
    assert re.search(r'name="approval_above"[^>]*500|500[^>]*name="approval_above"', page)


def test_a_name_is_taken_once(as_boris: Any, sandbox: Any, db: None) -> None:
    make_connection(sandbox, name="Northfield", look=False)
    answer = as_boris.post("/connections/new/", settings_of(sandbox.url))
    assert "There is a connection “Northfield” already" in answer.content.decode()


def test_the_token_is_never_shown_and_kept_when_left_empty(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    page = f"/connections/{account.pk}/"
    assert sandbox.token not in as_boris.get(page).content.decode()
    assert as_boris.post(page, settings_of(sandbox.url, token="", parallel="7")).url == page
    account.refresh_from_db()
    assert (account.name, account.parallel, account.token) == ("Northfield", 7, sandbox.token)


def test_requests_per_second_are_kept_and_shown(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    page = f"/connections/{account.pk}/"
    assert as_boris.post(page, settings_of(sandbox.url, requests_per_second="2.5")).status_code == 302
    account.refresh_from_db()
    assert account.requests_per_second == 2.5
    assert 'value="2.5"' in as_boris.get(page).content.decode()
    wrong = as_boris.post(page, settings_of(sandbox.url, requests_per_second="999999999"))
    assert wrong.status_code == 422


def test_a_new_token_replaces_the_old(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    as_boris.post(f"/connections/{account.pk}/", settings_of(sandbox.url))
    account.refresh_from_db()
    assert account.token == TOKEN


def test_refused_changes_leave_the_heading_as_it_is(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    changed = settings_of("https://elsewhere.example", name="Renamed")
    answer = as_boris.post(f"/connections/{account.pk}/", changed)
    assert answer.status_code == 422
    assert "<h1>Sandbox</h1>" in answer.content.decode()
    account.refresh_from_db()
    assert account.name == "Sandbox"


def test_the_test_says_which_calls_work(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    answer = as_boris.post(f"/connections/{account.pk}/test/", headers={"HX-Request": "true"})
    text = answer.content.decode()
    for call in ("Profile databases", "Fields of a database", "Looking a profile up", "Channels of a resource"):
        assert f"<b>{call}</b>: works" in text
    assert "<b>Starting a scenario</b>: not tried: a test does not write" in text
    assert "<html" not in text
    assert not sandbox.platform.applied


def test_the_test_works_without_script_too(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    assert "<html" in as_boris.post(f"/connections/{account.pk}/test/").content.decode()


def test_a_wrong_token_is_named(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    account.token = "wrong"
    account.save()
    text = as_boris.post(f"/connections/{account.pk}/test/").content.decode()
    assert "The API token is wrong" in text
    account.refresh_from_db()
    assert account.catalogue_at is None


def test_a_platform_that_is_gone_is_told(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox)
    looked_at = account.catalogue_at
    sandbox.stop()
    text = as_boris.post(f"/connections/{account.pk}/refresh/", follow=True).content.decode()
    assert "Nothing answers at that address" in text
    account.refresh_from_db()
    assert account.catalogue_at == looked_at
    assert account.part("databases")


def test_refresh_fetches_lists_and_known_fields(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox)
    Connection.objects.filter(pk=account.pk).update(catalogue={"databases": [], "fields/1": []})
    text = as_boris.post(f"/connections/{account.pk}/refresh/", follow=True).content.decode()
    assert "The lists are up to date" in text
    account.refresh_from_db()
    assert account.part("databases")
    assert account.part("fields/1")


@pytest.mark.parametrize("address", ["/connections/", "/connections/new/", "/connections/1/"])
def test_marketers_and_auditors_may_not_look(as_anna: Any, as_vera: Any, address: str) -> None:
    assert as_anna.get(address).status_code == 403
    assert as_vera.get(address).status_code == 403


@pytest.mark.parametrize("verb", ["test", "refresh"])
def test_trying_has_its_method_and_its_people(as_boris: Any, as_anna: Any, verb: str) -> None:
    assert as_boris.get(f"/connections/1/{verb}/").status_code == 405
    assert as_anna.post(f"/connections/1/{verb}/").status_code == 403
    assert as_boris.post(f"/connections/1/{verb}/").status_code == 404


def test_history_knows_of_the_change_but_not_the_token(as_boris: Any, sandbox: Any) -> None:
    from imports.models import HistoryEvent

    as_boris.post("/connections/new/", settings_of(sandbox.url))
    told = [f"{event.verb} {event.object_text} {event.details}" for event in HistoryEvent.objects.all()]
    assert any("connection_added" in line for line in told)
    assert not any(TOKEN in line for line in told)


def test_what_a_test_showed_stays_on_the_page_with_its_date_and_person(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    as_boris.post(f"/connections/{account.pk}/test/")
    text = as_boris.get(f"/connections/{account.pk}/").content.decode()
    assert "<b>Profile databases</b>: works" in text
    assert re.search(r"Tested <time[^>]*>[^<]+</time>, boris", text)


def test_a_call_an_import_has_used_is_told_as_seen(as_boris: Any, boris: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    make_done_job(boris, account)
    text = as_boris.post(f"/connections/{account.pk}/test/").content.decode()
    assert re.search(r"<b>Adding and updating profiles</b>: works <span[^>]*>\(seen in an import", text)
    assert "<b>Updating profiles</b>: not tried" in text


def test_a_token_without_rights_is_told_call_by_call(as_boris: Any, db: None) -> None:
    with FaultyServer(answers(200, {"error": 403, "error_text": "No access"}, keep=True)) as server:
        made = actions.add_connection(name="Closed", base_url=server.url, token=TOKEN, by=None)
        text = as_boris.post(f"/connections/{made.pk}/test/").content.decode()
    assert "<b>Profile databases</b>: refused" in text
    assert "has no right to do this" in text
    assert "<b>Segments</b>: refused" in text


def test_a_page_of_another_program_is_told_as_such(as_boris: Any, db: None) -> None:
    with FaultyServer(answers(200, "<html>Welcome</html>", {"Content-Type": "text/html"}, keep=True)) as server:
        made = actions.add_connection(name="Elsewhere", base_url=server.url, token=TOKEN, by=None)
        text = as_boris.post(f"/connections/{made.pk}/test/").content.decode()
    assert "<b>Profile databases</b>: answers otherwise than documented" in text
    assert "a web page or other text" in text


def test_the_first_call_without_an_answer_ends_the_test(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    sandbox.stop()
    text = as_boris.post(f"/connections/{account.pk}/test/").content.decode()
    assert "<b>Profile databases</b>: not reachable" in text
    assert "<b>Resources</b>" not in text


def test_it_is_switched_off_and_on_with_words(as_boris: Any, boris: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    page = f"/connections/{account.pk}/"
    assert "Switch this account off?" in as_boris.get(page).content.decode()
    text = as_boris.post(f"{page}off/", follow=True).content.decode()
    assert "Switched off by boris" in text
    assert "Switched off" in as_boris.get("/connections/").content.decode()
    assert "is switched off already" in as_boris.post(f"{page}off/", follow=True).content.decode()
    assert "The connection is switched on." in as_boris.post(f"{page}on/", follow=True).content.decode()
    assert Connection.objects.get().disabled_at is None


def test_an_import_says_that_its_account_is_off_and_goes_on_afterwards(
    as_anna: Any, as_boris: Any, anna: Any, sandbox: Any
) -> None:
    account = make_connection(sandbox)
    job = make_sending_job(anna, account)
    as_boris.post(f"/connections/{account.pk}/off/")
    text = as_anna.get(f"/imports/{job.uuid}/sending/").content.decode()
    assert "The connection was switched off by boris." in text
    assert "It goes on by itself when an administrator switches it on." in text
    as_boris.post(f"/connections/{account.pk}/on/")
    actions.drain(job.pk)
    assert fresh(job).state == "done"


def test_a_switched_off_account_is_not_offered_and_not_taken(as_anna: Any, anna: Any, boris: Any, sandbox: Any) -> None:
    make_connection(sandbox, name="Northfield")
    off = make_connection(sandbox, name="Southfield")
    job = make_job(anna)
    actions.switch_off(off, by=boris)
    page = f"/imports/{job.uuid}/columns/"
    assert "Southfield" not in as_anna.get(page).content.decode()
    given = {"connection": str(off.pk), "database": "1", "operation": "import", "matching": "email", "field-0": "email"}
    as_anna.post(page, given)
    assert fresh(job).connection is None


def test_a_new_token_says_how_stopped_imports_go_on(as_boris: Any, boris: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    job = make_sending_job(boris, account)
    sandbox.platform.token = "another-token"
    actions.drain(job.pk)
    assert fresh(job).state == "held"
    page = f"/connections/{account.pk}/"
    assert f'<a href="/imports/{job.uuid}/sending/">people.csv</a>' in as_boris.get(page).content.decode()
    text = as_boris.post(page, settings_of(sandbox.url, token="another-token"), follow=True).content.decode()
    assert "press Continue on the imports it had stopped" in text
    held = as_boris.get(f"/imports/{job.uuid}/sending/").content.decode()
    assert "The token was replaced since. Press Continue to go on with it." in held
    as_boris.post(f"/imports/{job.uuid}/resume/")
    actions.drain(job.pk)
    assert fresh(job).state == "done"


# --- what the documents leave open ---


def asked(place: str = "1", **more: str) -> dict[str, str]:
    return {"database": place, "resource": "28", "apply": "on", "agreed": "on"} | more


def test_a_question_says_what_would_be_written_before_anything_is(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox)
    text = as_boris.get(f"/connections/{account.pk}/questions/email_spelling/").content.decode()
    assert "4 test profiles are written." in text
    assert "TEST Import dashboard" in text
    assert "Write the test profiles to Altcraft" in text
    assert not sandbox.platform.applied


def test_nothing_is_written_without_a_plain_yes(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox)
    given = asked()
    del given["agreed"]
    answer = as_boris.post(f"/connections/{account.pk}/questions/status/", given)
    assert answer.status_code == 422
    assert "Tick this first" in answer.content.decode()
    assert not sandbox.platform.applied


def test_what_was_seen_stands_on_the_page_with_place_date_and_person(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox)
    text = as_boris.post(f"/connections/{account.pk}/questions/not_found/", asked(), follow=True).content.decode()
    assert "Nobody is found: the answer is 404 Profile not found." in text
    assert re.search(r"Seen <time[^>]*>[^<]+</time>, boris, database 1", text)


def test_a_question_nobody_knows_is_not_found(as_boris: Any, sandbox: Any, db: None) -> None:
    account = make_connection(sandbox, look=False)
    assert as_boris.get(f"/connections/{account.pk}/questions/what/").status_code == 404


@pytest.mark.parametrize("changed", [{"token": "another-token"}, {"token": "", "base_url": "http://127.0.0.1:9"}])
def test_token_and_address_want_a_proof_and_limits_do_not(
    changed: dict[str, str], as_boris: Any, sandbox: Any, db: None
) -> None:
    account = make_connection(sandbox)
    page = f"/connections/{account.pk}/"

    refused = as_boris.post(page, settings_of(account.base_url, proof="guess-work") | changed)
    unproved = as_boris.post(page, settings_of(account.base_url, proof="") | changed)

    assert "Neither your password nor a code" in refused.content.decode()
    assert "Type your password" in unproved.content.decode()
    kept = Connection.objects.get()
    assert (kept.token, kept.base_url) == (sandbox.token, account.base_url)
    assert as_boris.post(page, settings_of(account.base_url, token="", parallel="7", proof="")).url == page
