"""An upload that is cut on its way, or whose web process is killed, leaves no import and no bytes behind."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from dashboard.supervision import tether
from tests.faults.services import free_port, wait_until

ROOT = Path(__file__).parents[2]
SIZE = 6_000_000
NAME = "cut-on-its-way.csv"
WORKER = "gunicorn", "dashboard.wsgi", "-k", "gthread", "--threads", "4", "--workers", "1", "--bind"


class Web:
    """The pages as in production: gunicorn, with a folder and a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        (folder / "static").mkdir()
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(self.temporary),
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "FIELD_KEYS": os.environ["FIELD_KEYS"],
            "INSECURE_LOCAL": "1",
            "DEBUG": "1",
            "ALTCRAFT_ALLOWED_HOSTS": "127.0.0.1",
            "DJANGO_SUPERUSER_PASSWORD": "try-the-dashboard",
        }
        self._manage("migrate", "--verbosity", "0")
        self._manage("createsuperuser", "--noinput", "--username", "anna", "--email", "anna@example.com")
        self.process = self._start()

    def _manage(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environ, check=True, capture_output=True
        )

    def _start(self) -> "subprocess.Popen[bytes]":
        tied = [sys.executable, "-I", "-S", tether.__file__, "--term"]
        command = [*tied, sys.executable, "-m", *WORKER, f"127.0.0.1:{self.port}"]
        with (self.folder / "web.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        wait_until(self.answers, "gunicorn answers")
        return process

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as link:
                link.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                return b" 200 " in link.recv(100)
        except OSError:
            return False

    def log_in(self) -> tuple[str, str]:
        """The Cookie header of a person who logged in, and the token of a form."""
        root = f"http://127.0.0.1:{self.port}"
        with requests.Session() as browser:
            browser.trust_env = False
            form = {"username": "anna", "password": "try-the-dashboard"}
            form["csrfmiddlewaretoken"] = _forgery(browser.get(f"{root}/login/").text)
            browser.post(f"{root}/login/", form, headers={"Origin": root}, allow_redirects=False)
            forgery = _forgery(browser.get(f"{root}/imports/new/").text)
            return "; ".join(f"{name}={value}" for name, value in browser.cookies.items()), forgery

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def jobs(self) -> int:
        with sqlite3.connect(self.folder / "db.sqlite3") as database:
            return int(database.execute("SELECT count(*) FROM imports_importjob").fetchone()[0])

    def left(self) -> dict[str, int]:
        """What lies in the folders of files and of uploads under way, open and already unlinked ones included."""
        named = [path for place in ("files", "tmp") for path in (self.folder / place).rglob("*") if path.is_file()]
        opened = [link for pid in self.workers() for link in _open_files(pid)]
        unlinked = [link for link in opened if _target(link).is_relative_to(self.temporary)]
        return {str(path): size for path in [*named, *unlinked] if (size := _size(path))}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(180)


def _forgery(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:300]
    return found[1]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # closed meanwhile
        return 0


def _open_files(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return []


def _target(link: Path) -> Path:
    try:
        return link.readlink()
    except OSError:
        return link


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    if not Path("/proc/self/fd").exists():
        pytest.skip("looks at open files through /proc")
    started = Web(tmp_path_factory.mktemp("web"))
    yield started
    started.stop()


def begin_upload(web: Web, part: float) -> tuple[socket.socket, bytes]:
    """A connection on which so much of an upload has gone out, and the rest of it."""
    cookies, forgery = web.log_in()
    edge = b"----edge-of-a-part"
    file = b"E-mail,First name\r\n" + b"person@example.com,Person\r\n" * (SIZE // 27)
    body = (
        b'--%b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n%b\r\n'
        b'--%b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\nContent-Type: text/csv\r\n\r\n%b'
        b"\r\n--%b--\r\n" % (edge, forgery.encode(), edge, NAME.encode(), file, edge)
    )
    head = (
        f"POST /imports/new/ HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nCookie: {cookies}\r\nConnection: close\r\n"
        f"Origin: http://127.0.0.1:{web.port}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: multipart/form-data; boundary={edge.decode()}\r\n\r\n"
    )
    link = socket.create_connection(("127.0.0.1", web.port), 20)
    cut = int(len(body) * part)
    link.sendall(head.encode() + body[:cut])
    return link, body[cut:]


PARTS = [0.01, 0.5, 0.99]


@pytest.mark.fault(64)
@pytest.mark.parametrize("part", PARTS)
def test_an_upload_cut_on_its_way_leaves_nothing(web: Web, part: float) -> None:
    jobs, before = web.jobs(), web.left()
    link, _ = begin_upload(web, part)

    link.close()

    wait_until(lambda: not web.left().keys() - before.keys(), "the bytes are gone")
    assert web.jobs() == jobs
    assert web.answers()


@pytest.mark.fault(64)
@pytest.mark.parametrize("part", PARTS)
def test_a_web_process_killed_in_an_upload_leaves_nothing_and_the_next_one_takes_it(web: Web, part: float) -> None:
    jobs, before = web.jobs(), web.left()
    link, _ = begin_upload(web, part)
    (killed,) = web.workers()

    os.kill(killed, signal.SIGKILL)

    link.close()
    wait_until(lambda: web.workers() not in ([], [killed]) and web.answers(), "another process answers")
    assert web.jobs() == jobs
    wait_until(lambda: not web.left().keys() - before.keys(), "the bytes are gone")

    link, rest = begin_upload(web, part)
    link.sendall(rest)
    assert b" 302 " in link.recv(100)
    link.close()
    assert web.jobs() == jobs + 1
