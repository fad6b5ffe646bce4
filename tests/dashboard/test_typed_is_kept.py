"""What was typed is neither lost when the session ends nor in need of one certain process."""

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from imports import actions, tasks
from imports.models import Connection, ImportJob
from imports.states import JobState
from tests.factories import fresh

PASSWORD = "a long enough password"
FORM, GRID = "/imports/form/", "/imports/form/several/"
HTMX = {"HX-Request": "true"}


def one(account: Connection, **values: str) -> dict[str, str]:
    where = {"connection": str(account.pk), "database": "1", "operation": "import", "matching": "email"}
    return where | {"phone_region": "RU"} | {f"value-{name}": value for name, value in values.items()}


def hidden(text: str) -> dict[str, list[str]]:
    """What the page's own form carries; the frame has forms too."""
    found: dict[str, list[str]] = {}
    text = text[text.index('<main id="main"') : text.index("</main>")]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def signed_in(client: Any, anna: Any, page: str) -> Any:
    """The answer to signing in on a page that asked for it."""
    anna.set_password(PASSWORD)
    anna.save()
    kept = {name: values[0] for name, values in hidden(page).items() if name != "csrfmiddlewaretoken"}
    return client.post("/login/", kept | {"username": "anna", "password": PASSWORD})


def test_one_profile_is_there_again_after_signing_in(client: Any, anna: Any, account: Connection) -> None:
    given = one(account, email="kamila@example.com", _fname='Kamila "K"\nNorth')
    asked = client.post(FORM, given)
    assert "What you typed is kept" in asked.content.decode()
    assert not ImportJob.objects.exists()
    back = signed_in(client, anna, asked.content.decode()).content.decode()
    assert f'action="{FORM}"' in back
    shown = client.post(FORM, hidden(back))
    assert shown.status_code == 200
    assert 'value="kamila@example.com"' in shown.content.decode()
    assert client.post(FORM, given).status_code == 302


def test_a_grid_is_there_again_after_a_slip_of_the_password(client: Any, anna: Any, account: Connection) -> None:
    rows = {"cell-email": ["kamila@example.com", "daria@example.org"], "cell-_fname": ["Two\nlines", ""]}
    names = {"had": ["email", "_fname"], "columns": ["email", "_fname"]}
    asked = client.post(GRID, one(account) | rows | names).content.decode()
    kept = {name: values[0] for name, values in hidden(asked).items()}
    wrong = client.post("/login/", kept | {"username": "anna", "password": "no"}).content.decode()
    back = hidden(signed_in(client, anna, wrong).content.decode())
    assert {name: back[name] for name in rows} == rows
    text = client.post(GRID, back).content.decode()
    assert "daria@example.org" in text
    assert "Two\nlines</textarea>" in text


def test_a_live_part_gives_way_to_the_sign_in_page(client: Any, account: Connection) -> None:
    answer = client.post(GRID, one(account) | {"add_rows": "1"}, headers=HTMX)
    assert answer["HX-Retarget"] == "body"
    assert 'name="kept"' in answer.content.decode()


def test_somebody_signed_in_elsewhere_meanwhile_goes_on(client: Any, anna: Any, account: Connection) -> None:
    asked = client.post(FORM, one(account, email="kamila@example.com")).content.decode()
    client.force_login(anna)
    kept = {name: values[0] for name, values in hidden(asked).items()}
    text = client.post("/login/", kept | {"username": "", "password": ""}).content.decode()
    assert hidden(text)["value-email"] == ["kamila@example.com"]


def test_nothing_is_carried_to_any_other_page(client: Any, anna: Any) -> None:
    kept = {"next": "/connections/new/", "kept": '[["name","x"]]'}
    answer = client.post("/login/", kept | {"username": "anna", "password": "no"})
    assert answer.status_code == 200
    anna.set_password(PASSWORD)
    anna.save()
    assert client.post("/login/", kept | {"username": "anna", "password": PASSWORD}).url == "/connections/new/"


def test_garbage_in_place_of_what_was_typed_is_an_empty_page(client: Any, anna: Any, account: Connection) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    for kept in ("nonsense", '{"a": 1}', "[1, 2]"):
        client.logout()
        given = {"username": "anna", "password": PASSWORD, "next": FORM, "kept": kept}
        assert client.post("/login/", given).status_code == 200


def test_a_stranger_who_only_looks_is_asked_to_sign_in(client: Any, db: None) -> None:
    assert client.get(GRID).url == f"/login/?next={GRID}"


def test_the_page_does_not_care_who_reads(as_anna: Any, account: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read while the person waits: as when another process was quicker, or the machine is busy."""
    monkeypatch.setattr(tasks, "INLINE_BYTES", 0)
    page = as_anna.post(FORM, one(account, email="kamila@example.com"))
    job = ImportJob.objects.get()
    assert (job.state, page.url) == (JobState.UPLOADED, reverse("job_check", args=[job.uuid]))
    for address in (page.url, reverse("job", args=[job.uuid])):
        assert 'data-poll="1000"' in as_anna.get(address, follow=True).content.decode()
    actions.drain(job.pk)  # a worker
    assert fresh(job).state == JobState.CHECKED
    assert "kamila@example.com" in as_anna.get(page.url).content.decode()
