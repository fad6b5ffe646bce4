"""Every address x every role: a new page without a rule fails here."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse

from dashboard.access import ADMIN, APPROVER, AUDITOR, MARKETER

FRAME = {"account_login", "mfa_authenticate", "openid_connect_login", "openid_connect_callback"}
FRAME |= {"password_forgotten", "password_new"}
FRAME |= {"login", "logout", "set_language", "healthz", "shared", "invitation"}  # for anybody, signed in or not
EVERYBODY, IMPORTERS, ADMINS = {MARKETER, APPROVER, ADMIN, AUDITOR}, {MARKETER, ADMIN}, {ADMIN}
APPROVERS = {APPROVER, ADMIN}
RULES = {
    "home": EVERYBODY,
    "job_list": EVERYBODY,
    "history": EVERYBODY,
    "system": {ADMIN, AUDITOR},
    "preferences": EVERYBODY,
    "news": EVERYBODY,
    "password_change": EVERYBODY,
    "second_factor": EVERYBODY,
    "recovery_codes": EVERYBODY,
    "second_factor_off": EVERYBODY,
    "sessions_end": EVERYBODY,
    "session_end": EVERYBODY,
    "policy": ADMINS,
    "help": EVERYBODY,
    "job": EVERYBODY,
    "job_file": EVERYBODY,
    "job_columns": EVERYBODY,
    "job_check": EVERYBODY,
    "job_sending": EVERYBODY,
    "job_results": EVERYBODY,
    "job_row": EVERYBODY,
    "job_unknown": EVERYBODY,
    "job_history": EVERYBODY,
    "job_destroy": ADMINS,
    "retention": {ADMIN, AUDITOR},
    "retention_days": ADMINS,
    "destruction_act": {ADMIN, AUDITOR},
    "destruction_log": {ADMIN, AUDITOR},
    "people_sent": {MARKETER, ADMIN, AUDITOR},
    "erase_person": ADMINS,
    "erase_found": ADMINS,
    "job_links": IMPORTERS,
    "job_link_revoke": IMPORTERS,
    "preset_list": EVERYBODY,
    "preset_change": IMPORTERS,
    "preset_delete": IMPORTERS,
    "job_new": IMPORTERS,
    "job_paste": IMPORTERS,
    "blank_table": IMPORTERS,
    "form_new": IMPORTERS,
    "form_several": IMPORTERS,
    "job_preview": IMPORTERS,
    "job_json": IMPORTERS,
    "job_fix": IMPORTERS,
    "job_fix_alike": IMPORTERS,
    "job_fix_undo": IMPORTERS,
    "job_repeats": EVERYBODY,
    "job_duplicates": IMPORTERS,
    "job_sent_before": IMPORTERS,
    "job_follow": IMPORTERS,
    "job_bring_in": IMPORTERS,
    "job_start": IMPORTERS,
    "approval_list": EVERYBODY,
    "job_approval": EVERYBODY,
    "approval_ask": IMPORTERS,
    "approval_approve": APPROVERS,
    "approval_refuse": APPROVERS,
    "approval_withdraw": IMPORTERS,
    "job_cancel": IMPORTERS,
    "job_pause": IMPORTERS,
    "job_look_up": IMPORTERS,
    "again_confirm": APPROVERS,
    "again_refuse": APPROVERS,
    "again_withdraw": IMPORTERS,
    "sending_switch": ADMINS,
    "sending_stop": ADMINS,
    "sending_go": ADMINS,
    "job_resume": IMPORTERS,
    "job_go_on": IMPORTERS,
    "job_download": IMPORTERS,
    "job_prepare": IMPORTERS,
    "job_prepared": IMPORTERS,
    "job_decide": IMPORTERS,
    "connection_list": ADMINS,
    "connection_new": ADMINS,
    "connection": ADMINS,
    "connection_test": ADMINS,
    "catalogue_refresh": ADMINS,
    "connection_off": ADMINS,
    "connection_on": ADMINS,
    "connection_probe": ADMINS,
    "answer_list": ADMINS,
    "answer_note_new": ADMINS,
    "answer_note": ADMINS,
    "answer_note_remove": ADMINS,
    "administration": ADMINS,
    "person_list": ADMINS,
    "person_page": ADMINS,
    "person_place": ADMINS,
    "person_off": ADMINS,
    "person_on": ADMINS,
    "person_factor": ADMINS,
    "invitation_new": ADMINS,
    "invitation_revoke": ADMINS,
    "team_list": ADMINS,
    "team_page": ADMINS,
    "team_off": ADMINS,
    "team_on": ADMINS,
}
PLACES = {"uuid": uuid4(), "act": uuid4(), "bundle": uuid4(), "number": 2, "correction": 3, "pk": 999_999}
PLACES |= {"name": "status", "search": uuid4()}


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
    name: str, as_anna: Any, as_clara: Any, as_boris: Any, as_vera: Any, client: Any
) -> None:
    path = reverse(name, kwargs={key: PLACES[key] for key in named_routes()[name].pattern.converters})
    browsers = {MARKETER: as_anna, APPROVER: as_clara, ADMIN: as_boris, AUDITOR: as_vera}

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
