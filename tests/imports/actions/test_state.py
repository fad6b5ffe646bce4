"""The state of the system: no line is called well that was not found well, and one that fails leaves the others."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone
from kombu import Connection as Broker

from imports import actions, bells
from imports.actions import signs, spool, state
from imports.actions.heads import keep_head
from imports.history import record
from imports.models import Connection, HistoryEvent, ImportJob, LastingSecret, Notice, SweepRun, WorkerSign
from imports.states import JobState
from imports.storage import looking
from imports.wording.system import DO, LIGHTS, NAMES, SAID, age_text, do_text, said_text
from tests.factories import make_done_job, make_sending_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Nothing known of the queue and the storage, and a storage and a folder of its own."""
    place = {"location": tmp_path / "files", "allow_overwrite": True}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": place}
    settings.STORAGES = settings.STORAGES | {"default": files}
    settings.DATA_DIR = tmp_path
    bells.forget_queue()
    looking.forget_storage()
    yield
    bells.forget_queue()
    looking.forget_storage()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that answers and holds nothing, wherever the test runs."""
    monkeypatch.setattr(bells, "queue_trouble", lambda: "")
    monkeypatch.setattr(bells, "waiting", lambda: bells.Waiting({"check": 0, "send": 0}, None))


def line(name: str) -> actions.Line:
    return next(one for one in actions.system_state() if one.name == name)


def seen(name: str) -> tuple[str, str]:
    found = line(name)
    return found.light, found.code


def ago(**units: float) -> Any:
    return timezone.now() - timedelta(**units)


def test_every_line_and_every_code_has_its_words() -> None:
    found = actions.system_state()
    assert [one.name for one in found] == list(state.LOOKS) == list(NAMES)
    for one in found:
        assert said_text(one.code, one.params)
        assert one.light in LIGHTS
    assert DO.keys() <= SAID.keys()


@pytest.mark.parametrize("does", [signs.SEND, signs.CHECK])
def test_a_worker_is_alive_when_it_was_heard_within_a_minute(does: str) -> None:
    assert seen(does) == (actions.BAD, f"{does}_never")
    actions.sign(does)
    assert seen(does) == (actions.WELL, does)
    assert line(does).params["alive"] == 1
    WorkerSign.objects.update(heard_at=ago(minutes=2))
    assert seen(does) == (actions.BAD, f"{does}_gone")
    assert "2 min" in said_text(*line(does)[1:3])


def test_no_scheduler_is_something_to_look_at_and_stops_nothing() -> None:
    assert seen("beat") == (actions.LOOK, "beat_never")
    actions.sign(signs.BEAT)
    assert seen("beat") == (actions.WELL, "beat")


def test_a_process_signs_once_and_takes_its_sign_along() -> None:
    WorkerSign.objects.create(worker="gone", does="send", started_at=ago(days=3), heard_at=ago(days=2))
    for _again in range(2):
        actions.sign(signs.SEND)
    (only,) = WorkerSign.objects.all()
    assert only.started_at <= only.heard_at
    actions.end_signing(signs.SEND)
    assert not WorkerSign.objects.exists()


@pytest.mark.parametrize(
    ("age", "light"),
    [({"seconds": 20}, actions.WELL), ({"seconds": 90}, actions.LOOK), ({"minutes": 6}, actions.BAD)],
)
def test_the_last_sweep(age: dict[str, float], light: str) -> None:
    assert seen("sweep") == (actions.BAD, "sweep_never")
    SweepRun.objects.create(pk=1, started_at=ago(**age), ended_at=timezone.now())
    assert seen("sweep") == (light, "sweep")
    SweepRun.objects.update(ended_at=ago(days=1))
    assert seen("sweep") == (light, "sweep_runs")


def test_work_that_does_not_move(anna: Any, account: Connection) -> None:
    assert seen("work") == (actions.WELL, "work_none")
    job = make_sending_job(anna, account)
    assert seen("work") == (actions.WELL, "work")
    ImportJob.objects.filter(pk=job.pk).update(state_changed_at=ago(minutes=20), last_claim_at=None)
    found = line("work")
    assert (found.light, found.params["job"], found.params["count"]) == (actions.BAD, job.pk, 1)
    actions.stop_sending(by=anna, reason="because")
    assert seen("work") == (actions.LOOK, "work_stopped")


def test_work_that_waits_for_people(anna: Any, account: Connection) -> None:
    assert seen("people") == (actions.WELL, "people_none")
    job = make_sending_job(anna, account)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.PAUSED, state_changed_at=ago(hours=2))
    assert seen("people") == (actions.WELL, "people")
    ImportJob.objects.filter(pk=job.pk).update(state_changed_at=ago(days=2))
    assert seen("people") == (actions.LOOK, "people")


@pytest.mark.parametrize("trouble", [bells.SILENT, bells.FULL, bells.LOCKED, bells.LOADING])
def test_a_queue_in_trouble_is_named_and_what_it_holds_is_unknown(
    monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(bells, "queue_trouble", lambda: trouble)
    assert seen("queue") == (actions.BAD, f"queue_{trouble}")
    assert seen("bells") == (actions.UNKNOWN, "queue_silent_so")
    assert do_text(actions.BAD, f"queue_{trouble}")


@pytest.mark.parametrize(
    ("waiting", "light"),
    [
        (bells.Waiting({"check": 0, "send": 0}, None), actions.WELL),
        (bells.Waiting({"check": 3, "send": 0}, 5.0), actions.WELL),
        (bells.Waiting({"check": 3, "send": 0}, 90.0), actions.LOOK),
        (bells.Waiting({"check": 3, "send": 9}, 1000.0), actions.BAD),
        (bells.Waiting({"check": 0, "send": 1}, None), actions.UNKNOWN),
        (None, actions.UNKNOWN),
    ],
)
def test_bells_nobody_hears(monkeypatch: pytest.MonkeyPatch, quiet: None, waiting: Any, light: str) -> None:
    monkeypatch.setattr(bells, "waiting", lambda: waiting)
    assert line("bells").light == light


def test_a_queue_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and never says a word: no question is asked with more than a second's patience."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        monkeypatch.setattr(bells, "_hasty_connection", _hasty(f"redis://127.0.0.1:{listening.getsockname()[1]}/0"))
        assert seen("queue") == (actions.BAD, "queue_silent")
        assert seen("bells") == (actions.UNKNOWN, "queue_silent_so")


def _hasty(url: str) -> Any:
    def connect(seconds: float) -> Any:
        assert seconds <= bells.LONGEST_LOOK
        usual = current_app.connection_for_write().transport_options
        return Broker(url, transport_options=usual | {"socket_timeout": seconds, "socket_connect_timeout": seconds})

    return connect


@pytest.mark.parametrize("trouble", [looking.AWAY, looking.REFUSES, looking.FULL])
def test_a_storage_in_trouble_is_named(monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    monkeypatch.setattr("imports.actions.state.services.storage_trouble", lambda: trouble)
    monkeypatch.setattr("imports.actions.state.keeping.storage_trouble", lambda: trouble)
    assert seen("storage") == (actions.BAD, f"storage_{trouble}")
    assert seen("head") == (actions.UNKNOWN, "head_not_asked")


def test_a_disk_that_fills_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "files").mkdir()
    assert line("storage").code == "storage_room"
    usage = type("Usage", (), {"total": 100_000_000_000, "free": 500_000_000})
    monkeypatch.setattr("imports.actions.state.services.shutil.disk_usage", lambda _folder: usage)
    assert seen("storage") == (actions.LOOK, "storage_room")


def test_letters(settings: Any, anna: Any, account: Connection) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert seen("mail") == (actions.UNKNOWN, "mail_not_set")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert seen("mail") == (actions.UNKNOWN, "mail_untried")
    job = make_done_job(anna, account)
    made = {"user": anna, "job": job, "kind": Notice.ENDED, "state": job.state, "mail_at": timezone.now()}
    Notice.objects.create(**made, mail=Notice.SENT)
    assert seen("mail") == (actions.WELL, "mail")
    Notice.objects.create(**made, mail=Notice.FAILED)
    assert seen("mail") == (actions.LOOK, "mail_failed")


def test_the_record(settings: Any) -> None:
    assert seen("verified") == (actions.UNKNOWN, "verified_never")
    record("history_verified", events=3, heads=1, broken=0, kind="", number=0)
    assert seen("verified") == (actions.WELL, "verified")
    record("history_verified", events=3, heads=1, broken=2, kind="edited", number=2)
    assert seen("verified") == (actions.BAD, "verified_broken")
    HistoryEvent.objects.create(verb="history_verified", at=ago(days=3), details={"events": 3, "broken": 0})
    assert seen("verified") == (actions.LOOK, "verified")


@pytest.mark.django_db(transaction=True)
def test_the_head_outside() -> None:
    assert seen("head") == (actions.WELL, "head_nothing")
    record("sweep_tested")
    assert seen("head") == (actions.LOOK, "head_never")
    keep_head(at_once=True)
    assert seen("head") == (actions.WELL, "head")
    HistoryEvent.objects.create(verb="sweep_tested", at=ago(hours=1))
    assert seen("head") == (actions.LOOK, "head")


def test_keys_are_told_by_name(settings: Any) -> None:
    LastingSecret.objects.of("a purpose")
    (key,) = settings.FIELD_KEYS
    assert seen("keys") == (actions.WELL, "keys")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), key]
    found = line("keys")
    assert (found.light, found.code) == (actions.LOOK, "keys_two")
    assert not any(str(one) in str(found.params) for one in settings.FIELD_KEYS)
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert seen("keys") == (actions.BAD, "keys_do_not_open")


def test_answers_kept_on_the_disk(tmp_path: Path) -> None:
    assert seen("spool") == (actions.WELL, "spool_none")
    spool._folder().mkdir(parents=True)
    (spool._folder() / f"1-x{spool.ENDING}").write_bytes(b"")
    assert seen("spool") == (actions.LOOK, "spool")


def test_one_that_cannot_be_found_out_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> actions.Line:
        raise RuntimeError("a secret")

    monkeypatch.setitem(state.LOOKS, "mail", broken)
    assert seen("mail") == (actions.UNKNOWN, "not_found_out")
    assert "a secret" not in str(line("mail"))
    assert line("spool").light == actions.WELL


@pytest.mark.parametrize(
    ("lights", "worst"),
    [([], "unknown"), (["well"], "well"), (["well", "unknown"], "unknown"), (["look", "unknown", "bad"], "bad")],
)
def test_the_worst_of_them(lights: list[str], worst: str) -> None:
    assert actions.worst(actions.Line(light, "") for light in lights) == worst


@pytest.mark.parametrize(("seconds", "text"), [(5, "5 s"), (300, "5 min"), (8000, "2 h"), (200_000, "2 d")])
def test_ages_are_told_roughly(seconds: int, text: str) -> None:
    assert age_text(seconds) == text


def test_the_command_fails_while_something_is_not_well(quiet: None) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("status", stdout=out)
    assert ended.value.code == 1
    assert "X Workers that send: Not well. None has ever been heard. Start one: celery" in out.getvalue()


def test_the_command_tells_a_monitor(quiet: None) -> None:
    for does in (signs.SEND, signs.CHECK, signs.BEAT):
        actions.sign(does)
    SweepRun.objects.create(pk=1, started_at=timezone.now(), ended_at=timezone.now())
    out = StringIO()
    call_command("status", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["state"] != "bad"
    assert {one["name"]: one["light"] for one in told["lines"]}["send"] == "well"
