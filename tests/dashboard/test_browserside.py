"""What every answer tells the browser: every address, every role, errors, files and redirects."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import path, reverse
from django.urls.resolvers import URLPattern, get_resolver

from tests.dashboard.test_roles import PLACES, named_routes
from tests.factories import make_checked_job

EVERY_ANSWER = {
    "Content-Security-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
}


def address_of(name: str) -> str:
    return reverse(name, kwargs={key: PLACES.get(key, "x") for key in named_routes()[name].pattern.converters})


def told_wrong(answer: Any) -> list[str]:
    """What is missing or weak in the headers of an answer that is not a static file."""
    missing = sorted(EVERY_ANSWER - set(answer.headers))
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        missing.append("Cache-Control: no-store")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        missing.append("nosniff")
    if "Access-Control-Allow-Origin" in answer.headers:
        missing.append("answers other origins")
    policy = answer.headers.get("Content-Security-Policy", "")
    missing += [one for one in POLICY if one not in policy.split("; ")]
    for cookie in filter(lambda one: one["max-age"] != 0, answer.cookies.values()):  # 0: it is taken away
        missing += [] if cookie["samesite"] == "Lax" and cookie["httponly"] else [f"cookie {cookie.key}"]
    content = answer.headers.get("Content-Type", "")
    if content.startswith("text/") and "charset=utf-8" not in content:
        missing.append(content)
    return missing


POLICY = [
    "default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'",
    "style-src 'self'", "form-action 'self'", "connect-src 'self'",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(named_routes()))
def test_every_address_tells_the_browser_the_same(
    name: str, as_anna: Any, as_clara: Any, as_boris: Any, as_vera: Any, client: Client
) -> None:
    """404, 403, redirects and pages alike: whatever there is behind the address for this person."""
    found = {}
    for who, browser in {"anna": as_anna, "clara": as_clara, "boris": as_boris, "vera": as_vera, "-": client}.items():
        for method in (browser.get, browser.head, browser.options, browser.post):
            found[who, method.__name__] = told_wrong(method(address_of(name)))

    assert {key: wrong for key, wrong in found.items() if wrong} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["job_check", "job_download", "job_file", "job_columns", "job_json", "home", "news"])
def test_pages_with_people_on_them_tell_it_too(name: str, as_anna: Any, anna: Any, account: Any) -> None:
    job = make_checked_job(anna, account, "E-mail,First name\nada@example.com,Ada\n")
    where = reverse(name, args=[job.uuid]) if name.startswith("job_") else reverse(name)

    answer = as_anna.get(where, {"row": "2"})

    assert answer.status_code == 200
    assert told_wrong(answer) == []


# --- errors ---


def falls(request: Any) -> Any:
    raise RuntimeError("nobody expected this")


urlpatterns = [path("falls/", falls, name="falls")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "status", "headers"),
    [
        ("/falls/", 500, {}),
        ("/nothing/here/", 404, {}),
        ("/", 400, {"Host": "somebody-else.example.com"}),
    ],
)
def test_errors_tell_it_too(where: str, status: int, headers: dict[str, str], anna: Any) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(anna)

    with override_settings(ROOT_URLCONF=(*get_resolver().url_patterns, *urlpatterns)):
        answer = browser.get(where, headers=headers)

    assert answer.status_code == status
    assert told_wrong(answer) == []


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_and_told_it(anna: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)

    answer = browser.post(reverse("preferences"), {"language": "ru"})

    assert answer.status_code == 403
    assert told_wrong(answer) == []


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_the_way_to_https_is_told_it_and_https_stays(client: Client) -> None:
    answer = client.get("/login/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/login/")
    assert told_wrong(answer) == []

    assert client.head("/nothing/", secure=True).headers["Strict-Transport-Security"].startswith("max-age=31536000")


# --- what ends a session, and cookies ---


@pytest.mark.django_db
def test_signing_out_clears_what_the_browser_kept(as_anna: Any) -> None:
    assert as_anna.post(reverse("logout")).headers["Clear-Site-Data"] == '"cache"'


def test_every_cookie_is_for_this_host_and_no_script() -> None:
    """The names with __Host- and Secure are those of a deployment: see tests/dashboard/test_settings.py."""
    used = {"SESSION", "CSRF"}
    assert all(getattr(settings, f"{one}_COOKIE_HTTPONLY") for one in used)
    assert all(getattr(settings, f"{one}_COOKIE_SAMESITE") == "Lax" for one in used)
    assert all(getattr(settings, f"{one}_COOKIE_DOMAIN") is None for one in used)


def test_no_address_is_left_out() -> None:
    """Nested addresses are the admin's only; whatever else is added has to be looked at here too."""
    nested = [one for one in get_resolver().url_patterns if not isinstance(one, URLPattern)]
    assert [str(one.pattern) for one in nested] in (["admin/"], ["admin/", "accounts/"])


# --- what the pages themselves may do ---

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
HTMX = {  # as base.html configures it; what it would do by itself is more than the pages need
    "selfRequestsOnly": True,
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
    "includeIndicatorStyles": False,
}
SAFE = {
    "templates/django/forms/help.html",  # as in Django's own template: help texts are ours
    "templates/account/second_factor.html",  # the picture of the key, drawn by the library
}


def test_htmx_keeps_nothing_and_runs_nothing() -> None:
    base = (ROOT / "templates/base.html").read_text()
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", base)[1])  # type: ignore[index]

    assert {name: config.get(name) for name in HTMX} == HTMX


def test_no_template_lets_text_pass_as_markup() -> None:
    unescaped = re.compile(r"\|\s*safe\b|autoescape off")
    found = {str(path.relative_to(ROOT)) for path in TEMPLATES if unescaped.search(path.read_text())}

    assert found <= SAFE


def test_scripts_keep_choices_of_looks_only() -> None:
    """Keys of localStorage are few and known; what is kept under them is a word of ours, never what a person typed."""
    scripts = "".join(path.read_text() for path in (ROOT / "static/js").glob("*.js"))

    assert set(re.findall(r"(?:localStorage\.[gs]etItem|\bstored?)\(\"(\w+)\"", scripts)) == {"keys", "theme"}
    assert re.findall(r"sessionStorage\.(\w+)", scripts) == ["removeItem"]
    assert "indexedDB" not in scripts and "document.cookie" not in scripts
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML\s*=|document\.write|insertAdjacentHTML", scripts)
