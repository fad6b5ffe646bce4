"""The door: names and addresses, the second factor, wrong tries, where a request comes from, what history tells."""

import logging
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.urls import reverse

from imports.models import HistoryEvent, ImportJob
from tests.signing import PASSWORD, code_of, with_factor

LOGIN, CODE = "/login/", "/login/code/"
FORM = "/imports/form/"


def knock(client: Any, name: str = "anna", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password} | more.pop("given", {}), **more)


def is_in(client: Any) -> bool:
    return bool(client.get("/").status_code == 200)


def verbs() -> list[str]:
    return list(HistoryEvent.objects.order_by("pk").values_list("verb", flat=True))


# --- names ---


@pytest.mark.parametrize("name", ["anna", "anna@example.com", "Anna@Example.COM"])
def test_a_user_name_or_an_e_mail_opens(name: str, client: Any, anna: Any) -> None:
    assert knock(client, name).status_code == 302
    assert is_in(client)
    event = HistoryEvent.objects.get(verb="signed_in")
    assert (event.actor_id, event.details) == (anna.pk, {"how": "password", "address": "127.0.0.1"})


def test_an_address_of_two_people_opens_for_neither(client: Any, anna: Any, boris: Any) -> None:
    User.objects.update(email="both@example.com")

    knock(client, "both@example.com")

    assert not is_in(client)


@pytest.mark.parametrize("name", ["", "nobody", "\0", "x" * 254, "a@b@c", "anna\u202e"])
def test_a_name_that_is_nobodys_is_refused_in_the_same_words(name: str, client: Any, anna: Any) -> None:
    text = knock(client, name).content.decode()

    assert "The name or the password is wrong" in text or "required" in text or "Null characters" in text
    assert not is_in(client)


def test_somebody_switched_off_hears_nothing_else(client: Any, anna: Any) -> None:
    User.objects.update(is_active=False)

    assert "The name or the password is wrong" in knock(client).content.decode()


def test_the_session_gets_a_new_number(client: Any, anna: Any) -> None:
    client.get("/login/")
    client.session["planted"] = True
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["session"] = before

    knock(client)

    assert client.session.session_key != before


def test_whoever_comes_from_elsewhere_is_not_led_there(client: Any, anna: Any) -> None:
    assert knock(client, given={"next": "https://evil.example.com/"}).url == "/"


# --- wrong tries ---


def test_after_five_the_right_password_has_to_wait_too(client: Any, anna: Any) -> None:
    for _ in range(5):
        knock(client, password="guess-work")
    answer = knock(client)

    assert answer.status_code == 429
    assert "That was wrong too often" in answer.content.decode()
    assert not is_in(client)
    assert verbs() == ["sign_in_failed"] * 5 + ["locked_out"]
    assert HistoryEvent.objects.filter(verb="sign_in_failed").last().details["tries"] == 5


def test_somebody_elsewhere_is_not_shut_out(client: Any, anna: Any) -> None:
    for _ in range(6):
        knock(client, password="guess-work", REMOTE_ADDR="203.0.113.9")

    assert knock(client, REMOTE_ADDR="198.51.100.2").status_code == 302


def test_another_person_at_the_same_address_is_not_shut_out(client: Any, anna: Any, boris: Any) -> None:
    for _ in range(6):
        knock(client, password="guess-work")

    assert knock(client, "boris").status_code == 302


def test_name_and_address_of_one_person_count_together(client: Any, anna: Any) -> None:
    for name in ("anna", "anna@example.com", "anna", "ANNA@example.com", "anna"):
        knock(client, name, "guess-work")

    assert knock(client).status_code == 429


def test_another_browser_does_not_begin_anew(client: Any, anna: Any) -> None:
    for number in range(5):
        knock(client, password="guess-work", headers={"User-Agent": f"browser {number}"})

    assert knock(client, headers={"User-Agent": "another"}).status_code == 429
    assert AccessAttempt.objects.count() == 1


def test_an_address_somebody_makes_up_does_not_help(client: Any, anna: Any) -> None:
    for number in range(5):
        knock(client, password="guess-work", headers={"X-Forwarded-For": f"203.0.113.{number}"})

    assert knock(client, headers={"X-Forwarded-For": "203.0.113.77"}).status_code == 429


