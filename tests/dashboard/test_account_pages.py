"""Signing in and out, the language, the watchman's page, pages for what went wrong."""

from typing import Any

import pytest


def test_signing_in_leads_to_the_page_asked_for(client: Any, anna: Any) -> None:
    anna.set_password("a long enough password")
    anna.save()
    asked = {"username": "anna", "password": "a long enough password", "next": "/imports/new/"}
    assert client.post("/login/?next=/imports/new/", asked).url == "/imports/new/"


def test_a_wrong_password_is_told_and_not_repeated(client: Any, anna: Any) -> None:
    answer = client.post("/login/", {"username": "anna", "password": "guess-work"})
    assert "The name or the password is wrong" in answer.content.decode()
    assert "guess-work" not in answer.content.decode()


def test_a_live_part_whose_session_ended_loads_its_page_again(client: Any, db: None) -> None:
    answer = client.get("/", headers={"HX-Request": "true"}, follow=True)
    assert answer.headers["HX-Refresh"] == "true"
    assert answer.content == b""


def test_somebody_signed_in_is_not_asked_again(as_anna: Any) -> None:
    assert as_anna.get("/login/").url == "/"


def test_signing_out_ends_the_session(as_anna: Any) -> None:
    assert as_anna.get("/logout/").status_code == 405
    as_anna.post("/logout/")
    assert as_anna.get("/").status_code == 302


def test_the_language_is_switched_and_comes_back(client: Any, db: None) -> None:
    answer = client.post("/language/", {"language": "ru", "next": "/login/"})
    assert answer.url == "/login/"
    assert '<html lang="ru">' in client.get("/login/").content.decode()


def test_the_watchman_is_answered_without_signing_in(client: Any) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.parametrize(("address", "status"), [("/no/such/page/", 404), ("/connections/", 403)])
def test_what_is_missing_or_closed_has_a_page_of_its_own(as_anna: Any, address: str, status: int) -> None:
    answer = as_anna.get(address)
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


def test_the_admin_pages_are_for_staff(as_anna: Any) -> None:
    assert as_anna.get("/admin/").status_code == 302
