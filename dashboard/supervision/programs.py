"""The programs of `manage.py up`, as a configuration for supervisor."""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from dashboard.local import ROOT, CannotStart

_TETHER = str(Path(__file__).with_name("tether.py"))
_CELERY = [sys.executable, "-m", "celery", "-A", "dashboard.celery"]
_ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # workers here need not know one another
# glibc gives every thread a heap of its own and keeps what megabytes of requests have freed: 180 MB at a million rows
# without these, 100 with them. Room for an answer is kept, as the system clears each page it gives: a tenth of sending.
_THRIFTY = 'MALLOC_ARENA_MAX="2",MALLOC_TRIM_THRESHOLD_="2097152",MALLOC_MMAP_THRESHOLD_="1048576"'
# A slice of 10,000 rows asks for megabytes several times over: a tenth of checking. What is kept goes back after each
# task (dashboard/celery.py).
_KEEPING = 'MALLOC_TRIM_THRESHOLD_="33554432",MALLOC_MMAP_THRESHOLD_="16777216"'
CALL_SECONDS = 135  # a call to Altcraft may take 120 and must not be cut: people could be messaged twice
_UNSPEAKABLE = re.compile(r"\s[;#]|[\x00-\x1f]")  # what supervisor's configuration files cannot hold


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running. `stop_seconds`: what it gets between SIGTERM and SIGKILL."""

    name: str
    command: list[str]
    stop_seconds: int = 5
    lock: str = ""
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` was asked for: where to listen, where files lie, which server binary is the broker (empty: none)."""

    folder: Path
    host: str
    port: int
    sandbox_port: int
    broker: str
    broker_socket: Path

    @property
    def own_host(self) -> str:
        """The address by which this machine itself reaches the page, also when it listens on all of them."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound

    @property
    def address(self) -> str:
        """The page's host and port as one writes them in a URL."""
        return f"[{self.own_host}]:{self.port}" if ":" in self.own_host else f"{self.own_host}:{self.port}"


def foundations(plan: Plan) -> list[Program]:
    """What the others need, started first and stopped last."""
    state = str(plan.folder / "sandbox.json")
    sandbox = [sys.executable, "-m", "imports.sandbox", "--port", str(plan.sandbox_port), "--state", state]
    programs = [Program("sandbox", sandbox, stop_seconds=2)]
    if plan.broker:
        programs.append(Program("broker", _broker(plan), stop_seconds=2, lock=str(plan.folder / "broker" / "lock")))
    return programs


def _broker(plan: Plan) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(plan.broker_socket),
        "unixsocketperm": "700",
        "dir": str(plan.folder / "broker"),
        "appendonly": "yes",  # without it a killed broker forgets every bell
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [plan.broker, *(word for name, value in options.items() for word in (f"--{name}", value))]


def workers(plan: Plan) -> list[Program]:
    """What does the work; all of it stops at the same time."""
    schedule = str(plan.folder / "beat" / "schedule")
    check = ["worker", "-n", "check@%h", "-Q", "check", "-P", "prefork", "-c", "2", *_ALONE]
    send = ["worker", "-n", "send@%h", "-Q", "send", "-P", "threads", "-c", "16", *_ALONE]
    return [
        Program("web", _web(plan)),
        Program("worker-check", _CELERY + check, environment=_KEEPING),
        Program("worker-send", _CELERY + send, stop_seconds=CALL_SECONDS, environment=_THRIFTY),
        Program("beat", [*_CELERY, "beat", "-s", schedule, "--pidfile="]),
    ]


def _web(plan: Plan) -> list[str]:
    address = f"[{plan.host}]" if ":" in plan.host else plan.host
    return [
        sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--bind", f"{address}:{plan.port}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload",
        "--timeout", "300", "--graceful-timeout", "4", "--no-control-socket",
    ]  # fmt: skip


def configuration(plan: Plan) -> str:
    """The text of supervisord.conf. Raises CannotStart when a path cannot be written in it."""
    first, then = foundations(plan), workers(plan)
    logs = plan.folder / "logs"
    parts = [
        _section("supervisord", {
            "nodaemon": "true", "logfile": str(logs / "supervisord.log"), "logfile_maxbytes": "1MB",
            "logfile_backups": "1", "pidfile": str(plan.folder / "supervisord.pid"), "minfds": "256", "minprocs": "32",
            "umask": "077",
            "childlogdir": str(logs),
        }),
        *(_program(program, logs) for program in first + then),
        _group("foundations", first, priority=1),
        _group("workers", then, priority=2),
    ]  # fmt: skip
    return "\n".join(parts)


def _program(program: Program, logs: Path) -> str:
    tether = [sys.executable, "-I", "-S", _TETHER]
    if program.lock:
        tether += ["--lock", program.lock]
    return _section(f"program:{program.name}", {
        "command": shlex.join(tether + program.command),
        "directory": str(ROOT),
        "environment": program.environment,
        "autorestart": "true",
        "startsecs": "2",
        "startretries": "5",
        "stopwaitsecs": str(program.stop_seconds),
        "stopasgroup": "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": str(logs / f"{program.name}.log"),
        "stdout_logfile_maxbytes": "5MB",
        "stdout_logfile_backups": "3",
    })  # fmt: skip


def _group(name: str, programs: list[Program], *, priority: int) -> str:
    members = ",".join(program.name for program in programs)
    return _section(f"group:{name}", {"programs": members, "priority": str(priority)})


def _section(title: str, values: dict[str, str]) -> str:
    for value in values.values():
        if _UNSPEAKABLE.search(value):
            raise CannotStart(f"supervisor cannot start programs from this path: {value!r}. Choose a plainer one.")
    lines = [f"{name} = {value.replace('%', '%%')}" for name, value in values.items()]
    return "\n".join([f"[{title}]", *lines, ""])
