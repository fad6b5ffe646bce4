"""Coming in by way of another house: a real provider on loopback, and what it must not be able to do."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User

from imports.models import HistoryEvent
from tests.oidc import CLIENT, SECRET, Provider
from tests.signing import code_of, with_factor

BEGIN = "/login/by/sso/"


@pytest.fixture
def provider(settings: Any, db: None) -> Iterator[Provider]:
    running = Provider()
    running.claims = {"sub": "person-1", "email": "anna@example.com", "email_verified": True}
    place = {"server_url": running.url, "fetch_userinfo": False}
    app = {"provider_id": "sso", "name": "House", "client_id": CLIENT, "secret": SECRET, "settings": place}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.OIDC_NAME = "House"
    yield running
    running.stop()


def come(client: Any, query: str = "") -> Any:
    """Off to the provider and back, as a browser does; returns our answer."""
    off = client.get(BEGIN + query)
    assert off.status_code == 302, off.content
    back = requests.get(off.url, allow_redirects=False, timeout=30).headers["Location"]
    place = urlsplit(back)
    return client.get(f"{place.path}?{place.query}")


def is_in(client: Any) -> bool:
    return bool(client.get("/").status_code == 200)


def test_the_door_names_the_other_house(client: Any, provider: Provider) -> None:
    assert "Sign in with House" in client.get("/login/").content.decode()


def test_somebody_known_by_the_verified_address_comes_in(client: Any, anna: Any, provider: Provider) -> None:
    assert come(client, "?next=/imports/new/").url == "/imports/new/"
    assert is_in(client)
    event = HistoryEvent.objects.get(verb="signed_in")
    assert (event.actor_id, event.details["how"]) == (anna.pk, "sso")
    assert provider.asked[0]["code_challenge_method"] == "S256"


def test_later_the_account_counts_and_not_the_address(client: Any, anna: Any, provider: Provider) -> None:
    come(client)
    client.post("/logout/")
    provider.claims["email"] = "married@example.com"
    come(client)

    assert is_in(client)
    assert SocialAccount.objects.get().user_id == anna.pk


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.com"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email": ""},
    ],
)
def test_nobody_is_made_and_an_address_must_be_verified(
    claims: dict[str, Any], client: Any, anna: Any, provider: Provider
) -> None:
    provider.claims |= claims
    answer = come(client)

    assert answer.url == "/login/"
    assert "There is no account of yours here." in client.get("/login/").content.decode()
    assert not is_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert HistoryEvent.objects.get().verb == "sign_in_failed"


def test_somebody_switched_off_stays_out(client: Any, anna: Any, provider: Provider) -> None:
    come(client)
    client.post("/logout/")
    User.objects.update(is_active=False)
    come(client)

    assert not is_in(client)


def test_one_s_own_second_factor_is_asked_all_the_same(client: Any, anna: Any, provider: Provider) -> None:
    secret = with_factor(anna)
    assert come(client).url == "/login/code/"
    assert not is_in(client)
    client.post("/login/code/", {"code": code_of(secret)})

    assert is_in(client)
    assert HistoryEvent.objects.get(verb="signed_in").details["how"] == "sso+code"


@pytest.mark.parametrize(
    "changed",
    [{"iss": "https://evil.example.com"}, {"aud": "another-client"}, {"exp": 1_000_000_000}],
)
def test_a_token_for_somebody_else_is_refused(
    changed: dict[str, Any], client: Any, anna: Any, provider: Provider
) -> None:
    provider.changed = changed
    come(client)

    assert not is_in(client)


def test_a_token_signed_by_somebody_else_is_refused(client: Any, anna: Any, provider: Provider) -> None:
    provider.forged = True
    answer = come(client)

    assert answer.url == "/login/"
    assert "Signing in there did not work." in client.get("/login/").content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("query", ["", "?code=x&state=made-up", "?error=access_denied&state=made-up"])
def test_coming_back_without_having_gone_is_refused(query: str, client: Any, anna: Any, provider: Provider) -> None:
    assert client.get(f"{BEGIN}back/{query}").url == "/login/"
    assert not is_in(client)


def test_a_provider_that_is_away_is_told(client: Any, anna: Any, provider: Provider) -> None:
    provider.stop()

    assert client.get(BEGIN, follow=True).request["PATH_INFO"] == "/login/"


def test_without_the_setting_there_is_no_such_door(client: Any, db: None) -> None:
    assert client.get(BEGIN).status_code == 404
    assert client.get(f"{BEGIN}back/").status_code == 404
    assert BEGIN not in client.get("/login/").content.decode()


@pytest.mark.parametrize("name", ["other", "SSO"])
def test_another_provider_s_name_is_none(name: str, client: Any, provider: Provider) -> None:
    assert client.get(f"/login/by/{name}/").status_code == 404
