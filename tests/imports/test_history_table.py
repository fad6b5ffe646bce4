"""The table of docs/history.md, the verbs in the code and their words are the same; acts write what it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from dashboard.presenting.verbs import VERBS
from imports import actions
from imports.history import COMMAND, record
from imports.models import Connection, HistoryEvent, Preset
from imports.reading import ReadOptions
from imports.results import totals
from tests.factories import fresh, make_checked_job, make_done_job, make_job, make_uploaded_job

ROOT = Path(__file__).parents[2]
PEOPLE = (
    "E-mail,First name,Phone\n"
    "planted-one@example.com,Plantagenet,+79005550001\n"
    "planted-one@example.com,Plantagenet again,+79005550001\n"
    "planted no address,Plantina,+79005550002\n"
    "planted-two@example.org,Plantinovich,8 900 555 00 03\n"
)
PLANTED = re.compile(r"plant|900 ?555|555000", re.IGNORECASE)


def in_docs() -> set[str]:
    return set(re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs/history.md").read_text(), re.MULTILINE))


def recorded() -> Iterator[str]:
    """Every verb that stands in a call of record()."""
    for folder in ("imports", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and node.args:
                    yield from (one.value for one in ast.walk(node.args[0]) if _is_verb(one))


def _is_verb(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.endswith("_")


def test_the_table_has_every_verb_that_has_words() -> None:
    assert in_docs() == set(VERBS)


def test_every_verb_in_the_code_has_words() -> None:
    assert set(recorded()) <= set(VERBS)


def written() -> dict[str, HistoryEvent]:
    return {event.verb: event for event in HistoryEvent.objects.order_by("pk")}


@pytest.fixture
def _walked(anna: Any, boris: Any, as_anna: Any, as_vera: Any, account: Connection, sandbox: Any) -> None:
    """One file full of planted people through every act of a person that can be done in a test without waiting."""
    read = make_job(anna, PEOPLE)
    actions.choose_options(read, ReadOptions.from_plain(read.options.to_plain() | {"header_row": 0}), by=anna)
    actions.read_job(make_uploaded_job(anna, "").pk)
    job = make_checked_job(anna, account, PEOPLE)
    assert job.destination is not None
    kept = {"connection": account, "destination": job.destination, "mapping": job.mapping, "by": anna}
    preset = actions.save_preset(job, name="Weekly", shared=True, **kept)
    actions.update_preset(preset, job, **kept)
    other = make_job(anna, PEOPLE)
    actions.apply_preset(other, preset, by=anna)
    actions.apply_preset(fresh(other), None, by=anna)
    actions.change_preset(preset, name="Monthly", shared=False, stop_when_odd=False, by=anna)
    actions.delete_preset(Preset.objects.get(), by=anna)
    made = actions.correct_cells(job, {(4, 0): "planted-three@example.org"}, seen=job.check_version, by=anna)
    job = actions.drain(job.pk)
    actions.undo_correction(job, made.pk, seen=job.check_version, by=anna)
    job = actions.drain(job.pk)
    actions.choose_duplicates(job, "first", seen=job.check_version, by=anna)
    job = actions.drain(job.pk)
    actions.choose_sent_before(job, "any", seen=job.check_version, by=anna)
    for name in ("job_columns", "job_check", "job_fix", "job_repeats"):
        as_anna.get(reverse(name, args=[job.uuid]))
    done = make_done_job(anna, account, PEOPLE)
    for name, asked in (("job_results", {}), ("job_results", {"q": "planted-one@example.com"}), ("job_download", {})):
        answer = as_anna.get(reverse(name, args=[done.uuid]), asked)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
    as_anna.get(reverse("job_row", args=[done.uuid, 2]))
    as_vera.get(reverse("job_download", args=[done.uuid]))
    as_vera.get(reverse("history"), {"form": "csv"})
    actions.change_connection(account, by=boris, parallel=3, token="planted-token-of-someone")
    actions.change_connection(account, by=boris, token=sandbox.token)
    actions.refresh_catalogue(account, "databases", by=boris)
    actions.test_connection(account, by=boris)
    actions.verify_history(by=boris)
    actions.hold_after_restore(by=boris)
    assert totals(done).closes


WALKED = {
    *("job_created", "file_read", "file_refused", "options_chosen", "columns_mapped", "check_begun", "check_finished"),
    *("preset_saved", "preset_updated", "preset_applied", "preset_put_away", "preset_changed", "preset_deleted"),
    *("cells_corrected", "correction_undone", "duplicates_chosen", "sent_before_chosen", "sending_started"),
    *("batch_answered", "job_done", "people_viewed", "row_viewed", "rows_downloaded", "access_refused"),
    *("history_exported", "connection_changed", "catalogue_refreshed", "connection_tested", "history_verified"),
    *("database_restored", "connection_added"),
}


@pytest.mark.usefixtures("_walked")
def test_every_act_is_an_event_and_no_event_holds_a_person() -> None:
    events = written()
    assert events.keys() >= WALKED
    for event in HistoryEvent.objects.all():
        told = f"{event.verb} {event.object_text} {event.details}"
        assert not PLANTED.search(told), told
    assert events["connection_changed"].details["token_replaced"] is True
    assert any("parallel" in one.details["fields"] for one in HistoryEvent.objects.filter(verb="connection_changed"))
    assert events["rows_downloaded"].details["rows"] == 4
    assert events["catalogue_refreshed"].details["parts"] == 1


def test_a_command_is_named_where_nobody_signed_in(anna: Any) -> None:
    token = COMMAND.set("sending")
    try:
        assert record("sending_stopped", reason="x").details["command"] == "sending"
        assert "command" not in record("sending_stopped", by=anna, reason="x").details
    finally:
        COMMAND.reset(token)
    assert "command" not in record("sending_stopped", reason="x").details
