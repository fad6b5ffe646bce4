"""The columns page remembers: by header, by preset, and what was chosen there and not checked yet."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports import actions
from imports.mapping import ColumnMapping
from imports.models import Connection, ImportJob, Preset
from tests.dashboard.columnpage import choices, page_of
from tests.factories import fresh, make_checked_job, make_done_job, make_job, make_mapped_job

HTMX = {"HX-Request": "true"}
OTHER = "Xyz,Phone,E-mail\nx,+79000000001,kamila@example.com\n"


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


def chosen(text: str) -> list[str]:
    """The field of each column, in order."""
    return re.findall(r'name="field-\d+"[^>]*>.*?<option value="([^"]*)" selected', text, re.S)


def keys(text: str) -> dict[str, str]:
    """The window and the draft version the page carries."""
    return dict(re.findall(r'name="(tab|draft)" value="([^"]*)"', text))


# --- by header


def sent_with(by: Any, account: Connection, **choices: Any) -> ImportJob:
    job = make_mapped_job(by, account)
    targets = tuple(replace(one, **choices) if one.field == "phones" else one for one in job.mapping.targets)
    actions.map_columns(job, connection=account, destination=job.destination, mapping=ColumnMapping(targets), by=by)
    actions.begin_check(fresh(job), by=by)
    actions.drain(job.pk)
    return fresh(actions.start_job(fresh(job), by=by))


def test_a_header_is_remembered_in_another_file_with_every_choice(as_anna: Any, anna: Any, account: Connection) -> None:
    sent_with(anna, account, field="_vendor")
    text = as_anna.get(page_of(make_job(anna, OTHER))).content.decode()
    assert chosen(text) == ["", "_vendor", "email"] and text.count("as on ") == 2


def test_my_memory_comes_before_that_of_others(as_anna: Any, anna: Any, boris: Any, account: Connection) -> None:
    sent_with(anna, account, field="_city")
    sent_with(boris, account, field="_vendor")
    assert chosen(as_anna.get(page_of(make_job(anna, OTHER))).content.decode())[1] == "_city"
    assert ImportJob.objects.filter(created_by=boris).exists()


def test_the_memory_of_others_names_them(as_anna: Any, anna: Any, boris: Any, account: Connection) -> None:
    job = sent_with(boris, account, on_bad="empty", region="KZ")
    text = as_anna.get(page_of(make_job(anna, OTHER))).content.decode()
    assert job.created_by_name and f", {job.created_by_name}</span>" in text
    page = as_anna.post(page_of(make_job(anna, OTHER)), choices(account, **{"field-0": "", "field-2": "email"}))
    assert page.status_code in (302, 422)


def test_columns_of_one_name_or_none_are_not_remembered(as_anna: Any, anna: Any, account: Connection) -> None:
    sent_with(anna, account, field="_vendor")
    text = as_anna.get(page_of(make_job(anna, "Phone,Phone,\nabc,def,x\n"))).content.decode()
    assert "as on " not in text


def test_an_import_into_another_database_is_no_memory(as_anna: Any, anna: Any, account: Connection) -> None:
    another = account.part("databases")[1]["id"]
    make_done_job(anna, account, database_id=another)
    job = make_job(anna, OTHER)
    page = as_anna.post(page_of(job), choices(account, show="1", database="1"), headers=HTMX)
    assert "as on " not in page.content.decode()


# --- drafts


def test_a_choice_is_kept_at_once_and_the_page_comes_back_with_it(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    page = as_anna.get(page_of(job)).content.decode()
    answer = as_anna.post(page_of(job), choices(account, row="2", **{"field-2": "_vendor"}) | keys(page), headers=HTMX)
    assert "Draft saved at" in answer.content.decode()
    again = as_anna.get(page_of(job)).content.decode()
    assert chosen(again) == ["email", "_fname", "_vendor"] and "Draft saved at" in again
    assert fresh(job).mapping_plain == []


def test_another_window_is_told_and_keeps_what_it_shows(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    one, two = (keys(as_anna.get(page_of(job)).content.decode()) for _ in range(2))
    as_anna.post(page_of(job), choices(account, row="2", **{"field-2": "_vendor"}) | one, headers=HTMX)
    late = as_anna.post(page_of(job), choices(account, row="2", **{"field-2": "_city"}) | two, headers=HTMX)
    text = late.content.decode()
    assert "were changed in another window" in text and "Not saved" in text
    assert '<option value="_city" selected' in text
    assert chosen(as_anna.get(page_of(job)).content.decode())[2] == "_vendor"
    as_anna.post(page_of(job), choices(account, mine="1", **{"field-2": "_city"}) | two, headers=HTMX)
    assert chosen(as_anna.get(page_of(job)).content.decode())[2] == "_city"


def test_a_check_from_an_older_window_asks_first_and_the_second_press_counts(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    job = make_job(anna)
    one, two = (keys(as_anna.get(page_of(job)).content.decode()) for _ in range(2))
    as_anna.post(page_of(job), choices(account, row="2", **{"field-2": "_vendor"}) | one, headers=HTMX)
    refused = as_anna.post(page_of(job), choices(account) | two)
    assert refused.status_code == 409 and fresh(job).mapping_plain == []
    assert as_anna.post(page_of(job), choices(account) | keys(refused.content.decode())).status_code == 302
    assert len(fresh(job).mapping_plain) == 3


def test_a_window_of_before_the_check_does_not_undo_it(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    old = keys(as_anna.get(page_of(job)).content.decode())
    as_anna.post(page_of(job), choices(account))
    answer = as_anna.post(page_of(job), choices(account, row="0") | old, headers=HTMX).content.decode()
    assert "were changed in another window" in answer
    assert fresh(job).draft_at is None


def test_without_script_choices_are_drawn_and_kept_too(as_anna: Any, anna: Any, account: Connection) -> None:
    job = make_job(anna)
    page = as_anna.post(page_of(job), choices(account, show="1", **{"field-1": ""}))
    assert page.status_code == 200 and chosen(page.content.decode()) == ["email", "", "phones"]
    assert fresh(job).draft_at is not None


# --- presets


def save(client: Any, job: ImportJob, account: Connection, **changed: str) -> Any:
    return client.post(page_of(job), choices(account, preset_do="save", **changed), follow=True)


def test_a_preset_is_saved_beside_the_columns_and_applied_to_the_next_file(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    choices = {"preset_name": "Letter", "preset_shared": "on", "field-1": "", "bad-2": "empty"}
    page = save(as_anna, make_job(anna), account, **choices).content.decode()
    assert "was saved" in page and "Preset “Letter”" in page and "The file has the same columns." in page
    preset = Preset.objects.get()
    job = make_job(anna, "E-mail,Моб. тел.,First name,Xyz\nkamila@example.com,+79000000001,Kamila,x\n")
    text = as_anna.post(
        page_of(job), {"preset_do": "apply", "preset_pick": str(preset.pk)}, follow=True
    ).content.decode()
    assert chosen(text) == ["email", "phones", "", ""]
    assert "from the preset" in text and "left out by the preset" in text
    flat = re.sub(r"\s+", " ", text)
    assert "was <del><bdi>Phone</bdi></del>, is now <ins><bdi>Моб. тел.</bdi></ins>" in flat
    assert "New column D" in flat


def test_a_changed_file_updates_its_preset(as_anna: Any, anna: Any, account: Connection) -> None:
    save(as_anna, make_job(anna), account, preset_name="Letter")
    job = actions.apply_preset(make_job(anna, OTHER), Preset.objects.get(), by=anna)
    asked = {"field-0": "", "field-1": "phones", "field-2": "email", "preset_do": "update"}
    as_anna.post(page_of(job), choices(account) | asked)
    assert Preset.objects.get().headers == ["Xyz", "Phone", "E-mail"]
    assert [target.field for target in Preset.objects.get().mapping.targets] == ["phones", "email"]


def test_a_preset_needs_a_name_and_nothing_chosen_is_lost(as_anna: Any, anna: Any, account: Connection) -> None:
    page = save(as_anna, make_job(anna), account, preset_name=" ", **{"field-1": "_city"}).content.decode()
    assert "The preset has no name." in page and chosen(page)[1] == "_city"
    assert not Preset.objects.exists()


def test_somebody_elses_own_preset_is_not_there(as_anna: Any, as_boris: Any, anna: Any, account: Connection) -> None:
    save(as_boris, make_job(anna), account, preset_name="Mine alone")
    job = make_job(anna)
    assert "Mine alone" not in as_anna.get(page_of(job)).content.decode()
    pick = {"preset_do": "apply", "preset_pick": str(Preset.objects.get().pk)}
    assert as_anna.post(page_of(job), pick).status_code == 404


def test_a_file_can_be_uploaded_for_a_preset(as_anna: Any, anna: Any, account: Connection) -> None:
    save(as_anna, make_job(anna), account, preset_name="Letter", **{"field-2": "_vendor"})
    page = as_anna.get(reverse("job_new") + f"?preset={Preset.objects.get().pk}").content.decode()
    assert f'<option value="{Preset.objects.get().pk}" selected>Letter</option>' in page
    file = SimpleUploadedFile("next.csv", b"E-mail,First name,Phone\nalla@example.com,Alla,x\n")
    as_anna.post(reverse("job_new"), {"file": file, "preset": str(Preset.objects.get().pk)})
    job = ImportJob.objects.get(title="next.csv")
    assert chosen(as_anna.get(page_of(job)).content.decode()) == ["email", "_fname", "_vendor"]


# --- the shape of the file


def test_an_odd_file_is_told_on_both_pages_and_a_rule_asks_to_look(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    many = "E-mail,First name,Phone\n" + "".join(f"p{n}@example.com,Kamila,\n" for n in range(100))
    usual = make_checked_job(anna, account, many)
    preset = actions.save_preset(
        usual,
        name="Letter",
        shared=True,
        connection=account,
        destination=usual.destination,
        mapping=usual.mapping,
        by=anna,
    )
    actions.start_job(fresh(usual), by=anna)
    actions.change_preset(preset, name="Letter", shared=True, stop_when_odd=True, by=anna)
    job = make_checked_job(anna, account)
    ImportJob.objects.filter(pk=job.pk).update(preset=preset)
    for page in ("job_columns", "job_check"):
        assert "The last time 100 rows, now 2." in as_anna.get(reverse(page, args=[job.uuid])).content.decode()
    start, press = reverse("job_start", args=[job.uuid]), {"check": str(fresh(job).check_version)}
    told = as_anna.post(start, press, follow=True).content.decode()
    assert "the preset asks to look first" in told and 'name="shape_seen"' in told
    assert fresh(job).started_at is None
    as_anna.post(start, press | {"shape_seen": "on"})
    assert fresh(job).started_at is not None
