"""A scratch installation of real processes: folder, database, broker, platform, Celery workers. It dies with the test.

    with House() as house:
        job = house.job(rows=4, unsafe=True)      # made, checked and sent by the product's own actions
        worker = house.worker(stops=[Stop("after_mark", "kill")])
        house.until_quiet()
        assert judged(house) == []                # tests/faults/judge.py

What happens inside (actions, SQL) is asked of one warm process by the name of a function: `house.ask("rows", job=1)`
calls tests/faults/inside.py. Nothing of the product knows of any of this: tests/faults/steps.py wraps its functions.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from dashboard.supervision import tether
from tests.faults import databases
from tests.faults.platform import Platform
from tests.faults.services import PATIENCE, PrivateRedis, wait_until

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-house-that-nobody-may-see"
# Leases and rests as short as a test wants them. The launcher writes them into the product's modules.
SHORT: dict[str, float] = {
    "imports.actions.claims.LEASE_MARGIN": 3.0,
    "imports.actions.breaker.OPEN_SECONDS": 0.3,
    "imports.actions.breaker.LONGEST_OPEN_SECONDS": 1.0,
    "imports.actions.verdicts.BASE_SECONDS": 0.02,
    "imports.actions.verdicts.CAP_SECONDS": 0.2,
    "imports.bells.LEAVE_ALONE_SECONDS": 0.2,
}
_TETHER = [sys.executable, "-I", "-S", tether.__file__]


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a worker is to be stopped, and how. The steps and ways are those of tests/faults/steps.py.

    The first `times` calls that come there are; `skip` of them pass unharmed before. `job`: only calls of this job.
    """

    step: str
    how: str = "kill"
    times: int = 1
    skip: int = 0
    job: int = 0


class Worker:
    """One Celery worker, leader of its own session. `kill` and the like reach it and its children together."""

    def __init__(self, house: House, pid: int, log: Path) -> None:
        self.house, self.pid, self._log = house, pid, log

    def __repr__(self) -> str:
        return f"<Worker {self.pid}>"

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        return self.status is None

    @property
    def status(self) -> int | None:
        """None while it runs, then its exit status; the negative number of a signal that ended it."""
        found: int | None = self.house.ask("status", pid=self.pid)
        return found

    def signal(self, number: signal.Signals, *, whole: bool = True) -> None:
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if whole else os.kill)(self.pid, number)

    def kill(self) -> None:
        """kill -9 of the main process and its children; returns when it is gone."""
        self.signal(signal.SIGKILL)
        self.wait()

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ask it politely; what it is doing is finished first."""
        self.signal(signal.SIGTERM, whole=False)

    def wait(self, *, within: float = PATIENCE) -> int:
        """Its exit status, once it has ended."""
        wait_until(lambda: not self.alive, f"worker {self.pid} ends", within=within)
        found = self.status
        assert found is not None
        return found

    def children(self) -> list[int]:
        """The processes of its pool, if it has one."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []


