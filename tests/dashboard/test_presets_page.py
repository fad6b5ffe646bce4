"""The list of presets: who has which, renaming, sharing, the rule, deleting."""

from typing import Any

from django.urls import reverse

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, Preset
from tests.factories import make_job

MAPPING = ColumnMapping((ColumnTarget(0, "E-mail", "email"),))


def keep(by: Any, account: Connection, name: str, *, shared: bool = False) -> Preset:
    choices = {"connection": account, "destination": Destination(1), "mapping": MAPPING}
    return actions.save_preset(make_job(by), name=name, shared=shared, by=by, **choices)


def listed(client: Any) -> str:
    return str(client.get(reverse("preset_list")).content.decode())


def test_mine_and_the_shared_ones_are_listed(as_anna: Any, anna: Any, boris: Any, account: Connection) -> None:
    keep(anna, account, "<Letter>")
    keep(boris, account, "For all", shared=True)
    keep(boris, account, "Secret")
    text = listed(as_anna)
    assert "&lt;Letter&gt;" in text and "For all" in text and "Secret" not in text
    assert text.count('action="/presets/') == 2  # change and delete of her own


def test_where_it_goes_has_a_name_and_a_preset_nobody_used_says_so(
    as_anna: Any, anna: Any, account: Connection
) -> None:
    preset = keep(anna, account, "Letter")
    assert (
        "database (1)" in listed(as_anna) and "not used yet" in listed(as_anna) and "0 imports" not in listed(as_anna)
    )
    Preset.objects.update(
        destination_plain=Destination(1, database_name="Members").to_plain(), last_used_at=preset.updated_at
    )
    assert "Members (1)" in listed(as_anna) and "not used yet" not in listed(as_anna)


def test_an_auditor_reads_and_changes_nothing(as_vera: Any, boris: Any, account: Connection) -> None:
    preset = keep(boris, account, "For all", shared=True)
    assert "For all" in listed(as_vera) and "<form" not in listed(as_vera).split("<main")[1].split("</main")[0]
    assert as_vera.post(reverse("preset_delete", args=[preset.pk])).status_code == 403


def test_it_is_renamed_shared_and_given_a_rule(as_anna: Any, anna: Any, account: Connection) -> None:
    preset = keep(anna, account, "Letter")
    asked = {"name": "Monthly letter", "shared": "on", "stop_when_odd": "on"}
    as_anna.post(reverse("preset_change", args=[preset.pk]), asked)
    preset.refresh_from_db()
    assert (preset.name, preset.shared, preset.stop_when_odd) == ("Monthly letter", True, True)


def test_a_name_that_is_taken_is_refused_in_words(as_anna: Any, anna: Any, account: Connection) -> None:
    keep(anna, account, "Letter")
    other = keep(anna, account, "Sale")
    page = as_anna.post(reverse("preset_change", args=[other.pk]), {"name": "Letter"}, follow=True)
    assert "You have a preset “Letter” already." in page.content.decode()
    assert sorted(Preset.objects.values_list("name", flat=True)) == ["Letter", "Sale"]


def test_it_is_deleted_by_its_owner_only(as_anna: Any, anna: Any, boris: Any, account: Connection) -> None:
    mine, his = keep(anna, account, "Letter"), keep(boris, account, "For all", shared=True)
    for preset in (mine, his):
        as_anna.post(reverse("preset_delete", args=[preset.pk]))
    assert [preset.name for preset in Preset.objects.all()] == ["For all"]


def test_a_list_without_presets_says_how_one_is_made(as_anna: Any) -> None:
    assert "No preset is saved yet" in listed(as_anna)
