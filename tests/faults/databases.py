"""Databases for houses: migrated once for each process that runs tests, then copied."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from dashboard.supervision import tether

ROOT = Path(__file__).parents[2]
OURS = f"house_{os.getpid()}_"
_numbers = itertools.count(1)
_SERVER = os.environ.get("DATABASE_URL", "")  # as it was given, before anything else looks at it


def server_url() -> str:
    """The PostgreSQL houses are to stand on, or "": then they stand on SQLite."""
    return _SERVER if urlsplit(_SERVER).scheme.startswith("postgres") else ""


def is_ours(url: str) -> bool:
    """Whether this database was made here, and so is migrated already."""
    return urlsplit(url).path.lstrip("/").startswith(OURS) or url.startswith("sqlite")


def scratch(folder: Path, *, on_file: bool = False) -> Scratch:
    """A migrated database without rows: on the server DATABASE_URL names, or (`on_file`) an SQLite file in `folder`."""
    return _OnServer() if server_url() and not on_file else OnFile(folder / "db.sqlite3")


class Scratch:
    """A context whose value is the database's address."""

    url: str

    def renew(self) -> None:
        """Without rows again; nobody may be connected."""
        raise NotImplementedError

    def remove(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> str:
        self.renew()
        return self.url

    def __exit__(self, *fault: object) -> None:
        self.remove()


class OnFile(Scratch):
    def __init__(self, path: Path) -> None:
        self._path = path
        self.url = f"sqlite:///{path}"

    def renew(self) -> None:
        self.remove()
        shutil.copyfile(_sqlite_template(), self._path)

    def remove(self) -> None:
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()


class _OnServer(Scratch):
    def __init__(self) -> None:
        self._name = f"{OURS}{next(_numbers)}"
        self.url = _address(self._name)

    def renew(self) -> None:
        template = _postgres_template()
        self.remove()
        with _server() as server:
            server.execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{template}"')

    def remove(self) -> None:
        _drop(self._name)


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="house-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite:///{folder / 'empty.sqlite3'}", folder)
    return folder / "empty.sqlite3"


@cache
def _postgres_template() -> str:
    name = f"{OURS}template"
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    atexit.register(_drop, name)
    with tempfile.TemporaryDirectory(prefix="house-template-") as folder:
        migrate(_address(name), Path(folder))
    return name


def migrate(url: str, folder: Path) -> None:
    """Make the tables. `folder` may be used meanwhile."""
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder), "DATABASE_URL": url,
        "DATABASE_POOL_SIZE": "0", "SECRET_KEY": "only-for-faults-" + "x" * 40, "INSECURE_LOCAL": "1",
        "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtb24=",
    }  # fmt: skip
    words = ["manage.py", "migrate", "-v", "0", "--skip-checks"]
    command = [sys.executable, "-I", "-S", tether.__file__, sys.executable, *words]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)
    if url.startswith("sqlite"):  # what still lies in the write-ahead log goes into the one file that is copied
        import sqlite3

        with contextlib.closing(sqlite3.connect(urlsplit(url).path)) as file:
            file.execute("PRAGMA journal_mode=DELETE")


def _server() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(_SERVER.replace("postgres://", "postgresql://", 1), autocommit=True)


def _drop(name: str) -> None:
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _address(name: str) -> str:
    return urlunsplit(urlsplit(_SERVER)._replace(path=f"/{name}"))
