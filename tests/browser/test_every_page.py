"""Every page, for every role: nothing to complain about, in light and dark, on a desk and at 360 px."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse

from imports.models import Person, home_team
from tests.dashboard.test_roles import RULES

from .conftest import Open
from .visit import Visit

pytestmark = [pytest.mark.browser]

POSTED = {  # nothing to look at: they act and lead on
    "again_confirm", "again_refuse", "again_withdraw", "approval_approve", "approval_ask", "approval_refuse",
    "approval_withdraw", "catalogue_refresh", "connection_off", "connection_on",
    "connection_test", "answer_note_remove", "job_cancel", "job_decide", "job_look_up", "job_paste",
    "job_bring_in", "job_duplicates", "job_fix_alike", "job_fix_undo", "job_follow", "job_go_on", "job_link_revoke",
    "job_pause", "job_resume",
    "job_sent_before", "job_start", "retention_days", "logout", "preset_change", "preset_delete", "sending_go",
    "sending_stop", "set_language",
    "recovery_codes", "second_factor_off", "sessions_end", "session_end",
    "invitation_revoke", "person_place", "person_off", "person_on", "person_factor", "team_off", "team_on",
}  # fmt: skip
STRANGERS = {  # before anybody is in: test_signing_in.py and the last test here look at them
    "login", "account_login", "mfa_authenticate", "openid_connect_login", "openid_connect_callback",
    "password_forgotten", "password_new",
}  # fmt: skip
# a word, a redirect, a file
NO_PAGES = {"blank_table", "destruction_log", "healthz", "job", "job_download", "job_prepared", "news"}
CLOSELY = {  # drawn otherwise than for an admin; every other page of every role is opened by test_hostile_words.py
    "auditor": {
        "job_file",
        "job_columns",
        "job_check",
        "job_repeats",
        "job_results",
        "job_row-rejected",
        "job_unknown",
        "job_approval",
    },
    "approver": {"job_approval"},
}
TEXT = "E-mail,First name,Phone,City\n" + "".join(
    f"person{n}@example.{'com' if n % 6 else 'invalid..'},Daria,+7900000{n:04},Perm\n" for n in range(1, 15)
)
TEXT += "person1@example.com,Daria,+79000000001,Perm\n"


@pytest.mark.parametrize("role", ["admin", *CLOSELY])
def test_page_has_nothing_to_complain_about(role: str, browse: Open, sandbox: Any, anna: Any) -> None:
    from .scenes import make_scenes

    pages = make_scenes(sandbox, anna, TEXT, per_request=4).pages()
    seen = {name.partition("-")[0] for name in pages}
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert named - seen - POSTED - NO_PAGES - STRANGERS == set()

    closely = CLOSELY.get(role, set(pages))
    _visit(browse(as_role(role, anna)), {name: pages[name] for name in pages if name in closely}, role)


def as_role(role: str, person: Any) -> Any:
    """The person, in this role from now on."""
    person.groups.set([Group.objects.get_or_create(name=role)[0]])
    every = role in ("admin", "auditor")
    Person.objects.filter(user=person).update(team=None if every else home_team(None), every_team=every)
    return person


def expected(role: str, name: str) -> int:
    """The status of the page of this name."""
    return 200 if role in RULES.get(name.partition("-")[0], {role}) else 403


def _visit(visit: Visit, pages: dict[str, str], role: str) -> None:
    for name, address in pages.items():
        answer = visit.page.goto(visit.site + address)
        assert answer and answer.status == expected(role, name), name
        if answer.status == 200:
            visit.watch.look(both_schemes=role == "admin")
            visit.watch.look_sideways(360)


def test_stranger_sees_the_sign_in_and_the_words_for_what_is_not_there(browse: Open, anna: Any) -> None:
    stranger = browse()
    for address in (reverse("login"), reverse("password_forgotten"), reverse("password_new", args=["MQ", "none"])):
        stranger.page.goto(stranger.site + address)
        stranger.watch.look(both_schemes=True)
        stranger.watch.look_sideways(360)
    visit = browse(anna)
    for address in ("/nothing/here/", reverse("connection_list")):
        visit.page.goto(visit.site + address)
        visit.watch.look(both_schemes=True)
        visit.watch.look_sideways(360)
