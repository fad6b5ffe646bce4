"""Every address x every role: a new page without a rule fails here."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse

from dashboard.access import ADMIN, AUDITOR, MARKETER

FRAME = {"login", "logout", "set_language", "healthz"}  # for anybody, signed in or not
EVERYBODY, IMPORTERS, ADMINS = {MARKETER, ADMIN, AUDITOR}, {MARKETER, ADMIN}, {ADMIN}
RULES = {
    "home": EVERYBODY,
    "job_list": EVERYBODY,
    "history": EVERYBODY,
    "job": EVERYBODY,
    "job_file": EVERYBODY,
    "job_columns": EVERYBODY,
    "job_check": EVERYBODY,
    "job_sending": EVERYBODY,
    "job_results": EVERYBODY,
    "job_row": EVERYBODY,
    "job_unknown": EVERYBODY,
    "job_history": EVERYBODY,
    "job_new": IMPORTERS,
    "job_paste": IMPORTERS,
    "form_new": IMPORTERS,
    "form_several": IMPORTERS,
    "job_preview": IMPORTERS,
    "job_json": IMPORTERS,
    "job_start": IMPORTERS,
    "job_cancel": IMPORTERS,
    "job_pause": IMPORTERS,
    "job_look_up": IMPORTERS,
    "again_confirm": ADMINS,
    "again_refuse": ADMINS,
    "again_withdraw": IMPORTERS,
    "sending_switch": ADMINS,
    "sending_stop": ADMINS,
    "sending_go": ADMINS,
    "job_resume": IMPORTERS,
    "job_download": IMPORTERS,
    "job_decide": IMPORTERS,
    "connection_list": ADMINS,
    "connection_new": ADMINS,
    "connection": ADMINS,
    "connection_test": ADMINS,
    "catalogue_refresh": ADMINS,
    "connection_off": ADMINS,
    "connection_on": ADMINS,
    "connection_probe": ADMINS,
}
PLACES = {"uuid": uuid4(), "bundle": uuid4(), "number": 2, "pk": 999_999, "name": "status"}


def named_routes() -> dict[str, Any]:
    return {entry.name: entry for entry in get_resolver().url_patterns if getattr(entry, "name", None)}


def test_every_address_has_a_rule() -> None:
    assert set(named_routes()) - FRAME == set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_view_carries_exactly_its_rule(name: str) -> None:
    assert named_routes()[name].callback.roles == RULES[name]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(RULES))
def test_only_the_rule_s_roles_get_past_the_door(
    name: str, as_anna: Any, as_boris: Any, as_vera: Any, client: Any
) -> None:
    path = reverse(name, kwargs={key: PLACES[key] for key in named_routes()[name].pattern.converters})
    browsers = {MARKETER: as_anna, ADMIN: as_boris, AUDITOR: as_vera}

    refused = {
        role
        for role, browser in browsers.items()
        if 403 in (browser.get(path).status_code, browser.post(path).status_code)
    }

    assert refused == EVERYBODY - RULES[name]
    assert client.get(path)["Location"].startswith("/login/")


@pytest.mark.django_db
def test_a_person_without_a_role_sees_nothing(client: Any, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create(username="nobody"))

    assert client.get(reverse("home")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["job", "job_file", "job_columns", "job_check", "job_sending", "job_results"])
def test_an_unknown_import_is_not_found(name: str, as_boris: Any) -> None:
    assert as_boris.get(reverse(name, kwargs={"uuid": uuid4()})).status_code == 404
