"""The warm process of a house: calls functions by name, and forks workers. Started by tests/faults/house.py.

One JSON line in, one out: ["function", {arguments}] -> ["answer", ...] or ["fault", "traceback"].
"""

import importlib
import json
import os
import signal
import sys
import traceback
from typing import IO, Any

ENDED: dict[int, int] = {}
PIPES: list[IO[str]] = []


def main() -> None:
    asked, answers = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
    PIPES.extend((asked, answers))
    os.dup2(2, 1)  # whoever prints, prints into the log
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.signal(signal.SIGCHLD, _bury)  # a zombie would still look like a living worker
    import django

    from tests.faults import steps

    django.setup()
    steps.patch(json.loads(os.environ["HOUSE_PATCHES"]))
    for line in asked:
        answers.write(json.dumps(_answer(line), default=str) + "\n")
        answers.flush()


def _answer(line: str) -> tuple[str, Any]:
    name, arguments = json.loads(line)
    module, _, function = name.rpartition(":")
    try:
        from django.db import close_old_connections

        close_old_connections()  # the database may have been restarted since
        return "answer", getattr(importlib.import_module(module or "tests.faults.inside"), function)(**arguments)
    except BaseException:  # noqa: BLE001 - the test shall see it, whatever it is
        _forget_connections()
        return "fault", traceback.format_exc()


def _forget_connections() -> None:
    """The database may have gone: the next question begins with a new connection."""
    from django.db import connections

    connections.close_all()


def _bury(*_: Any) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        ENDED[pid] = os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.modules["tests.faults.steward"] = sys.modules["__main__"]
    main()
