"""Every page, for every role: nothing to complain about, in light and dark, on a desk and at 360 px."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse

from .conftest import Open
from .visit import Visit

pytestmark = [pytest.mark.browser]

POSTED = {  # nothing to look at: they act and lead on
    "again_confirm", "again_refuse", "again_withdraw", "catalogue_refresh", "connection_off", "connection_on",
    "connection_test", "job_cancel", "job_decide", "job_look_up", "job_paste",
    "job_pause", "job_resume", "job_start", "logout", "sending_go", "sending_stop", "set_language",
}  # fmt: skip
NO_PAGES = {"healthz", "job", "job_download"}  # a word, a redirect, a file
NOT_FOR = {
    "marketer": {"connection_list", "connection_new", "connection", "connection_probe", "sending_switch"},
    "auditor": {
        "job_new", "form_new", "form_several", "job_preview", "job_json", "connection_list", "connection_new",
        "connection", "connection_probe", "sending_switch",
    },
    "admin": set[str](),
}  # fmt: skip
MASKED = {  # drawn otherwise for an auditor
    "job_file",
    "job_columns",
    "job_check",
    "job_results",
    "job_row-rejected",
    "job_unknown",
}
TEXT = "E-mail,First name,Phone,City\n" + "".join(
    f"person{n}@example.{'com' if n % 6 else 'invalid..'},Daria,+7900000{n:04},Perm\n" for n in range(1, 15)
)
TEXT += "person1@example.com,Daria,+79000000001,Perm\n"


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_page_has_nothing_to_complain_about(role: str, browse: Open, sandbox: Any, anna: Any) -> None:
    from .scenes import make_scenes

    pages = make_scenes(sandbox, anna, TEXT, per_request=4).pages()
    seen = {name.partition("-")[0] for name in pages}
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert named - seen - POSTED - NO_PAGES == {"login"}

    if role == "auditor":
        _visit(browse(_as("marketer", anna)), pages, "marketer", closely=set())
    _visit(browse(_as(role, anna)), pages, role, closely=set(pages) if role == "admin" else MASKED)


def _as(role: str, person: Any) -> Any:
    person.groups.set([Group.objects.get_or_create(name=role)[0]])
    return person


def _visit(visit: Visit, pages: dict[str, str], role: str, *, closely: set[str]) -> None:
    for name, address in pages.items():
        answer = visit.page.goto(visit.site + address)
        refused = name.partition("-")[0] in NOT_FOR[role]
        assert answer and answer.status == (403 if refused else 200), name
        if name in closely and not refused:
            visit.watch.look(both_schemes=role == "admin")
            visit.watch.look_sideways(360)


def test_stranger_sees_the_sign_in_and_the_words_for_what_is_not_there(browse: Open, anna: Any) -> None:
    stranger = browse()
    stranger.page.goto(stranger.site + reverse("login"))
    stranger.watch.look(both_schemes=True)
    stranger.watch.look_sideways(360)
    visit = browse(anna)
    for address in ("/nothing/here/", reverse("connection_list")):
        visit.page.goto(visit.site + address)
        visit.watch.look(both_schemes=True)
        visit.watch.look_sideways(360)
