"""Becomes a Celery worker of the house, stopped where the test said. Forked from the steward, which is warm already."""

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections

from dashboard.supervision.tether import die_with_parent
from tests.faults import steps, steward

_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def start(options: dict[str, Any]) -> int:
    """Fork a worker; its process id. `options` as tests/faults/house.py writes them."""
    words = ["worker", "-n", f"{options['name']}@%h", "-Q", options["queues"], "-P", options["pool"]]
    words += ["-c", str(options["concurrency"]), *_ALONE, "-l", "INFO"]
    return _fork(options["log"], lambda: _become_worker(options, words))


def start_beat(log: str) -> int:
    """Fork the scheduler."""
    from dashboard.celery import app

    return _fork(log, lambda: _run(app, ["beat", "-s", f"{log}.schedule", "--pidfile=", "-l", "INFO"]))


def _fork(log: str, become: Callable[[], int]) -> int:
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        _stand_alone(log)
        status = become()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - nothing of the steward may go on in the child
        traceback.print_exc()
        status = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _stand_alone(log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    die_with_parent(signal.SIGKILL)
    os.setsid()
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    for pipe in steward.PIPES:  # were they open here, the house would wait for an end that does not come
        pipe.close()


def _become_worker(options: dict[str, Any], words: list[str]) -> int:
    os.environ |= options["environ"]
    steps.patch(options["patches"])
    if options["connections"]:
        pool = {"min_size": 1, "max_size": options["connections"], "timeout": 20}
        settings.DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
    if options["without_mark"]:
        steps.take_away_the_mark()
    steps.arrange(options["stops"])
    return _run(importlib.import_module(options["app"]).app, words)


def _run(app: Any, words: list[str]) -> int:
    """As `app.worker_main`, which keeps the exit status to itself."""
    from celery.bin.celery import celery

    celery.params[0].default = app
    found = celery.main(args=words, standalone_mode=False)
    return found if isinstance(found, int) else 0
