"""Several hosts of one installation: each with a name, processes, a home and a data folder of its own. They share
PostgreSQL, Redis and the storage of files, and nothing else. What runs on them is started as the README says.

Where namespaces are not allowed (a container without rights) they share the process numbers and the name as well.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.supervision import tether
from tests.faults.house import ROOT, House
from tests.faults.services import wait_until

_SHARED = ("PATH", "LANG", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "INSECURE_LOCAL", "STORAGE_URL")
_SHARED += ("ALTCRAFT_ALLOWED_HOSTS", "WORKER_STOP_SECONDS", "DATABASE_POOL_SIZE")
_CELERY = [sys.executable, "-m", "celery", "-A", "dashboard.celery"]
_TETHER = [sys.executable, "-I", "-S", tether.__file__]


class Host:
    """A machine that runs Celery's programs; `kill` takes all of them at once, as a power cut does."""

    def __init__(self, house: House, name: str) -> None:
        self.name, self._house = name, house
        self.folder = house.folder / name
        (self.folder / "static").mkdir(parents=True)
        (self.folder / "tmp").mkdir()
        own = {"HOME": str(self.folder), "DATA_DIR": str(self.folder), "TMPDIR": str(self.folder / "tmp")}
        # Sweeps every half a second instead of every fifteen, so that nobody waits; all else as in production.
        own["DJANGO_SETTINGS_MODULE"] = "tests.faults.hasty_settings"
        self._environ = {key: house.environ[key] for key in _SHARED} | own
        self._programs: list[subprocess.Popen[bytes]] = []

    def checks(self) -> None:
        """Start a worker that reads and checks."""
        self._start("checks", "worker", "-Q", "check", "-P", "prefork", "-c", "1", "-n", f"check@{self.name}")

    def sends(self) -> None:
        """Start a worker that calls the platform."""
        self._start("sends", "worker", "-Q", "send", "-P", "threads", "-c", "4", "-n", f"send@{self.name}")

    def beats(self) -> None:
        """Start the only beat there is."""
        self._start("beats", "beat", "-s", str(self.folder / "schedule"), "--pidfile=")

    def until_ready(self) -> None:
        """Wait for its workers."""
        for log in self._logs("checks", "sends"):
            wait_until(lambda log=log: " ready." in log.read_text(), f"{log.stem} is ready")

    def kill(self) -> None:
        """kill -9 of everything on it."""
        for program in self._programs:
            os.killpg(program.pid, signal.SIGKILL)
        for program in self._programs:
            program.wait()
        self._programs.clear()

    @property
    def worker(self) -> str:
        """How the names of its sending workers begin."""
        return f"{self.name}-" if _apart() else f"{os.uname().nodename[:40]}-%:{self._programs[-1].pid}:"

    def _start(self, what: str, *words: str) -> None:
        command = [*_namespaces(self.name), *_TETHER, *_CELERY, *words, "-l", "INFO"]
        with (self._house.logs / f"{self.name}-{what}.log").open("ab") as log:
            self._programs.append(subprocess.Popen(
                command, cwd=ROOT, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            ))  # fmt: skip

    def _logs(self, *whats: str) -> list[Path]:
        paths = [self._house.logs / f"{self.name}-{what}.log" for what in whats]
        return [path for path in paths if path.exists()]


def _namespaces(name: str) -> list[str]:
    """Words that give a command a host name and process numbers of its own."""
    if not _apart():
        return []
    return [*_UNSHARE, "sh", "-c", 'hostname "$0" && exec "$@"', name]


_UNSHARE = ["unshare", "--uts", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"]


@cache
def _apart() -> bool:
    """Whether this machine lets us make namespaces."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*_UNSHARE, "hostname", "trial"], capture_output=True, check=False).returncode == 0


# --- inside the house ---


def upload(*, rows: int) -> int:
    """A file of invented people, its bell rung."""
    from imports import actions, tasks
    from imports.models import ImportJob
    from tests.faults.inside import HEADERS, person

    number = ImportJob.objects.count() + 1
    lines = [",".join(HEADERS), *(",".join(person(number, row)) for row in range(rows))]
    job = actions.create_job(chunks=["\n".join(lines).encode()], name=f"people{number}.csv", by=None)
    tasks.ring(tasks.read_job, job.pk)
    return job.pk


def check(*, job: int, account: int, unsafe: bool) -> None:
    """Its columns chosen, the bell for the check rung."""
    from imports import actions, tasks
    from imports.destination import Destination
    from imports.mapping import ColumnMapping, ColumnTarget
    from imports.models import Connection, ImportJob
    from tests.faults.inside import FIELDS, HEADERS

    targets = (ColumnTarget(place, header, FIELDS[place]) for place, header in enumerate(HEADERS))
    destination = Destination(database_id=1, phone_region="RU", skip_triggers=not unsafe)
    mapped = actions.map_columns(
        ImportJob.objects.get(pk=job), connection=Connection.objects.get(pk=account), destination=destination,
        mapping=ColumnMapping(tuple(targets)), by=None,
    )  # fmt: skip
    actions.begin_check(mapped, by=None)
    tasks.ring_check(job)


def have_prepared(*, job: int) -> None:
    """Its rows as a workbook, asked for at the page; the bell rung."""
    from imports import actions, tasks
    from imports.models import ImportJob

    actions.ask_for_file(ImportJob.objects.get(pk=job), only="", form="xlsx", by=None)
    tasks.ring(tasks.prepare_files, job)


def prepared(*, job: int) -> dict[str, Any] | None:
    """What the page gives to whoever downloads it; None while it is not ready."""
    from imports import actions
    from imports.models import PreparedFile

    file = PreparedFile.objects.select_related("job").get(job=job)
    if file.ready_at is None:
        return None
    content = b"".join(actions.open_prepared(file, by=None))
    return {"size": file.size, "length": len(content), "begins": content[:2].decode("latin-1"), "rows": file.written}


def objects() -> list[str]:
    """Every name in the storage the hosts share."""
    from django.core.files.storage import default_storage

    found: list[str] = []
    open_folders = [""]
    while open_folders:
        folder = open_folders.pop()
        folders, files = default_storage.listdir(folder)
        open_folders += [f"{folder}/{name}".lstrip("/") for name in folders]
        found += [f"{folder}/{name}".lstrip("/") for name in files]
    return found


def content(*, name: str) -> Any:
    """An object as it lies in the storage, as a text of the same bytes."""
    from django.core.files.storage import default_storage

    with default_storage.open(name) as stored:
        return stored.read().decode("latin-1")
