"""The sides of the bench run as programs of their own, so that none warms or burdens another."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.local import ROOT

STOP_SECONDS = 10.0
# What a deployment chooses must not reach what is measured: the defaults are.
CHOICES = (
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "ALTCRAFT_ALLOWED_HOSTS", "ALLOWED_HOSTS", "DEBUG",
    "CSRF_TRUSTED_ORIGINS", "BEHIND_PROXY", "EMAIL_URL", "LOG_LEVEL", "TIME_ZONE", "UPLOAD_LIMIT_BYTES",
    "STORAGE_URL", "DATABASE_POOL_SIZE", "STATEMENT_SECONDS", "WORKER_STOP_SECONDS", "DJANGO_SETTINGS_MODULE",
    "INSECURE_LOCAL", "DATA_DIR",
)  # fmt: skip


class BenchFailed(Exception):
    """Why there are no figures, in one line for a person."""


def bare_environment(**more: str) -> dict[str, str]:
    """This process's environment without what a deployment chooses."""
    return {name: value for name, value in os.environ.items() if name not in CHOICES} | more


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs a module of this package."""
    return [sys.executable, "-m", f"dashboard.benchmark.{name}", *map(str, arguments)]


def told_by(command: list[str], *, seconds: float, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object in the last line a program prints. Raises BenchFailed with its last words."""
    env = dict(environment) if environment is not None else bare_environment()
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise BenchFailed(f"{named(command)} did not end within {seconds:,.0f} s") from None
    if done.returncode:
        raise BenchFailed(f"{named(command)} failed: {last_words(done.stderr or done.stdout)}")
    return plain_of(last_words(done.stdout), command)


def plain_of(line: str, command: list[str]) -> dict[str, Any]:
    """The JSON object a program printed. Raises BenchFailed for anything else."""
    try:
        return dict(json.loads(line))
    except (TypeError, ValueError):
        raise BenchFailed(f"{named(command)} said {line[:80]!r} instead of its figures") from None


def named(command: list[str]) -> str:
    """What a person calls this command."""
    return next((word for word in command if word.startswith("dashboard.benchmark.")), command[0])


def last_words(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing.")


@contextlib.contextmanager
def light_platform(latency: float = 0.0) -> Iterator[str]:
    """The address (http://host:port) of a light platform that answers after `latency` seconds."""
    command = module("lightplatform", "--latency", latency)
    server = subprocess.Popen(command, cwd=ROOT, env=bare_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        port = server.stdout.readline().strip()
        if not port:
            raise BenchFailed("the light platform did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(server)


def stop(program: "subprocess.Popen[Any]", *, seconds: float = STOP_SECONDS, group: bool = False) -> None:
    """End a program we started, by force when it does not listen; with `group` whatever it started in its session."""
    program.send_signal(signal.SIGTERM)
    try:
        program.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        program.kill()
        program.communicate()
    if group:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
