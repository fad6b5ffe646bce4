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
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from dashboard.supervision import tether

ROOT = Path(__file__).parents[2]
_OURS = f"house_{os.getpid()}_"
_numbers = itertools.count(1)
_SERVER = os.environ.get("DATABASE_URL", "")  # as it was given, before anything else looks at it


def server_url() -> str:
    """The PostgreSQL houses are to stand on, or "": then they stand on SQLite."""
    return _SERVER if urlsplit(_SERVER).scheme.startswith("postgres") else ""


def is_ours(url: str) -> bool:
    """Whether this database was made here, and so is migrated already."""
    return urlsplit(url).path.lstrip("/").startswith(_OURS) or url.startswith("sqlite")


@contextlib.contextmanager
def scratch(path: Path) -> Iterator[str]:
    """A migrated database without rows: the SQLite file `path`, or one of its own on the server; its address."""
    if not server_url():
        shutil.copyfile(_sqlite_template(), path)
        yield f"sqlite:///{path}"
        return
    name = f"{_OURS}{next(_numbers)}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_postgres_template()}"')
    try:
        yield _address(name)
    finally:
        _drop(name)


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="house-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(f"sqlite:///{folder / 'empty.sqlite3'}", folder)
    return folder / "empty.sqlite3"


@cache
def _postgres_template() -> str:
    name = f"{_OURS}template"
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    atexit.register(_drop, name)
    with tempfile.TemporaryDirectory(prefix="house-template-") as folder:
        _migrate(_address(name), Path(folder))
    return name


def _migrate(url: str, folder: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder), "DATABASE_URL": url,
        "DATABASE_POOL_SIZE": "0", "SECRET_KEY": "only-for-faults-" + "x" * 40, "INSECURE_LOCAL": "1",
        "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtb24=",
    }  # fmt: skip
    command = [sys.executable, "-I", "-S", tether.__file__, sys.executable, "manage.py", "migrate", "-v", "0"]
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
