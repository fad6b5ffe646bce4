"""The sandbox in the foreground, as a program of its own."""

import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[3]
WAYS = {"module": ["-m", "imports.sandbox"], "manage": ["manage.py", "sandbox"]}


def run(way: str, *options: str, **more: Any) -> "subprocess.Popen[str]":
    program = [sys.executable, *WAYS[way], *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(program, cwd=PROJECT, text=True, **pipes, **more)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_stops_when_told(way: str, number: int, tmp_path: Path) -> None:
    with run(way, "--port", "0", "--token", "t-1", "--fail-every", "2", "--state", str(tmp_path / "s.json")) as program:
        assert program.stdout
        line = program.stdout.readline()
        assert line.startswith("Altcraft sandbox: http://127.0.0.1:")
        link = HTTPConnection(line.split("/")[2], timeout=120)
        link.request("GET", "/sandbox/state")
        assert b'"fail_every":2' in link.getresponse().read()
        program.send_signal(number)
        assert program.wait(120) == 0
        assert program.stderr
        assert program.stderr.read() == ""
        link.close()
    assert (tmp_path / "s.json").exists()


@pytest.mark.parametrize("way", WAYS)
def test_busy_port_is_told_in_one_line(way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with run(way, "--port", port) as program:
            said, wrong = program.communicate(timeout=120)
    assert (program.returncode, said) == (1, "")
    assert wrong == (f"sandbox: 127.0.0.1 port {port} is in use by another program; choose another with --port\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--skip", "-1"], "skip cannot be negative"),
        (["--host", "203.0.113.7"], "cannot listen on 203.0.113.7 port 0: "),
        (["--port", "70000"], "cannot listen on 127.0.0.1 port 70000: "),
        (["--state", "/proc/nowhere/s.json"], "cannot use /proc/nowhere"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(options: list[str], told: str) -> None:
    with run("module", "--port", "0", *options) as program:
        said, wrong = program.communicate(timeout=120)
    assert (program.returncode, said, wrong.count("\n")) == (1, "", 1)
    assert wrong.startswith(f"sandbox: {told}")
