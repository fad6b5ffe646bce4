"""A new password, by whoever knows the old one or by a link in one's mail."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from imports.models import HistoryEvent
from tests.signing import PASSWORD, with_factor

NEW = "correct horse battery staple"
LOST = "/password/forgotten/"


def given(old: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}


def link(letter: Any) -> str:
    found = re.search(r"https?://[^/]+(/password/new/\S+)", letter.body)
    assert found
    return found[1]


def test_a_new_password_counts_and_ends_the_other_sessions(as_anna: Any, anna: Any) -> None:
    other = Client()
    other.force_login(anna)

    as_anna.post("/password/", given())

    anna.refresh_from_db()
    assert anna.check_password(NEW)
    assert as_anna.get("/").status_code == 200
    assert other.get("/").status_code == 302
    event = HistoryEvent.objects.get(verb="password_changed")
    assert (event.actor_id, event.details) == (anna.pk, {"how": "page"})


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        (given(old="guess-work"), "That is not your present password."),
        (given(new="short"), "at least 12 characters"),
        (given(new="qwerty123456"), "too common"),
        (given(new="anna@example.com1"), "too similar"),
        (given(again="something else entirely"), "match"),
        (given(new=""), "required"),
    ],
)
def test_a_bad_one_is_told_and_changes_nothing(posted: dict[str, str], said: str, as_anna: Any, anna: Any) -> None:
    answer = as_anna.post("/password/", posted)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


@pytest.mark.parametrize("new", ["пароль из многих слов", "x" * 64 + " tail", "emoji 🙂 are letters too"])
def test_any_signs_and_64_and_more_are_taken(new: str, as_anna: Any, anna: Any) -> None:
    as_anna.post("/password/", given(new=new))

    anna.refresh_from_db()
    assert anna.check_password(new)


def test_guessing_the_old_one_has_to_wait(as_anna: Any) -> None:
    for _ in range(5):
        as_anna.post("/password/", given(old="guess-work"))

    assert "wrong too often" in as_anna.post("/password/", given()).content.decode()


# --- by mail ---


def test_a_link_in_the_mail_leads_to_a_new_password_once(client: Any, anna: Any) -> None:
    assert "Look into your mail" in client.post(LOST, {"email": "Anna@example.com"}).content.decode()
    first = link(mail.outbox[0])
    page = client.get(first, follow=True)
    assert first not in page.request["PATH_INFO"]  # the token leaves the address
    done = client.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})

    assert done.url == "/login/"
    anna.refresh_from_db()
    assert anna.check_password(NEW)
    assert HistoryEvent.objects.get(verb="password_changed").details == {"how": "mail"}
    assert client.get(first, follow=True).status_code == 404


def test_it_ends_every_session(as_anna: Any, client: Any, anna: Any) -> None:
    client.post(LOST, {"email": anna.email})
    page = client.get(link(mail.outbox[0]), follow=True).request["PATH_INFO"]
    client.post(page, {"new_password1": NEW, "new_password2": NEW})

    assert as_anna.get("/").status_code == 302


def test_it_is_not_a_way_past_the_second_factor(client: Any, anna: Any) -> None:
    with_factor(anna)
    client.post(LOST, {"email": anna.email})
    page = client.get(link(mail.outbox[0]), follow=True).request["PATH_INFO"]
    client.post(page, {"new_password1": NEW, "new_password2": NEW})

    assert client.get("/").status_code == 302
    assert client.post("/login/", {"username": "anna", "password": NEW}).url == "/login/code/"


def test_the_page_says_the_same_of_nobody(client: Any, anna: Any, django_user_model: Any) -> None:
    known = client.post(LOST, {"email": anna.email}).content.decode()
    unknown = client.post(LOST, {"email": "nobody@example.com"}).content.decode()

    strip = re.compile(r'(csrf-token" content="|csrfmiddlewaretoken" value="|since=)[^"]*')
    assert strip.sub("", known) == strip.sub("", unknown)
    assert len(mail.outbox) == 1


def test_nobody_is_flooded_with_letters(client: Any, anna: Any) -> None:
    for _ in range(4):
        client.post(LOST, {"email": anna.email})

    assert len(mail.outbox) == 1
    assert HistoryEvent.objects.filter(verb="password_reset_asked").count() == 1


def test_who_was_switched_off_or_has_no_password_gets_none(client: Any, anna: Any, boris: Any) -> None:
    anna.is_active = False
    anna.save()
    boris.set_unusable_password()
    boris.save()
    for person in (anna, boris):
        client.post(LOST, {"email": person.email})

    assert not mail.outbox


@pytest.mark.parametrize("address", ["/password/new/MQ/set-password/", "/password/new/x/y-z/", "/password/new/!!/1/"])
def test_a_link_that_is_none_is_told(address: str, client: Any, db: None) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert "This link is not good any more" in answer.content.decode()


def test_without_a_mail_server_there_is_no_such_page(client: Any, db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert client.get(LOST).status_code == 404
    assert LOST not in client.get("/login/").content.decode()