def test_behind_a_proxy_only_what_the_proxy_added_counts(client: Any, anna: Any, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for number in range(5):
        made_up = {"X-Forwarded-For": f"203.0.113.{number}, 192.0.2.50"}
        knock(client, password="guess-work", headers=made_up)

    assert knock(client, headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.50"}).status_code == 429
    assert knock(client, headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.51"}).status_code == 302
    assert HistoryEvent.objects.filter(verb="locked_out").get().details["address"] == "192.0.2.50"


def test_signing_in_begins_the_count_anew(client: Any, anna: Any) -> None:
    for _ in range(4):
        knock(client, password="guess-work")
    knock(client)
    client.post("/logout/")
    for _ in range(4):
        knock(client, password="guess-work")

    assert knock(client).status_code == 302


def test_nothing_that_was_typed_is_kept_or_told(client: Any, anna: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        given = {"kept": '[["value-email","kamila@example.com"]]', "next": FORM}
        knock(client, "my-secret-typed-as-name", "another-secret", given=given)
        knock(client, "anna", "another-secret", given=given)

    events = str(list(HistoryEvent.objects.values_list("object_text", "details", "actor_name")))
    rows = str(list(AccessAttempt.objects.values()))
    for secret in ("my-secret-typed-as-name", "another-secret", "kamila@example.com"):
        assert secret not in events + rows + caplog.text
    assert [e.details["known"] for e in HistoryEvent.objects.order_by("pk")] == [False, True]


def test_a_name_that_is_nobodys_is_shut_out_like_any_other(client: Any, anna: Any) -> None:
    """Who is known here cannot be told from who has to wait."""
    for _ in range(5):
        knock(client, "nobody", "guess-work")

    assert knock(client, "nobody").status_code == 429


# --- the second factor ---


def test_the_password_alone_does_not_open(client: Any, anna: Any) -> None:
    secret = with_factor(anna)

    assert knock(client, given={"next": "/imports/new/"}).url == CODE
    assert not is_in(client)
    assert "signed_in" not in verbs()

    assert client.post(CODE, {"code": code_of(secret)}).url == "/imports/new/"
    assert is_in(client)
    assert HistoryEvent.objects.get(verb="signed_in").details["how"] == "password+code"


def test_a_code_opens_once(client: Any, anna: Any, django_assert_max_num_queries: Any) -> None:
    code = code_of(with_factor(anna))
    knock(client)
    client.post(CODE, {"code": code})
    client.post("/logout/")

    knock(client)
    answer = client.post(CODE, {"code": code})

    assert answer.status_code == 422
    assert "was used already" in answer.content.decode()
    assert not is_in(client)


def test_an_older_code_does_not_open_after_a_newer_one(client: Any, anna: Any) -> None:
    secret = with_factor(anna)
    knock(client)
    client.post(CODE, {"code": code_of(secret, steps=1)})
    client.post("/logout/")

    knock(client)

    assert client.post(CODE, {"code": code_of(secret)}).status_code == 422


def test_a_recovery_code_opens_once(client: Any, anna: Any) -> None:
    from imports import actions

    with_factor(anna)
    codes = actions.new_recovery_codes(anna)
    knock(client)
    assert client.post(CODE, {"code": f"{codes[3][:5]} {codes[3][5:]}"}).status_code == 302
    assert HistoryEvent.objects.get(verb="signed_in").details["how"] == "password+recovery"
    client.post("/logout/")

    knock(client)

    assert client.post(CODE, {"code": codes[3]}).status_code == 422
    assert actions.recovery_codes_left(anna) == 9


def test_guessing_codes_counts_with_guessing_passwords(client: Any, anna: Any) -> None:
    secret = with_factor(anna)
    knock(client, password="guess-work")
    knock(client)
    for _ in range(4):
        client.post(CODE, {"code": "000000"})

    answer = client.post(CODE, {"code": code_of(secret)})

    assert "wrong too often" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "1" * 20, "-1", "0x1234"])
def test_what_is_no_code_does_not_open(code: str, client: Any, anna: Any) -> None:
    with_factor(anna)
    knock(client)

    assert client.post(CODE, {"code": code}).status_code == 422


def test_without_a_password_there_is_no_page_for_the_code(client: Any, db: None) -> None:
    assert client.get(CODE).url == LOGIN
    assert client.post(CODE, {"code": "123456"}).url == LOGIN


def test_what_was_typed_is_carried_past_the_code_too(client: Any, anna: Any) -> None:
    secret = with_factor(anna)
    kept = '[["value-email","kamila@example.com"]]'

    asked = knock(client, given={"next": FORM, "kept": kept})
    assert "kamila@example.com" in asked.content.decode()
    wrong = client.post(CODE, {"code": "000000", "next": FORM, "kept": kept}).content.decode()
    assert "kamila@example.com" in wrong
    back = client.post(CODE, {"code": code_of(secret), "next": FORM, "kept": kept}).content.decode()

    assert f'action="{FORM}"' in back
    assert "kamila@example.com" in back
    assert not ImportJob.objects.exists()
    assert "kamila" not in str(client.session.items())


def test_somebody_switched_off_between_password_and_code_stays_out(client: Any, anna: Any) -> None:
    secret = with_factor(anna)
    knock(client)
    User.objects.update(is_active=False)
    client.post(CODE, {"code": code_of(secret)})

    assert not is_in(client)


# --- going out, other doors ---


def test_signing_out_is_told_and_empties_the_browser_s_cache(as_anna: Any, anna: Any) -> None:
    answer = as_anna.post("/logout/")

    assert answer["Clear-Site-Data"] == '"cache"'
    assert HistoryEvent.objects.get(verb="signed_out").actor_id == anna.pk


def test_django_s_own_doors_lead_to_ours(client: Any, anna: Any, as_anna: Any) -> None:
    assert client.get("/admin/").url.startswith(("/login/", "/admin/login/"))
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"
    assert client.post("/admin/login/", {"username": "anna", "password": PASSWORD}).url.startswith("/login/")
    assert as_anna.get("/admin/", follow=True).status_code == 403
    assert as_anna.get("/admin/password_change/").url == reverse("password_change")