class House:
    """Everything of one installation. `database_url`: a database of somebody else's, which must be there and empty;
    `database`: one that can be renewed."""

    def __init__(
        self,
        *,
        database_url: str = "",
        redis_url: str = "",
        patches: dict[str, float] | None = None,
        environ: dict[str, str] | None = None,
        platform: Sequence[str] = (),
        platform_module: str = "imports.sandbox",
        database: databases.Scratch | None = None,
        sqlite: bool = False,
    ) -> None:
        """`sqlite`: stand on SQLite whatever DATABASE_URL says."""
        self._platform, self._on_file = (platform, platform_module), sqlite
        self.folder = Path(tempfile.mkdtemp(prefix="house-"))
        self.patches = SHORT | (patches or {})
        self._numbers = itertools.count(1)
        self._workers: list[Worker] = []
        self._steward: subprocess.Popen[str] | None = None
        self._ends = contextlib.ExitStack()
        self._ends.callback(shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self._open(database_url, redis_url, environ or {}, database)
        except BaseException:
            self.close()
            raise

    def _open(
        self, database_url: str, redis_url: str, environ: dict[str, str], database: databases.Scratch | None
    ) -> None:
        self.logs = self.folder / "logs"
        self.steps = self.folder / "steps"
        for made in (self.logs, self.steps, self.folder / "static"):
            made.mkdir()
        self.broker: PrivateRedis | None = None
        if not redis_url:
            self.broker = PrivateRedis()
            self._ends.callback(self.broker.remove)
            redis_url = self.broker.url
        options, module = self._platform
        self.platform = Platform(self.logs / "platform.log", token=TOKEN, options=options, module=module)
        self._ends.callback(self.platform.end)
        self.scratch = database or (
            contextlib.nullcontext(database_url)
            if database_url
            else databases.scratch(self.folder, on_file=self._on_file)
        )
        self.database_url = database_url = self._ends.enter_context(self.scratch)
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": database_url,
            "DATABASE_POOL_SIZE": "0",  # workers are forked from a process that holds no pool
            "REDIS_URL": redis_url,
            "SECRET_KEY": "only-for-faults-" + "x" * 40,
            "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtb24=",
            "INSECURE_LOCAL": "1",
            "ALTCRAFT_ALLOWED_HOSTS": "127.0.0.1",
            "WORKER_STOP_SECONDS": "20",
            "HOUSE_FOLDER": str(self.folder),
            "HOUSE_PATCHES": json.dumps(self.patches),
            **environ,
        }
        self._start_steward()

    # --- what happens inside ---

    def ask(self, function: str, **arguments: Any) -> Any:
        """Call a function of tests/faults/inside.py (or "module:function") in the house's own process; its answer.

        Whatever it raises becomes an AssertionError with its traceback.
        """
        assert self._steward is not None and self._steward.stdin and self._steward.stdout
        self._steward.stdin.write(json.dumps([function, arguments]) + "\n")
        self._steward.stdin.flush()
        line = self._steward.stdout.readline()
        assert line, "the house's own process died:\n" + self.log("steward")[-4000:]
        kind, answer = json.loads(line)
        assert kind == "answer", answer
        return answer

    def manage(self, *words: str, stdin: str = "", within: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """A management command in a process of its own, as an operator runs it; look at its `returncode`."""
        return subprocess.run(
            [*_TETHER, sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environ, input=stdin, capture_output=True, text=True, timeout=within, check=False,
        )  # fmt: skip

    def sql(self, query: str, *parameters: Any) -> list[list[Any]]:
        """Rows of a query on the house's database; `%s` for parameters on either database."""
        found: list[list[Any]] = self.ask("sql", query=query, parameters=list(parameters))
        return found

    # --- work ---

    def account(self, name: str = "Platform", **limits: Any) -> int:
        """The platform as a connection; its id. `deadline_seconds` is 10 unless said otherwise."""
        url = limits.pop("url", self.platform.url)
        token = limits.pop("token", TOKEN)
        found: int = self.ask("account", name=name, url=url, token=token, **({"deadline_seconds": 10} | limits))
        return found

    def job(self, rows: int = 4, *, unsafe: bool = False, send: bool = True, **choices: Any) -> int:
        """A job of invented people made by the product's own actions; its id. Sent, unless `send` is False.

        Unsafe: triggers run for the people. `choices` go into the destination; `account` names a connection.
        """
        account = choices.pop("account", None) or self.account(**choices.pop("limits", {}))
        per_request = choices.pop("per_request", None)
        found: int = self.ask(
            "make_job", account=account, rows=rows, unsafe=unsafe, send=send, per_request=per_request, choices=choices
        )
        return found

    def state(self, job: int) -> str:
        found: str = self.ask("job_state", job=job)
        return found

    def batches(self, job: int) -> list[dict[str, Any]]:
        """Leaf batches with their attempts, oldest first."""
        found: list[dict[str, Any]] = self.ask("batches", job=job)
        return found

    def totals(self, job: int) -> dict[str, int]:
        found: dict[str, int] = self.ask("sums", job=job)
        return found

    def sweep(self) -> int:
        """What beat does every 15 s: `reconcile` and ring; how many bells were rung."""
        rung: int = self.ask("sweep")
        return rung

    def until(self, true: Callable[[], Any], what: str, *, within: float = PATIENCE, sweeping: bool = True) -> Any:
        """Wait for it, sweeping a few times a second meanwhile (as beat would, only faster)."""
        last = 0.0

        def look() -> Any:
            nonlocal last
            if sweeping and time.monotonic() - last > 0.2:
                self.sweep()
                last = time.monotonic()
            return true()

        return wait_until(look, what, within=within)

    def until_quiet(self, *jobs: int, within: float = PATIENCE, sweeping: bool = True) -> None:
        """Wait until these jobs (all, if none is named) are final or wait for a person."""

        def quiet() -> bool:
            return not self.ask("moving", jobs=list(jobs))

        self.until(quiet, f"jobs {jobs or 'all'} come to rest", within=within, sweeping=sweeping)

    # --- workers ---

    def worker(
        self,
        *,
        stops: Sequence[Stop] = (),
        pool: str = "threads",
        threads: int = 2,
        queues: str = "send,check",
        patches: dict[str, Any] | None = None,
        environ: dict[str, str] | None = None,
        ready: bool = True,
        app: str = "dashboard.celery",
        connections: int = 0,
        without_mark: bool = False,
    ) -> Worker:
        """Start a Celery worker; returned once it takes bells, unless `ready` is False.

        `pool`: "threads" as in production, "prefork" where a child is to be killed alone. `connections`: keep so many
        to PostgreSQL in a pool. `app` and `without_mark` are for the negative controls.
        """
        name = f"worker{next(self._numbers)}"
        log = self.logs / f"{name}.log"
        log.touch()
        options = {
            "name": name, "log": str(log), "pool": pool, "concurrency": threads, "queues": queues,
            "stops": [asdict(stop) for stop in stops], "patches": patches or {}, "environ": environ or {},
            "app": app, "connections": connections, "without_mark": without_mark,
        }  # fmt: skip
        made = Worker(self, self.ask("start_worker", options=options), log)
        self._workers.append(made)
        if ready:
            wait_until(lambda: " ready." in made.log or not made.alive, f"{name} is ready")
            assert " ready." in made.log, made.log[-4000:]
        return made

    def beat(self) -> Worker:
        """Start the scheduler, with the cadence of production."""
        log = self.logs / "beat.log"
        log.touch()
        self._workers.append(Worker(self, self.ask("start_beat", log=str(log)), log))
        return self._workers[-1]

    def came_to(self, step: str, *, times: int = 1, within: float = PATIENCE, sweeping: bool = True) -> int:
        """Wait until a worker was stopped at this step so many times; the id of the last one's process."""
        if times > 1 and step.startswith("inside"):  # the first one holds locks that a sweep would wait for
            self.until(lambda: self._marks(step), f"a worker comes to {step}", within=within, sweeping=sweeping)
            sweeping = False
        self.until(
            lambda: len(self._marks(step)) >= times, f"a worker comes to {step}", within=within, sweeping=sweeping
        )
        return int(self._marks(step)[-1].read_text() or 0)

    def let_go(self, step: str) -> None:
        """Let those who wait at a step (`how="wait"`) go on."""
        (self.steps / f"{step}.go").touch()

    def _marks(self, step: str) -> list[Path]:
        found = [path for path in self.steps.glob(f"{step}.[0-9]*") if path.read_text()]
        return sorted(found, key=lambda path: int(path.suffix[1:]))

    # --- the whole of it ---

    def log(self, name: str) -> str:
        path = self.logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def reset(self) -> None:
        """As new, without the cost of it: no worker, no job, no bell; a platform without people or faults."""
        assert self.broker is not None and isinstance(self.scratch, databases.Scratch)
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
        self.ask("let_go_of_the_database")
        self.scratch.renew()
        self.broker.flush()
        self.platform.forget()
        for folder in (self.steps, self.folder / "files"):
            shutil.rmtree(folder, ignore_errors=True)
        self.steps.mkdir()
        for log in self.logs.glob("worker*.log"):
            log.unlink()

    def close(self) -> None:
        """End everything, whatever state it is in."""
        for worker in self._workers:
            worker.signal(signal.SIGKILL)
        if self._steward is not None:
            self._steward.kill()
            self._steward.wait()
            for pipe in (self._steward.stdin, self._steward.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._steward = None
        self._ends.close()

    def _start_steward(self) -> None:
        with (self.logs / "steward.log").open("ab") as log:
            self._steward = subprocess.Popen(
                [*_TETHER, sys.executable, "-m", "tests.faults.steward"],
                cwd=ROOT, env=self.environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self.ask("prepare", migrate=not databases.is_ours(self.database_url))

    def __enter__(self) -> House:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if kind is not None:
            print(self.told(), file=sys.stderr)
        self.close()

    def told(self) -> str:
        """The ends of all logs, for a test that failed."""
        texts = [(path.stem, path.read_text(errors="replace")[-3000:]) for path in sorted(self.logs.glob("*.log"))]
        return "\n".join(f"--- {name}\n{text}" for name, text in texts if text.strip())

    @property
    def on_postgres(self) -> bool:
        return urlsplit(self.database_url).scheme.startswith("postgres")
