"""Presets: saved, put on the next file, changed by their owner, with what differs."""

from dataclasses import replace
from typing import Any

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, HistoryEvent, ImportJob, Preset
from imports.states import JobState
from tests.factories import CSV, fresh, make_checked_job, make_job, make_sending_job, make_uploaded_job

MAPPING = ColumnMapping(
    (ColumnTarget(0, "E-mail", "email"), ColumnTarget(2, "Phone", "phones", on_bad="empty", region="RU"))
)


def keep(job: ImportJob, account: Connection, by: Any, name: str = "Monthly letter", **more: Any) -> Preset:
    choices = {"shared": False, "destination": Destination(1, subscriptions=(SubscriptionRule("sms", 28, "column:2"),))}
    return actions.save_preset(
        job, **(choices | {"name": name, "connection": account, "mapping": MAPPING, "by": by} | more)
    )


def test_a_saved_preset_holds_choices_and_its_job_is_one_of_its_own(anna: Any, account: Connection) -> None:
    job = make_job(anna)
    preset = Preset.objects.get(pk=keep(job, account, anna, "  Monthly   letter ").pk)
    assert (preset.name, preset.mapping, preset.headers) == ("Monthly letter", MAPPING, job.headers)
    assert fresh(job).preset == preset
    event = HistoryEvent.objects.get(verb="preset_saved")
    assert (event.object_text, event.job_id, event.details["columns"]) == ("Monthly letter", job.pk, 2)


def test_a_name_is_needed_and_is_one_persons_once(anna: Any, boris: Any, account: Connection) -> None:
    job = make_job(anna)
    keep(job, account, anna)
    with pytest.raises(actions.Refused, match="preset_name_taken"):
        keep(job, account, anna)
    with pytest.raises(actions.Refused, match="preset_name_missing"):
        keep(job, account, anna, " \n ")
    with pytest.raises(actions.Refused, match="preset_needs_choices"):
        keep(job, account, anna, "Empty", mapping=ColumnMapping(()))
    keep(job, account, boris)
    assert Preset.objects.count() == 2


def test_others_see_it_once_it_is_shared_and_only_its_owner_changes_it(
    anna: Any, vera: Any, boris: Any, account: Connection
) -> None:
    preset = keep(make_job(anna), account, anna)
    assert not Preset.objects.visible_to(vera).exists()
    changes = {"name": "Letter", "shared": True, "stop_when_odd": True}
    with pytest.raises(actions.Refused, match="preset_not_yours"):
        actions.change_preset(preset, **changes, by=vera)
    actions.change_preset(preset, **changes, by=anna)
    assert Preset.objects.visible_to(vera).get().stop_when_odd
    assert HistoryEvent.objects.get(verb="preset_changed").details["before"] == "Monthly letter"
    with pytest.raises(actions.Refused, match="preset_not_yours"):
        actions.delete_preset(preset, by=vera)
    actions.delete_preset(preset, by=boris)  # an admin
    assert not Preset.objects.exists() and HistoryEvent.objects.filter(verb="preset_deleted").exists()


def test_it_is_put_on_another_file_with_what_differs(anna: Any, account: Connection) -> None:
    preset = keep(make_job(anna), account, anna)
    other = make_job(anna, "Моб. тел.,Note,E-mail\n+79000000001,x,kamila@example.com\n")
    job = actions.apply_preset(other, preset, by=anna)
    found = actions.fitted(job)
    assert found is not None and job.connection == account
    assert [(t.column, t.field, t.on_bad) for t in found.mapping.targets] == [
        (0, "phones", "empty"),
        (2, "email", "refuse"),
    ]
    assert [rule.contact for rule in found.destination.subscriptions] == ["column:0"]
    assert (found.fit.renamed, found.fit.new, found.fit.missing) == (((2, 0),), (1,), ())


def test_a_file_can_begin_with_it_before_it_is_read_and_history_says_so(anna: Any, account: Connection) -> None:
    preset = keep(make_job(anna), account, anna)
    job = make_uploaded_job(anna)
    actions.choose_preset(job, preset, by=anna)
    assert fresh(job).preset == preset and actions.fitted(fresh(job)) is None
    assert HistoryEvent.objects.get(verb="preset_applied").job_id == job.pk
    actions.read_job(job.pk)
    assert actions.fitted(fresh(job)) is not None
    sent = make_sending_job(anna, account)
    actions.choose_preset(sent, preset, by=anna)
    assert fresh(sent).preset is None


def test_a_check_done_before_is_void_and_a_job_that_moved_on_refuses(anna: Any, account: Connection) -> None:
    preset = keep(make_job(anna), account, anna)
    job = actions.apply_preset(make_checked_job(anna, account), preset, by=anna)
    assert (job.state, job.mapping_plain, job.checked_at) == (JobState.READ, [], None)
    with pytest.raises(actions.Refused, match="not_mappable_now"):
        actions.apply_preset(make_sending_job(anna, account), preset, by=anna)


def test_it_can_be_put_away_and_brought_up_to_date(anna: Any, account: Connection) -> None:
    job = make_job(anna)
    preset = keep(job, account, anna)
    narrow = ColumnMapping(MAPPING.targets[:1])
    actions.update_preset(preset, job, connection=account, destination=Destination(1), mapping=narrow, by=anna)
    assert Preset.objects.get().mapping == narrow
    assert actions.apply_preset(fresh(job), None, by=anna).preset is None
    assert actions.fitted(fresh(job)) is None


@pytest.mark.parametrize(
    ("born", "orders"), [("31/12/1990", []), ("12/31/1990", [(0, "dmy", "mdy")]), ("01/02/1990", [])]
)
def test_dates_in_another_order_are_told(anna: Any, account: Connection, born: str, orders: list[Any]) -> None:
    mapping = ColumnMapping((ColumnTarget(0, "Born", "_bdate", date_order="dmy"),))
    keep(make_job(anna, "Born\n31/12/1990\n"), account, anna, mapping=mapping, destination=Destination(1))
    job = actions.apply_preset(make_job(anna, f"Born\n{born}\n"), Preset.objects.get(), by=anna)
    found = actions.fitted(job)
    assert found is not None
    open_mapping = ColumnMapping((replace(found.mapping.targets[0], date_order=""),))
    fields = {field.name: field for field in actions.target_fields(account, 1)}
    figures = actions.column_figures(job, open_mapping, fields, region="")
    assert actions.other_orders(job, found, figures) == orders


def test_sending_counts_its_uses(anna: Any, account: Connection) -> None:
    job = make_checked_job(anna, account, CSV)
    preset = keep(job, account, anna)
    actions.start_job(fresh(job), by=anna)
    preset.refresh_from_db()
    assert preset.imports == 1 and preset.last_used_at is not None
