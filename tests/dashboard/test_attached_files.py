"""Files for the messages of a scenario: chosen on the pages, kept through faults and changes, sent byte for byte."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from imports import actions
from imports.actions import attachments
from imports.models import Connection, HistoryEvent, ImportJob
from tests.factories import fresh, make_connection, make_job
from tests.faulty_server import FaultyServer
from tests.platforms import drained, takes_all

FORM = "/imports/form/"
GRID = "/imports/form/several/"
PDF = b"%PDF-1.4 \x00\xff price list"
EMOJI = "прайс 🎁.pdf"


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


@pytest.fixture
def account(sandbox: Any, db: None) -> Connection:
    made = make_connection(sandbox)
    actions.refresh_catalogue(made, "scenarios")
    return made


def page_of(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def a_file(name: str = "price.pdf", content: bytes = PDF, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def choices(account: Connection, **changed: Any) -> dict[str, Any]:
    where = {"connection": str(account.pk), "database": "1", "operation": "scenario", "matching": "email"}
    where |= {"scenario": "12", "duplicates": "last", "phone_region": "RU", "field-0": "email"}
    return where | changed


def references(text: str) -> list[str]:
    return re.findall(r'name="attached" value="([^"]+)"', text)


def faults(text: str) -> list[str]:
    found = re.search(r'id="files_error">(.*?)</ul>', text, re.S)
    return re.findall(r"<span>(.*?)</span>", found[1]) if found else []


def sent_files(by: Any, job: ImportJob) -> list[dict[str, str]]:
    """What another platform receives as `attach` when the checked job is sent."""
    job = fresh(job)
    assert job.connection is not None
    with FaultyServer(takes_all) as server:
        actions.change_connection(job.connection, by=None, base_url=server.url)
        drained(actions.start_job(job, by=by))
        (body,) = [json.loads(request.body) for request in server.requests if b'"data"' in request.body]
    found: list[dict[str, str]] = body.get("attach", [])
    return found


def written(name: str, content: bytes, kind: str = "application/pdf") -> dict[str, str]:
    return {"name": name, "mimetype": kind, "data": base64.b64encode(content).decode()}


@pytest.mark.parametrize("name", ["price.pdf", EMOJI])
def test_a_file_chosen_beside_the_scenario_is_sent_byte_for_byte(
    as_anna: Any, anna: Any, account: Connection, name: str
) -> None:
    job = make_job(anna)
    answer = as_anna.post(page_of(job), choices(account, files=[a_file(name), a_file("b.txt", b"b", "text/plain")]))
    assert answer.status_code == 302
    assert sent_files(anna, job) == [written(name, PDF), written("b.txt", b"b", "text/plain")]


def test_history_knows_the_file_and_never_its_content(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    as_anna.post(page_of(job), choices(account, files=a_file()))
    told = HistoryEvent.objects.get(job_id=job.pk, verb="columns_mapped").details
    digest = hashlib.sha256(PDF).hexdigest()
    known = {"name": "price.pdf", "mimetype": "application/pdf", "size": len(PDF), "sha256": digest}
    assert told["attach"] == [known]


def test_the_check_names_the_files_and_texts_that_go_along(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    given = choices(account, files=a_file(), **{"content-name": "code", "content-text": "A1", "content-column": ""})
    as_anna.post(page_of(job), given)
    text = as_anna.get(reverse("job_check", args=[job.uuid])).content.decode()
    assert "Attach files to the e-mails?" in text
    assert "price.pdf" in text
    assert "Put texts into the messages?" in text


def test_what_is_stored_is_encrypted(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    as_anna.post(page_of(job), choices(account, files=a_file()))
    (kept,) = fresh(job).destination.attach  # type: ignore[union-attr]
    with default_storage.open(f"jobs/{job.uuid}/{kept.vault}") as stored:
        assert b"price list" not in stored.read()
    assert fresh(job).vault.get(kept.vault) == PDF


def test_a_chosen_file_stays_when_another_choice_is_wrong(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    wrong = as_anna.post(page_of(job), choices(account, files=a_file(), scenario=""))
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "price.pdf" in text
    assert "application/pdf" in text
    (kept,) = references(text)
    again = as_anna.post(page_of(job), choices(account, attached=kept, operation="import", show="1"))
    assert references(again.content.decode()) == [kept]
    assert as_anna.post(page_of(job), choices(account, attached=kept)).status_code == 302
    assert sent_files(anna, job) == [written("price.pdf", PDF)]


def test_files_survive_going_back_and_can_be_removed(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    as_anna.post(page_of(job), choices(account, files=[a_file(), a_file("b.pdf")]))
    first, second = references(as_anna.get(page_of(job)).content.decode())
    vaults = [one.vault for one in fresh(job).destination.attach]  # type: ignore[union-attr]
    both = {"attached": [first, second]}
    redrawn = as_anna.post(page_of(job), choices(account, **both, remove_file=first)).content.decode()
    assert references(redrawn) == [second]
    assert as_anna.post(page_of(job), choices(account, attached=second)).status_code == 302
    assert not default_storage.exists(f"jobs/{job.uuid}/{vaults[0]}")
    assert sent_files(anna, job) == [written("b.pdf", PDF)]


def test_another_operation_leaves_the_files_behind(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    as_anna.post(page_of(job), choices(account, files=a_file(), operation="import"))
    assert fresh(job).destination.attach == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (("empty.pdf", b""), "“empty.pdf” is empty."),
        (("x" * 300 + ".pdf", b"x"), "is longer than 200 characters."),
        (("big.pdf", b"x" * 16_000), "“big.pdf” is too large: a file may have 11 KB"),
    ],
)
def test_what_cannot_be_attached_is_said_and_the_others_stay(
    as_anna: Any, anna: Any, account: Connection, upload: tuple[str, bytes], said: str
) -> None:
    actions.change_connection(account, by=None, bytes_per_request=20_000)
    job = make_job(anna)
    answer = as_anna.post(page_of(job), choices(account, files=[a_file(*upload), a_file("good.pdf")]))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in " ".join(faults(text))
    assert len(references(text)) == 1
    assert "good.pdf" in text


def test_too_many_files_and_too_much_of_them_are_said(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    many = as_anna.post(page_of(job), choices(account, files=[a_file(f"{n}.pdf") for n in range(11)]))
    assert "11 files are attached; 10 are the most." in " ".join(faults(many.content.decode()))
    actions.change_connection(account, by=None, bytes_per_request=20_000)
    heavy = as_anna.post(page_of(job), choices(account, files=[a_file(f"{n}.pdf", b"x" * 9_000) for n in range(2)]))
    assert "24 KB of every request" in " ".join(faults(heavy.content.decode()))
    assert len(references(heavy.content.decode())) == 2


def test_a_path_in_a_name_is_cut_off(anna: Any, account: Connection) -> None:
    kept = actions.shelve([PDF], name="C:\\fake\\../secret/price.pdf", mimetype="", connection=account, by=anna)
    assert (kept.name, kept.mimetype) == ("price.pdf", "application/pdf")


def test_the_kind_is_told_by_the_name_then_by_the_browser(anna: Any, account: Connection) -> None:
    def kind(name: str, told: str) -> str:
        return actions.shelve([PDF], name=name, mimetype=told, connection=account, by=anna).mimetype

    assert kind("a.png", "text/html") == "image/png"
    assert kind("a.strange", "Application/X-Thing; charset=x") == "application/x-thing"
    assert kind("a.strange", "no kind\r\n") == "application/octet-stream"


def test_nobody_else_can_use_a_chosen_file_and_a_page_keeps_it_for_a_day(
    anna: Any, boris: Any, account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = actions.shelve([PDF], name="a.pdf", mimetype="", connection=account, by=anna)
    for stranger, reference in ((boris, kept.shelf), (anna, kept.shelf[:-4]), (anna, "kept:attach/1")):
        with pytest.raises(actions.Refused, match="attachment_gone"):
            actions.on_shelf(reference, by=stranger)
    assert actions.on_shelf(kept.shelf, by=anna) == kept
    later = timezone.now() + timedelta(hours=26)
    monkeypatch.setattr(attachments.timezone, "now", lambda: later)
    actions.clear_shelf()
    assert default_storage.listdir("shelf")[0] == []
    with pytest.raises(actions.Refused, match="attachment_gone"):
        actions.on_shelf(kept.shelf, by=anna)


@pytest.mark.parametrize(("page", "cell"), [(FORM, "value-email"), (GRID, "cell-email")])
def test_a_typed_person_gets_the_file_too(as_anna: Any, anna: Any, account: Connection, page: str, cell: str) -> None:
    given = choices(account, files=a_file(), columns="email", had="email", **{cell: "nobody"})
    wrong = as_anna.post(page, given)
    assert wrong.status_code == 422
    (kept,) = references(wrong.content.decode())
    right = choices(account, attached=kept, columns="email", had="email", **{cell: "kamila@example.com"})
    assert as_anna.post(page, right).status_code == 302
    assert sent_files(anna, ImportJob.objects.get()) == [written("price.pdf", PDF)]


def test_two_pages_alike_but_for_the_file_are_two_imports(as_anna: Any, account: Connection) -> None:
    entry = "3f2c5d1e-0b6a-4c55-9a49-5d7ce0f1a001"
    for content in (b"one", b"two", b"two"):
        given = choices(account, entry=entry, files=a_file(content=content), **{"value-email": "kamila@example.com"})
        assert as_anna.post(FORM, given).status_code == 302
    assert ImportJob.objects.count() == 2


def test_a_sent_import_shows_its_files_and_offers_no_change(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    as_anna.post(page_of(job), choices(account, files=a_file()))
    drained(actions.start_job(fresh(job), by=anna))
    text = as_anna.get(page_of(job)).content.decode()
    assert "price.pdf" in text
    assert "These are the columns and choices the rows were sent with." in text
    assert 'name="remove_file"' not in text
    assert 'type="file"' not in text
