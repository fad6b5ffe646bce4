"""Where each side keeps its rows: a fresh SQLite file, or a fresh database of a PostgreSQL server.

The server is the one DATABASE_URL names, or a private one in a temporary folder where initdb is found. It keeps what
it is told to (fsync on): a server that may forget is no yardstick.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import dj_database_url
import psycopg

from dashboard.benchmark.programs import BenchFailed

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
START_SECONDS = 60
SHARED_BUFFERS = "512MB"


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """A URL of a server's maintenance database; "" where there is none to be had. Raises BenchFailed."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
    elif tools := _tools():
        with (
            tempfile.TemporaryDirectory(prefix="bench-postgres-") as folder,
            _private_server(Path(folder), tools) as url,
        ):
            yield url
    else:
        yield ""


@contextlib.contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The URL of a new database of this server, dropped at the end. Raises BenchFailed."""
    name = f"bench_{secrets.token_hex(6)}"
    _execute(server, f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        _execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def version_of(server: str) -> str:
    """As the server says it."""
    with _connected(server) as link:
        row = link.execute("SHOW server_version").fetchone()
    return str(row[0]).split(" ")[0] if row else ""


def _execute(server: str, statement: str) -> None:
    with _connected(server) as link:
        link.execute(statement.encode())


def _connected(server: str) -> "psycopg.Connection[tuple[object, ...]]":
    try:
        return psycopg.connect(server, autocommit=True, connect_timeout=10)
    except psycopg.Error as fault:
        raise BenchFailed(f"PostgreSQL does not answer: {str(fault).splitlines()[0]}") from None


def _tools() -> Path | None:
    """The folder of initdb and pg_ctl."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve()] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return next((path.parent for path in found if (path.parent / "pg_ctl").exists()), None)


@contextlib.contextmanager
def _private_server(folder: Path, tools: Path) -> Iterator[str]:
    place = folder / "data"
    place.mkdir()
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
    _run(tools / "initdb", "-D", place, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={place} -c shared_buffers={SHARED_BUFFERS}"
    _run(tools / "pg_ctl", "-D", place, "-l", place / "log", "-w", "-s", "start", "-o", options)
    try:
        yield f"postgres://postgres@{quote(str(place), safe='')}/postgres"
    finally:
        _run(tools / "pg_ctl", "-D", place, "-m", "immediate", "-s", "stop")


def _run(tool: Path, *arguments: object) -> None:
    """As the user postgres when we are root: the server refuses root."""
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*before, str(tool), *map(str, arguments)]
    try:
        subprocess.run(
            command, cwd="/", check=True, timeout=START_SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError) as fault:
        raise BenchFailed(f"PostgreSQL's {tool.name} failed: {fault}") from None


def settings_of(url: str) -> dict[str, Any]:
    """Django's settings of this database, the same for every side: those of the dashboard itself."""
    found = dict(dj_database_url.parse(url))
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }
    return found
