"""`manage.py up`: the plan as text, the refusals, and one real run from start to nothing left."""

import configparser
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.local import CannotStart
from dashboard.supervision.programs import Plan, configuration
from tests.faults.services import wait_until

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 180.0  # seconds; only a failing test, or a very busy machine, ever waits so long
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


# --- the plan ---


def plan(folder: Path, *, host: str = "127.0.0.1", broker: str = "/bin/valkey") -> Plan:
    return Plan(folder, host, 8000, 8090, broker, folder / "broker" / "broker.sock")


def read(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"))  # as supervisor reads it
    parser.read_string(text)
    return parser


def test_workers_stop_before_what_they_need(tmp_path: Path) -> None:
    found = read(configuration(plan(tmp_path)))

    assert found["group:foundations"]["programs"].split(",") == ["sandbox", "broker"]
    assert found["group:workers"]["programs"].split(",") == ["web", "worker-check", "worker-send", "beat"]
    assert int(found["group:foundations"]["priority"]) < int(found["group:workers"]["priority"])


def test_stopping_in_order_stays_below_ten_seconds_unless_a_call_is_under_way(tmp_path: Path) -> None:
    found = read(configuration(plan(tmp_path)))

    def slowest(group: str) -> int:
        idle = [name for name in found[group]["programs"].split(",") if name != "worker-send"]
        return max(int(found[f"program:{name}"]["stopwaitsecs"]) for name in idle)

    assert slowest("group:workers") + slowest("group:foundations") < 8
    assert int(found["program:worker-send"]["stopwaitsecs"]) > 120 + 10  # the longest call, and what follows it


def test_broker_of_others_is_not_started(tmp_path: Path) -> None:
    assert "program:broker" not in read(configuration(plan(tmp_path, broker="")))


def test_broker_keeps_bells_and_listens_on_no_port(tmp_path: Path) -> None:
    command = read(configuration(plan(tmp_path)))["program:broker"]["command"]

    assert "--port 0" in command
    assert "--appendonly yes" in command
    assert f"--unixsocket {tmp_path}/broker/broker.sock" in command


def test_folder_with_blanks_and_percent_signs_is_quoted(tmp_path: Path) -> None:
    found = read(configuration(plan(tmp_path / "50 % of it")))

    assert "'" in found["program:beat"]["command"]
    assert "50 %% of it" in found["program:beat"]["stdout_logfile"]


def test_folder_supervisor_cannot_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="Choose a plainer one"):
        configuration(plan(tmp_path / "a ;b"))


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1:8000"), ("0.0.0.0", "127.0.0.1:8000"), ("::", "[::1]:8000")]
)
def test_address_is_one_this_machine_can_open(tmp_path: Path, host: str, address: str) -> None:
    assert plan(tmp_path, host=host).address == address


# --- refusals ---


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Run:
    """`manage.py up` in a folder of its own, as a person starts it: almost nothing in the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.sandbox_port = folder, free_port(), free_port()
        self.process: subprocess.Popen[str] | None = None
        self._pipes = contextlib.ExitStack()

    def start(self, **environ: str) -> subprocess.Popen[str]:
        command = [sys.executable, "manage.py", "up", "--data-dir", str(self.folder)]
        command += ["--port", str(self.port), "--sandbox-port", str(self.sandbox_port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={"PATH": os.environ["PATH"], **environ}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout
        self._pipes.enter_context(self.process.stdout)
        return self.process

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)
        self._pipes.close()

    def read_until(self, text: str) -> str:
        """What it says up to the line that holds `text`; fails when it ends before."""
        assert self.process and self.process.stdout
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if text in line:
                return "".join(lines)
        pytest.fail(f"it ended without saying {text!r}: {''.join(lines)}")

    def processes(self) -> dict[int, str]:
        """Every living process of this run, by its environment or command line."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environ = (path / "environ").read_bytes()
            except OSError:
                continue  # it ended meanwhile
            if command and (os.fsencode(f"DATA_DIR={self.folder}") in environ or str(self.folder) in command):
                found[int(path.name)] = command
        return found

    def wait_until_gone(self) -> dict[int, str]:
        wait_until(lambda: not self.processes(), "the last process is gone")
        return self.processes()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    started = Run(tmp_path / "var")
    yield started
    started.end()


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=PATIENCE)[0]


@pytest.mark.parametrize("which", ["port", "sandbox_port"])
def test_busy_port_is_told_in_one_line(run: Run, which: str) -> None:
    with socket.create_server(("127.0.0.1", getattr(run, which))):
        text = said(run.start())

    option = "--" + which.replace("_", "-")
    assert run.process and run.process.returncode == 1
    assert text == (
        f"manage.py: port {getattr(run, which)} of 127.0.0.1 is busy. "
        f"Is the dashboard running already? Else choose another with {option}.\n"
    )


def test_folder_that_cannot_be_written_is_told_in_one_line(run: Run) -> None:
    run.folder.write_text("a file where the folder should be")

    text = said(run.start())

    assert run.process and run.process.returncode == 1
    assert re.fullmatch(r"manage\.py: DATA_DIR .* cannot be written .*\n", text)


def test_database_that_does_not_answer_is_told_in_one_line(run: Run) -> None:
    text = said(run.start(DATABASE_URL=f"postgres://nobody@127.0.0.1:{free_port()}/none"))

    assert run.process and run.process.returncode == 1
    assert re.fullmatch(r"manage\.py: the database cannot be prepared: .*\n", text)


def test_broker_that_does_not_answer_is_told_in_one_line(run: Run) -> None:
    text = said(run.start(REDIS_URL=f"redis://:hidden-password@127.0.0.1:{free_port()}/0"))

    assert run.process and run.process.returncode == 1
    assert re.fullmatch(r"manage\.py: the broker of REDIS_URL does not answer .*\n", text)
    assert "hidden-password" not in text


# --- a real run ---


@linux_only
def test_everything_starts_survives_and_stops_without_a_trace(run: Run) -> None:
    process = run.start()
    welcome = run.read_until("Ctrl-C stops")
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/login/", timeout=PATIENCE) as page:
        assert page.status == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert f"http://127.0.0.1:{run.port}/" in welcome and str(run.folder / "samples") in welcome
    assert json.loads((run.folder / "local.json").read_text()) == {
        "ALTCRAFT_ALLOWED_HOSTS": [f"127.0.0.1:{run.sandbox_port}"]
    }

    worker = next(number for number, command in run.processes().items() if "-Q send" in command)
    os.kill(worker, signal.SIGKILL)
    run.read_until("worker-send ended (terminated by SIGKILL); starting it again.")
    run.read_until("worker-send runs again.")

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert "Stopped." in run.read_until("Stopped.")
    assert process.wait(timeout=PATIENCE) == 0
    assert run.processes() == {}

    run.start()  # goes on where it was: same keys, same database, and nothing is in its way
    run.read_until("Ctrl-C stops")
    assert run.process
    run.process.kill()
    run.process.wait()
    assert run.wait_until_gone() == {}
