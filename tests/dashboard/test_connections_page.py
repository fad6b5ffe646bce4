"""Accounts of the platform, for administrators."""

from typing import Any

import pytest

from imports.models import Connection
from tests.factories import make_connection

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
        "nested_email": "on",
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
        ({"profiles_per_request": "20000"}, "less than or equal to 10000"),
        ({"parallel": "0"}, "greater than or equal to 1"),
        ({"megabytes": "x"}, "Enter a number"),
    ],
)
def test_wrong_settings_are_told(as_boris: Any, sandbox: Any, changed: dict[str, str], sentence: str) -> None:
    answer = as_boris.post("/connections/new/", settings_of(sandbox.url) | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert TOKEN not in answer.content.decode()
    assert not Connection.objects.exists()


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
    assert text.count("works") >= 5
    assert "Fields of a database" in text
    assert "<html" not in text


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
