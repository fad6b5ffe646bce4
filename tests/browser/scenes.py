"""Imports in every state, made by the actions the pages use: what the pages are looked at with."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from imports import actions
from imports.models import Connection, ImportJob
from imports.results import RowFilter, row_page
from imports.states import BatchState
from tests.browser.compounds import locked_workbook
from tests.factories import fresh, make_checked_job, make_connection, make_job, make_sending_job


@dataclass(frozen=True, slots=True)
class Scenes:
    """One job per state, and the account they go to."""

    account: Connection
    unreadable: ImportJob
    read: ImportJob
    checked: ImportJob
    sending: ImportJob
    paused: ImportJob
    held: ImportJob
    unknown: ImportJob
    done: ImportJob
    cancelled: ImportJob

    def pages(self) -> dict[str, str]:
        """Address of every page by a short name; those of one URL name begin with it."""
        pages = {name: reverse(name) for name in ("home", "job_list", "history", "job_new", "form_new", "form_several")}
        pages |= {name: reverse(name) for name in ("connection_list", "connection_new", "sending_switch")}
        pages["connection"] = reverse("connection", args=[self.account.pk])
        pages["connection_probe"] = reverse("connection_probe", args=[self.account.pk, "email_spelling"])
        pages["job_file"] = _step("job_file", self.read)
        pages["job_file-unreadable"] = _step("job_file", self.unreadable)
        pages["job_preview"] = _step("job_preview", self.read) + "?encoding=utf-8&delimiter=%3B&header_row=1"
        pages["job_columns"] = _step("job_columns", self.read)
        pages["job_check"] = _step("job_check", self.checked)
        pages["job_json"] = _step("job_json", self.checked) + "?row=2"
        pages["job_sending"] = _step("job_sending", self.sending)
        pages["job_sending-held"] = _step("job_sending", self.held)
        pages["job_sending-paused"] = _step("job_sending", self.paused)
        pages["job_unknown-held"] = _step("job_unknown", self.held)
        pages["job_unknown"] = _step("job_unknown", self.unknown)
        pages["job_results"] = _step("job_results", self.done)
        pages["job_results-rejected"] = _step("job_results", self.done) + "?outcome=rejected"
        pages["job_results-cancelled"] = _step("job_results", self.cancelled)
        rows = {row.outcome: row.number for row in _rows(self.done)}
        for outcome, number in rows.items():
            pages[f"job_row-{outcome}"] = reverse("job_row", args=[self.done.uuid, number])
        pages["job_history"] = _step("job_history", self.done)
        return pages


def make_scenes(sandbox: Any, by: Any, text: str, *, per_request: int, fail_every: int = 3) -> Scenes:
    """Import `text` once for every state, with rows refused for two reasons; then the sandbox behaves well again."""
    account = make_connection(sandbox, profiles_per_request=per_request, parallel=1)
    place = {"database_name": account.part("databases")[0]["name"]}
    sandbox.desk.change({"fail_every": fail_every})
    done = _send_some(make_sending_job(by, account, text, **place))
    sandbox.desk.change({"fail_every": fail_every + 1, "fail_code": 1013, "fail_text": "incorrect date"})
    done = _finish(done)
    sandbox.desk.change({"reset": True})
    cancelled = _send_some(make_sending_job(by, account, text, **place))
    cancelled = actions.cancel_job(cancelled, by=by)
    sending = _send_some(make_sending_job(by, account, text, **place))
    sandbox.desk.change({"drop": "after", "times": 1, "path": "import_batch"})
    unknown = _finish(make_sending_job(by, account, text, skip_triggers=False, **place))
    sandbox.desk.change({"reset": True, "error": 401, "times": 1, "path": "import_batch"})
    second = make_connection(sandbox, name="Second account", profiles_per_request=per_request, parallel=1)
    held = _finish(make_sending_job(by, second, text, **place))
    sandbox.desk.change({"reset": True})
    _ask_about(unknown, by)
    paused = actions.pause_job(_send_some(make_sending_job(by, account, text, **place)), by=by)
    checked = make_checked_job(by, account, text, **place)
    return Scenes(
        account, _unreadable(by), make_job(by, text), checked, sending, paused, held, unknown, done, cancelled
    )


def _send_some(job: ImportJob) -> ImportJob:
    """Two batches go out, the others wait."""
    for _ in range(2):
        actions.send_next_batch(job.connection_id, job_id=job.pk)
    return fresh(job)


def _ask_about(job: ImportJob, by: Any) -> None:
    """Somebody looked the people of the unknown batch up, and proposed to send it again as new."""
    batch = job.batches.get(state=BatchState.UNKNOWN)
    actions.look_up(batch, by=by)
    actions.propose_again(job, about=actions.seen([batch]), by=by, reason="Nobody of them has it")


def _finish(job: ImportJob) -> ImportJob:
    actions.drain(job.pk)
    return fresh(job)


def _unreadable(by: Any) -> ImportJob:
    job = actions.create_job(chunks=[locked_workbook()], name="people.xlsx", by=by)
    actions.read_job(job.pk)
    return fresh(job)


def _rows(job: ImportJob) -> list[Any]:
    return row_page(job, RowFilter(), size=50)[0]


def _step(name: str, job: ImportJob) -> str:
    return reverse(name, args=[job.uuid])
