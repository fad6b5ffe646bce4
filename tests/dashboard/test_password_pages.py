"""A new password, by whoever knows the old one or by a link in one's mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imports import tasks
from imports.models import ForgottenPassword, HistoryEvent
from tests.signing import PASSWORD, with_factor

NEW = "correct horse battery staple"
LOST = "/password/forgotten/"


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    """How often an address has asked is kept in the cache, which outlives a test."""
    cache.clear()


def given(old: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}


def link(letter: Any) -> str:
    found = re.search(r"https?://[^/]+(/password/new/\S+)", letter.body)
    assert found
    return found[1]


def ask(client: Any, address: str) -> str:
    """The page's answer; by then a worker has sent what is to be sent."""
    page: str = client.post(LOST, {"email": address}).content.decode()
    tasks.send_letters()
    return page


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
    assert "Look into your mail" in ask(client, "Anna@example.com")
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
    ask(client, anna.email)
    page = client.get(link(mail.outbox[0]), follow=True).request["PATH_INFO"]
    client.post(page, {"new_password1": NEW, "new_password2": NEW})

    assert as_anna.get("/").status_code == 302


def test_it_is_not_a_way_past_the_second_factor(client: Any, anna: Any) -> None:
    with_factor(anna)
    ask(client, anna.email)
    page = client.get(link(mail.outbox[0]), follow=True).request["PATH_INFO"]
    client.post(page, {"new_password1": NEW, "new_password2": NEW})

    assert client.get("/").status_code == 302
    assert client.post("/login/", {"username": "anna", "password": NEW}).url == "/login/code/"


def test_the_page_says_the_same_of_nobody(client: Any, anna: Any, django_user_model: Any) -> None:
    known, unknown = ask(client, anna.email), ask(client, "nobody@example.com")

    strip = re.compile(r'(csrf-token" content="|csrfmiddlewaretoken" value="|since=)[^"]*')
    assert strip.sub("", known) == strip.sub("", unknown)
    assert len(mail.outbox) == 1


def test_nobody_is_flooded_with_letters(client: Any, anna: Any) -> None:
    for _ in range(4):
        ask(client, anna.email)

    assert len(mail.outbox) == 1
    assert HistoryEvent.objects.filter(verb="password_reset_asked").count() == 1


def test_who_was_switched_off_or_has_no_password_gets_none(client: Any, anna: Any, boris: Any) -> None:
    anna.is_active = False
    anna.save()
    boris.set_unusable_password()
    boris.save()
    for person in (anna, boris):
        ask(client, person.email)

    assert not mail.outbox


def test_the_page_looks_nobody_up_and_sends_nothing(client: Any, anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that how long it takes tells nothing: for everybody it does the same."""
    rung: list[Any] = []
    monkeypatch.setattr(tasks, "ring", lambda task, number: rung.append((task.name, number)))
    costs = set()
    for address in (anna.email, "nobody@example.com", "anna+other@example.com"):
        with CaptureQueriesContext(connection) as asked:
            client.post(LOST, {"email": address})
        costs.add(len(asked))
        assert not [one for one in asked.captured_queries if "auth_user" in one["sql"]]

    assert len(costs) == 1
    assert not mail.outbox and rung == [("imports.tasks.send_letters", 0)] * 3
    assert not any("anna" in one.sealed_address for one in ForgottenPassword.objects.all())
    tasks.send_letters()
    assert [letter.to for letter in mail.outbox] == [[anna.email]] and not ForgottenPassword.objects.exists()


def test_a_lost_bell_costs_a_moment(client: Any, anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post(LOST, {"email": anna.email})
    rung: list[Any] = []
    monkeypatch.setattr(tasks, "ring", lambda task, number: rung.append(task.name))

    tasks.ring_letters()

    assert rung == ["imports.tasks.send_letters"]


def test_a_mail_server_that_is_away_is_tried_again_for_an_hour(
    client: Any, anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(EmailBackend):
        def open(self) -> bool:
            raise OSError("nobody there")

    client.post(LOST, {"email": anna.email})
    with monkeypatch.context() as broken:
        broken.setattr("imports.actions.forgotten.get_connection", Away)
        tasks.send_letters()
    assert not mail.outbox and not HistoryEvent.objects.filter(verb="password_reset_asked").exists()
    tasks.send_letters()  # not at once
    assert not mail.outbox
    ForgottenPassword.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    tasks.send_letters()
    assert len(mail.outbox) == 1

    client.post(LOST, {"email": "boris@example.com"})
    ForgottenPassword.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    tasks.send_letters()
    assert len(mail.outbox) == 1 and not ForgottenPassword.objects.exists()


def test_a_letter_the_server_refuses_goes_no_second_time(
    client: Any, anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(EmailBackend):
        def send_messages(self, _messages: Any) -> int:
            raise OSError("broken off")

    client.post(LOST, {"email": anna.email})
    with monkeypatch.context() as broken:
        broken.setattr("imports.actions.forgotten.get_connection", Refusing)
        tasks.send_letters()

    assert not ForgottenPassword.objects.exists()


def test_the_letter_is_in_the_language_of_the_page(client: Any, anna: Any) -> None:
    client.post(LOST, {"email": anna.email}, headers={"Accept-Language": "ru"})
    tasks.send_letters()

    assert "Новый пароль" in mail.outbox[0].subject


@pytest.mark.parametrize("address", ["/password/new/MQ/set-password/", "/password/new/x/y-z/", "/password/new/!!/1/"])
def test_a_link_that_is_none_is_told(address: str, client: Any, db: None) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert "This link is not good any more" in answer.content.decode()


def test_without_a_mail_server_there_is_no_such_page(client: Any, db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert client.get(LOST).status_code == 404
    assert LOST not in client.get("/login/").content.decode()
