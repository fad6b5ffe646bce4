"""Becomes a Celery worker of the house, stopped where the test said. Forked from the steward, which is warm already."""

import os
import sys
from typing import Any

from django.db import connections

from dashboard.supervision.tether import die_with_parent
from tests.faults import steps, steward

_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def start(options: dict[str, Any]) -> int:
    """Fork a worker; its process id. `options` as tests/faults/house.py writes them."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        _become(options)
    except BaseException:  # noqa: BLE001 - nothing of the steward may go on in the child
        import traceback

        traceback.print_exc()
        os._exit(70)
    os._exit(71)


def _become(options: dict[str, Any]) -> None:
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    die_with_parent(signal.SIGKILL)
    os.setsid()
    log = os.open(options["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for pipe in steward.PIPES:  # were they open here, the house would wait for an end that does not come
        pipe.close()
    os.environ |= options["environ"]
    steps.patch(options["patches"])
    steps.arrange(options["stops"])
    from dashboard.celery import app

    words = ["worker", "-n", f"{options['name']}@%h", "-Q", options["queues"], "-P", options["pool"]]
    words += ["-c", str(options["concurrency"]), *_ALONE, "-l", "INFO"]
    try:
        status = _run(app, words)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _run(app: Any, words: list[str]) -> int:
    """As `app.worker_main`, which keeps the exit status to itself."""
    from celery.bin.celery import celery

    celery.params[0].default = app
    found = celery.main(args=words, standalone_mode=False)
    return found if isinstance(found, int) else 0

