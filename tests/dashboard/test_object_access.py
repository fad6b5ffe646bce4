"""Every address x every role x one's own and another team's object, read and written: each pair is decided here.

A new address needs a rule in test_roles.py, and, when it takes an object, a line in TAKES that says which; without
one it fails. Another team's object is not there (404), and no page names it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dashboard.access import ADMIN, APPROVER, AUDITOR, MARKETER
from imports import actions
from imports.actions import Place
from imports.models import Team, home_team
from tests.dashboard.estates import Estate, make_estate
from tests.dashboard.test_roles import ADMINS, IMPORTERS, RULES, named_routes

TAKES: dict[str, dict[str, str]] = {
    **dict.fromkeys(
        ("job", "job_file", "job_check", "job_sending", "job_results", "job_history", "job_links", "job_download"),
        {"uuid": "done"},
    ),
    **dict.fromkeys(("job_pause", "job_cancel", "job_go_on", "job_resume", "job_destroy"), {"uuid": "done"}),
    **dict.fromkeys(("job_prepare", "job_follow"), {"uuid": "done"}),
    **dict.fromkeys(("job_columns", "job_preview", "job_json", "job_fix", "job_fix_alike"), {"uuid": "checked"}),
    **dict.fromkeys(("job_repeats", "job_duplicates", "job_sent_before", "job_bring_in"), {"uuid": "checked"}),
    **dict.fromkeys(
        ("job_start", "job_approval", "approval_ask", "approval_approve", "approval_refuse", "approval_withdraw"),
        {"uuid": "checked"},
    ),
    "job_fix_undo": {"uuid": "checked", "correction": "correction"},
    "job_row": {"uuid": "done", "number": "row"},
    "job_prepared": {"uuid": "done", "pk": "prepared"},
    "job_link_revoke": {"uuid": "done", "pk": "link"},
    "job_unknown": {"uuid": "unknown"},
    "job_decide": {"uuid": "unknown", "number": "batch"},
    "job_look_up": {"uuid": "unknown", "number": "batch"},
    "again_confirm": {"uuid": "unknown", "bundle": "bundle"},
    "again_refuse": {"uuid": "unknown", "bundle": "bundle"},
    "again_withdraw": {"uuid": "unknown", "bundle": "bundle"},
    "retention_days": {"pk": "team"},
    "destruction_act": {"act": "act"},
    "destruction_log": {"act": "act"},
    "preset_change": {"pk": "preset"},
    "preset_delete": {"pk": "preset"},
    **dict.fromkeys(("connection", "connection_test", "catalogue_refresh"), {"pk": "account"}),
    **dict.fromkeys(("connection_off", "connection_on"), {"pk": "account"}),
    "connection_probe": {"pk": "account", "name": "question"},
    "invitation_revoke": {"pk": "invitation"},
    **dict.fromkeys(("person_page", "person_place", "person_off", "person_on", "person_factor"), {"pk": "person"}),
    **dict.fromkeys(("team_page", "team_off", "team_on"), {"pk": "team"}),
    "erase_found": {"search": "search"},
    "session_end": {"pk": "signed_in"},
    "answer_note": {"pk": "note"},
    "answer_note_remove": {"pk": "note"},
}
SECRETS = {  # opened by whoever has it, and by nothing else
    "shared": {"token": "shared"},
    "invitation": {"token": "invited"},
    "password_new": {"who": "nobody", "token": "nothing"},
    "openid_connect_login": {"provider_id": "nothing"},
    "openid_connect_callback": {"provider_id": "nothing"},
}
HOUSE = {  # what touches every team, or belongs to none: for admins of every team
    "answer_list", "answer_note_new", "answer_note", "answer_note_remove", "policy", "sending_switch", "sending_stop",
    "sending_go", "team_list", "team_page", "team_off", "team_on",
}  # fmt: skip
OWN = {"erase_found", "session_end"}  # nobody's but whoever's it is, also within a team
STRICTER = {"job_columns": IMPORTERS, "job_file": IMPORTERS}  # who may POST, where fewer may than read
ROLES = {"marketer": MARKETER, "approver": APPROVER, "team_admin": ADMIN, "team_auditor": AUDITOR}
EVERY = {"house_admin": ADMIN, "house_auditor": AUDITOR}
NOBODY = ("stranger", "switched_off", "no_role", "no_team")
ACTORS = (*ROLES, *EVERY, *NOBODY)
REFUSED, ABSENT, LOGIN, FOUND, NOT_THIS_WAY = "403", "404", "login", "found", "405"


@pytest.fixture
def ours(sandbox: Any, db: None) -> Estate:
    return make_estate(sandbox, home_team(None), "ours-4711")


@pytest.fixture
def theirs(sandbox: Any, db: None) -> Estate:
    return make_estate(sandbox, actions.make_team(name="Team theirs-0815", by=None), "theirs-0815")


def browser_of(actor: str) -> Client:
    """Somebody signed in as this; of those who belong to a team, that of `ours`."""
    client = Client()
    if actor == "stranger":
        return client
    role = (ROLES | EVERY).get(actor, MARKETER)
    place = Place(role, None if actor in EVERY else home_team(None))
    user = actions.add_person(username=f"actor-{actor}", password="a long one for tests", place=place, by=None)
    client.force_login(user)
    if actor == "switched_off":
        actions.switch_person_off(user, by=None)
    elif actor == "no_role":
        user.groups.clear()
    elif actor == "no_team":
        type(user.person).objects.filter(user=user).update(team=None)
    return client


def decided(actor: str, name: str, method: str, *, foreign: bool) -> str:
    """What must come of it; raises KeyError for an address nobody has decided about."""
    allowed = STRICTER.get(name, RULES[name]) if method == "post" else RULES[name]
    takes = bool(named_routes()[name].pattern.converters)
    if actor in ("stranger", "switched_off"):
        return LOGIN
    role = (ROLES | EVERY).get(actor, MARKETER)
    if actor == "no_role" or role not in RULES[name] or (name in HOUSE and actor not in EVERY):
        return REFUSED
    if name in OWN:
        return ABSENT
    if takes and TAKES[name] and (actor == "no_team" or (foreign and actor not in EVERY)):
        return ABSENT
    return FOUND if role in allowed else REFUSED


def seen(answer: Any) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/login/"):
        return LOGIN
    if answer.status_code == 200 and not answer.streaming and 'name="kept"' in answer.text:
        return LOGIN  # what was typed waits behind the sign-in
    by_status = {403: REFUSED, 404: ABSENT, 405: NOT_THIS_WAY}
    return by_status.get(answer.status_code, FOUND if answer.status_code < 500 else "failed")


def asked(browser: Client, path: str, method: str) -> Any:
    """Whatever it changes is undone."""
    with transaction.atomic():
        answer = getattr(browser, method)(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def path_of(name: str, estate: Estate, note: int) -> str:
    things = estate.things | {"note": note}
    return reverse(name, kwargs={word: things[kind] for word, kind in TAKES.get(name, {}).items()})


@pytest.mark.parametrize("actors", [tuple(ROLES), tuple(EVERY), NOBODY], ids=["of a team", "of the house", "nobody"])
def test_every_pair_is_decided(actors: tuple[str, ...], ours: Estate, theirs: Estate) -> None:
    """For several at once: making the estates takes longer than asking for everything."""
    note = actions.write_note(code="77", pattern="", by=None, title_en="Words.", title_ru="Слова.").pk
    wrong, pairs = [], 0
    for actor in actors:
        browser = browser_of(actor)
        for name in sorted(RULES):
            for estate in (ours, theirs) if named_routes()[name].pattern.converters else (ours,):
                got, wanted = {}, {}
                for method in ("get", "post"):
                    pairs += 1
                    wanted[method] = decided(actor, name, method, foreign=estate is theirs)
                    answer = asked(browser, path_of(name, estate, note), method)
                    got[method] = seen(answer)
                    if actor not in EVERY and not answer.streaming and theirs.mark in answer.text:
                        wrong.append(f"{actor}: {method} {name} names what is another team's")
                right = [got[way] in (wanted[way], NOT_THIS_WAY) for way in got]
                if not all(right) or set(got.values()) == {NOT_THIS_WAY}:
                    wrong.append(f"{actor}: {name} of {estate.mark}: {got}, not {wanted}")

    assert not wrong, "\n".join(wrong)
    takers = sum(bool(named_routes()[name].pattern.converters) for name in RULES)
    assert pairs == 2 * (len(RULES) + takers) * len(actors)


def test_every_address_that_takes_an_object_says_which() -> None:
    takes = {name: set(route.pattern.converters) for name, route in named_routes().items() if route.pattern.converters}

    assert {name: set(kinds) for name, kinds in (TAKES | SECRETS).items() if name in takes} == takes


def test_what_belongs_to_the_house_is_marked_so() -> None:
    marked = {name for name, route in named_routes().items() if getattr(route.callback, "of_the_house", False)}

    assert marked <= HOUSE <= {name for name in RULES if RULES[name] == ADMINS}


def test_a_secret_opens_for_whoever_has_it_and_another_text_for_nobody(ours: Estate) -> None:
    opened = {}
    for actor in ACTORS:
        browser = browser_of(actor)
        for name in ("shared", "invitation"):
            right = ours.things[SECRETS[name]["token"]]
            pages = [browser.get(reverse(name, args=[one])) for one in (right, "x" * len(right))]
            opened[actor, name] = [page.status_code for page in pages]

    assert opened == {(actor, name): [200, 404] for actor in ACTORS for name in ("shared", "invitation")}


def mixed(ours: Estate, theirs: Estate) -> Iterator[tuple[str, dict[str, Any]]]:
    """Addresses of one's own import with something of another team's hung on it."""
    for name, kinds in TAKES.items():
        if name in named_routes() and "uuid" in kinds and len(kinds) > 1 and not {"number"} & set(kinds):
            place = {word: theirs.things[kind] for word, kind in kinds.items()}
            yield name, place | {"uuid": ours.things[kinds["uuid"]]}


def test_another_team_s_thing_is_not_reached_through_one_s_own_import(ours: Estate, theirs: Estate) -> None:
    admin, reached = browser_of("team_admin"), []
    for name, place in mixed(ours, theirs):
        for method in ("get", "post"):
            before = _state(theirs)
            answer = getattr(admin, method)(reverse(name, kwargs=place))
            if answer.status_code == 200 or theirs.mark in answer.text or _state(theirs) != before:
                reached.append(f"{method} {name}")

    assert reached == []


def _state(estate: Estate) -> list[Any]:
    """What somebody could have changed."""
    found: list[Any] = [list(job.links.values_list("revoked_at")) for job in estate.jobs.values()]
    found += [list(batch.proposals.values_list("state")) for batch in estate.jobs["unknown"].batches.all()]
    return [*found, list(estate.jobs["checked"].corrections.values_list("undone_at"))]


# --- a change counts at the next request ---


@pytest.fixture
def seated(db: None) -> tuple[Client, Any]:
    """An admin of every team, signed in, and somebody else who could take their place."""
    actions.add_person(username="other", password=None, place=Place(ADMIN), by=None)
    user = actions.add_person(username="dora", password=None, place=Place(ADMIN), by=None)
    client = Client()
    client.force_login(user)
    assert client.get(reverse("team_list")).status_code == 200
    return client, get_user_model().objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("role", "page", "status"), [(AUDITOR, "team_list", 403), (MARKETER, "person_list", 403), (ADMIN, "team_list", 403)]
)
def test_a_demotion_in_mid_session_counts_at_once(seated: Any, role: str, page: str, status: int) -> None:
    client, user = seated
    actions.change_place(user, Place(role, home_team(None)), by=None)

    assert client.get(reverse(page)).status_code == status


def test_who_changes_teams_sees_the_new_team_s_imports_and_the_old_one_s_no_more(
    as_anna: Client, anna: Any, ours: Estate, theirs: Estate
) -> None:
    assert ours.mark in as_anna.get(reverse("job_list")).text
    actions.change_place(anna, Place(MARKETER, Team.objects.get(pk=theirs.team.pk)), by=None)

    page = as_anna.get(reverse("job_list")).text
    assert theirs.mark in page
    assert ours.mark not in page
    assert as_anna.get(reverse("job_check", args=[ours.things["checked"]])).status_code == 404


def test_who_is_switched_off_is_out_at_the_next_request(seated: Any) -> None:
    client, user = seated
    actions.switch_person_off(user, by=None)

    assert seen(client.get(reverse("home"))) == LOGIN
