"""Imports in every state, made by the actions the pages use: what the pages are looked at with."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.urls import reverse

from imports import actions
from imports.models import (
    Connection,
    Destruction,
    ErrorNote,
    ImportJob,
    Person,
    PersonSearch,
    RefusalTally,
    Team,
    home_team,
)
from imports.results import RowFilter, row_page
from imports.states import BatchState
from tests.browser.compounds import locked_workbook
from tests.browser.messy import messy
from tests.factories import fresh, looked_for, make_checked_job, make_connection, make_job, make_sending_job

GUEST = actions.Place("auditor")


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
    looked_at: ImportJob
    braked: ImportJob
    token: str
    guest: int
    invited: str
    messy: ImportJob
    followed: ImportJob
    came_back: ImportJob
    purged: ImportJob
    asking: ImportJob
    asked: ImportJob
    sent_back: ImportJob
    found: PersonSearch
    looking: PersonSearch

    def pages(self) -> dict[str, str]:
        """Address of every page by a short name; those of one URL name begin with it."""
        pages = {
            name: reverse(name)
            for name in (
                "home",
                "job_list",
                "history",
                "system",
                "help",
                "preferences",
                "job_new",
                "form_new",
                "form_several",
            )
        }
        pages |= {
            name: reverse(name) for name in ("connection_list", "connection_new", "sending_switch", "answer_list")
        }
        pages |= {name: reverse(name) for name in ("password_change", "second_factor", "policy")}
        pages |= {name: reverse(name) for name in ("administration", "person_list", "invitation_new", "team_list")}
        pages["person_page"] = reverse("person_page", args=[self.guest])
        pages["team_page"] = reverse("team_page", args=[self.read.team_id])
        pages["invitation"] = reverse("invitation", args=[self.invited])
        pages["answer_note_new"] = reverse("answer_note_new") + "?code=1234&text=Card+is+short"
        pages["connection"] = reverse("connection", args=[self.account.pk])
        pages["connection_probe"] = reverse("connection_probe", args=[self.account.pk, "email_spelling"])
        pages["job_file"] = _step("job_file", self.read)
        pages["job_file-unreadable"] = _step("job_file", self.unreadable)
        pages["job_preview"] = _step("job_preview", self.read) + "?encoding=utf-8&delimiter=%3B&header_row=1"
        pages["job_columns"] = _step("job_columns", self.read)
        pages["job_columns-remarks"] = _step("job_columns", self.messy)
        pages["preset_list"] = reverse("preset_list")
        pages["job_check"] = _step("job_check", self.checked)
        pages["approval_list"] = reverse("approval_list")
        pages["job_approval"] = _step("job_approval", self.asked)
        pages["job_approval-sent-back"] = _step("job_approval", self.sent_back)
        pages["job_check-asking"] = _step("job_check", self.asking)
        pages["job_check-asked"] = _step("job_check", self.asked)
        pages["job_check-sent-back"] = _step("job_check", self.sent_back)
        pages["job_fix"] = _step("job_fix", self.checked)
        pages["job_fix-alike"] = _step("job_fix", self.checked) + "?column=0&kind=emptied"
        pages["job_fix-followed"] = _step("job_fix", self.followed)
        pages["job_check-followed"] = _step("job_check", self.followed)
        pages["job_row-followed"] = reverse("job_row", args=[self.followed.uuid, 2])
        pages["job_file-came-back"] = _step("job_file", self.came_back)
        pages["job_repeats"] = _step("job_repeats", self.checked)
        pages["job_json"] = _step("job_json", self.checked) + "?row=2"
        pages["job_sending"] = _step("job_sending", self.sending)
        pages["job_sending-held"] = _step("job_sending", self.held)
        pages["job_sending-first"] = _step("job_sending", self.looked_at)
        pages["job_sending-brake"] = _step("job_sending", self.braked)
        pages["answer_note"] = reverse("answer_note", args=[ErrorNote.objects.get().pk])
        pages["job_links"] = _step("job_links", self.done)
        pages["shared"] = reverse("shared", args=[self.token])
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
        pages["job_results-purged"] = _step("job_results", self.purged)
        pages["job_destroy"] = _step("job_destroy", self.done)
        pages |= {name: reverse(name) for name in ("retention", "people_sent", "erase_person")}
        pages["erase_found"] = reverse("erase_found", args=[self.found.uuid])
        pages["erase_found-moving"] = reverse("erase_found", args=[self.looking.uuid])
        pages["destruction_act"] = reverse("destruction_act", args=[Destruction.objects.get(kind="by_hand").uuid])
        pages["job_prepare"] = _step("job_prepare", self.done)
        pages["job_prepare-ready"] = _step("job_prepare", self.done) + "?only=problems"
        pages["job_prepare-first"] = _step("job_prepare", self.cancelled)
        return pages


def make_scenes(sandbox: Any, by: Any, text: str, *, per_request: int, fail_every: int = 3) -> Scenes:
    """Import `text` once for every state, with rows refused for two reasons; then the sandbox behaves well again."""
    account = make_connection(sandbox, profiles_per_request=per_request, parallel=1, brake_percent=0)
    place = {"database_name": account.part("databases")[0]["name"]}
    sandbox.desk.change({"fail_every": fail_every})
    done = _send_some(make_sending_job(by, account, text, **place))
    sandbox.desk.change({"fail_every": fail_every + 1, "fail_code": 1013, "fail_text": "incorrect date"})
    done = _finish(done)
    sandbox.desk.change({"reset": True})
    _have_prepared(done, by)
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
    _note_and_ask(done, by)
    strict = make_connection(sandbox, name="Account of two", profiles_per_request=per_request, approval="always")
    daniel = _colleague("daniel", "Daniel", "Okafor", "marketer", done.team)
    two = [make_checked_job(daniel, strict, text, skip_triggers=False, **place) for _ in range(3)]
    return Scenes(
        purged=_purged(make_sending_job(by, account, text, **place), by),
        asking=two[0],
        asked=_asked(two[1], daniel),
        sent_back=_sent_back(two[2], daniel),
        account=account,
        unreadable=_unreadable(by),
        read=make_job(by, text),
        checked=checked,
        sending=sending,
        paused=paused,
        held=held,
        unknown=unknown,
        done=done,
        cancelled=cancelled,
        looked_at=_finish(actions.start_job(make_checked_job(by, account, text, **place), by=by, first_rows=3)),
        braked=_braked(sandbox, by, text, per_request, place),
        token=actions.make_link(done, by=by)[1],
        guest=_guest(),
        invited=actions.invite(email="nina@example.com", place=GUEST, by=None)[1],
        messy=messy(by, account),
        followed=_followed(done, by),
        came_back=_came_back(done, by),
        found=looked_for(text.splitlines()[1].split(",")[0], by=by),
        looking=actions.look_for_person("somebody.else@example.com", by=by),
    )


def _asked(job: ImportJob, by: Any) -> ImportJob:
    actions.ask_approval(job, by=by, note="The list of October, agreed with the shop.", first_rows=3)
    return fresh(job)


def _sent_back(job: ImportJob, by: Any) -> ImportJob:
    """An approver of the team looked, and something is missing."""
    clara = _colleague("clara", "Clara", "Berg", "approver", job.team)
    actions.refuse_job(_asked(job, by), by=clara, reason="The phones of the second shop are missing.")
    return fresh(job)


def _colleague(name: str, first: str, last: str, role: str, team: Team) -> User:
    made = User.objects.create(username=name, first_name=first, last_name=last, email=f"{name}@example.com")
    made.groups.add(Group.objects.get_or_create(name=role)[0])
    Person.objects.create(user=made, team=team)
    return made


def _purged(job: ImportJob, by: Any) -> ImportJob:
    """Its rows and files destroyed by hand."""
    job = _finish(job)
    actions.destroy_by_hand(job, by=by, reason="The wrong list was brought in.")
    return fresh(job)


def _braked(sandbox: Any, by: Any, text: str, per_request: int, place: dict[str, str]) -> ImportJob:
    limits = {"profiles_per_request": per_request, "parallel": 1, "brake_percent": 10, "brake_after": 1}
    sandbox.desk.change({"fail_every": 2})
    braked = _finish(make_sending_job(by, make_connection(sandbox, name="Careful account", **limits), text, **place))
    sandbox.desk.change({"reset": True})
    return braked


def _note_and_ask(job: ImportJob, by: Any) -> None:
    """An answer that was explained here, and one nobody has explained."""
    actions.write_note(
        code="1013", pattern="date", by=by, title_en="The date is in another order.", title_ru="Порядок даты другой."
    )
    RefusalTally.objects.create(job=job, code="1234", text="Card … is short", rows=412, ended_at=job.created_at)


def _followed(done: ImportJob, by: Any) -> ImportJob:
    """What Altcraft rejected, gathered to be sent once more, with a cell corrected."""
    made = _finish(actions.follow_up(done, RowFilter("rejected"), by=by))
    actions.correct_cells(made, {(2, 1): "Camilla"}, seen=made.check_version, by=by)
    return _finish(made)


def _came_back(done: ImportJob, by: Any) -> ImportJob:
    """The file of problem rows, uploaded again."""
    file = actions.download_rows(done, only="problems", form="csv", by=by)
    return _finish(actions.create_job(chunks=file, name="people-problems.csv", by=by))


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


def _have_prepared(job: ImportJob, by: Any) -> None:
    """One download is ready, another one waits for a worker."""
    actions.ask_for_file(job, only="problems", form="xlsx", by=by)
    actions.prepare_files(job.pk)
    actions.ask_for_file(job, only="", form="xlsx", by=by)


def _guest() -> int:
    """Somebody who came and was given another role."""
    names = {"first_name": "Clara", "last_name": "Weber", "email": "clara.weber@example.com"}
    person = actions.add_person(username="clara.weber", password=None, place=GUEST, by=None, **names)
    actions.change_place(person, actions.Place("approver", home_team(None)), by=None)
    return int(person.pk)


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
