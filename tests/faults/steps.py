"""Stops a worker at a named step by wrapping the product's functions where they are looked up. No hook in the product.

Steps, in the order of a call:
  before_claim    nothing was taken yet
  inside_claim    in the transaction that takes it, everything written, not committed
  after_claim     the batch is `sending`, its attempt `prepared`
  after_mark      `on_wire` is committed; connected, no byte written
  half_body       half of the body is written
  body_sent       all of it is written, no answer was read: wait for the platform's delivery, then kill
  after_answer    the answer is in memory, nothing of it is kept
  inside_result   in the transaction that keeps it, everything written, not committed
  after_commit    committed, the task has not ended

Ways: kill (kill -9 of the process itself), kill_group (of the worker and all its children), freeze (SIGSTOP itself),
wait (until `house.let_go`), raise (RuntimeError), memory (MemoryError), spin (until somebody raises something in it),
spin_on (whatever somebody raises).
"""

import contextlib
import functools
import importlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.faults import stillness

_here = threading.local()


class InjectedFault(RuntimeError):
    """A bug of ours, as the test imagines it."""


def patch(values: dict[str, Any]) -> None:
    """Write values into modules (or Django's settings), by dotted names; seconds where a timedelta stands.

    Raises AttributeError for what is not there.
    """
    for name, value in values.items():
        module, _, attribute = name.rpartition(".")
        found: Any = settings if module == "settings" else importlib.import_module(module)
        old = getattr(found, attribute)
        setattr(found, attribute, timedelta(seconds=value) if isinstance(old, timedelta) else type(old)(value))
        if attribute.startswith("CELERY_"):
            _tell_celery(attribute.removeprefix("CELERY_").lower(), value)


def _tell_celery(name: str, value: Any) -> None:
    """The steward has rung bells: Celery has read its settings already."""
    from dashboard.celery import app

    setattr(app.conf, name, value)


def arrange(stops: list[dict[str, Any]]) -> None:
    """Wrap what the stops name."""
    if any(stop["job"] for stop in stops):
        _remember_jobs()
    if any(stop["how"] == "freeze" for stop in stops):
        stillness.watch()
    for stop in stops:
        _WRAP[stop["step"]](functools.partial(_come_to, stop))


def _come_to(stop: dict[str, Any]) -> None:
    if stop["job"] and stop["job"] != getattr(_here, "job", 0):
        return
    number = _my_number(stop["step"])
    if number < stop["skip"] or number >= stop["skip"] + stop["times"]:
        return
    with stillness.still() if stop["how"] == "freeze" else contextlib.nullcontext():
        mark = _folder() / f"{stop['step']}.{number - stop['skip']}"
        writing = mark.with_name(f".{mark.name}")
        writing.write_text(str(os.getpid()))
        writing.rename(mark)
        _WAYS[stop["how"]](stop["step"])


def _my_number(step: str) -> int:
    """How many came here before, over all processes of the house."""
    for number in range(100_000):
        with contextlib.suppress(FileExistsError):
            (_folder() / f"{step}-{number}").touch(exist_ok=False)
            return number
    raise AssertionError("nobody comes to a step so often")


def _folder() -> Path:
    return Path(os.environ["HOUSE_FOLDER"]) / "steps"


def take_away_the_mark() -> None:
    """For a negative control: the design without the on-wire mark and its second look at the lease."""
    _wrap(MARK, lambda _: lambda *args, **kwargs: True)


# --- ways ---


def _kill(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def _kill_group(_: str) -> None:
    os.killpg(0, signal.SIGKILL)
    time.sleep(60)


def _freeze(_: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(0.2)  # the other threads may take the signal first


def _wait(step: str) -> None:
    while not (_folder() / f"{step}.go").exists():
        time.sleep(0.01)


def _raise(step: str) -> None:
    raise InjectedFault(step)


def _memory(_: str) -> None:
    raise MemoryError


def _spin(_: str) -> None:
    while True:
        time.sleep(0.01)


def _spin_on(_: str) -> None:
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


_WAYS: dict[str, Callable[[str], None]] = {
    "kill": _kill, "kill_group": _kill_group, "freeze": _freeze, "wait": _wait,
    "raise": _raise, "memory": _memory, "spin": _spin, "spin_on": _spin_on,
}  # fmt: skip


# --- places ---


def _wrap(name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    module, _, attribute = name.rpartition(".")
    owner: Any
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:
        above, _, inner = module.rpartition(".")
        owner = getattr(importlib.import_module(above), inner)
    old = getattr(owner, attribute)
    setattr(owner, attribute, functools.wraps(old)(make(old)))


def _before(name: str) -> Callable[[Callable[[], None]], None]:
    def arrange_it(come: Callable[[], None]) -> None:
        def make(old: Callable[..., Any]) -> Callable[..., Any]:
            def wrapped(*args: Any, **kwargs: Any) -> Any:
                come()
                return old(*args, **kwargs)

            return wrapped

        _wrap(name, make)

    return arrange_it


def _after(name: str, counts: Callable[[Any], bool] = lambda _: True) -> Callable[[Callable[[], None]], None]:
    def arrange_it(come: Callable[[], None]) -> None:
        def make(old: Callable[..., Any]) -> Callable[..., Any]:
            def wrapped(*args: Any, **kwargs: Any) -> Any:
                found = old(*args, **kwargs)
                if counts(found):
                    come()
                return found

            return wrapped

        _wrap(name, make)

    return arrange_it


def _remember_jobs() -> None:
    """Keep for each thread whose batch it claimed last."""

    def make(old: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            found = old(*args, **kwargs)
            _here.job = found.job.pk if _is_claim(found) else 0
            return found

        return wrapped

    _wrap(CLAIM, make)


def _half_body(come: Callable[[], None]) -> None:
    def make(old: Callable[..., Any]) -> Callable[..., Any]:
        def send(self: Any, data: Any) -> Any:
            if bytes(data[:1]) != b"{":  # the head of the request
                return old(self, data)
            old(self, bytes(data[: len(data) // 2]))
            come()
            return old(self, bytes(data[len(data) // 2 :]))

        return send

    _wrap("imports.altcraft.wire._GuardedPlain.send", make)


def _inside_result(come: Callable[[], None]) -> None:
    """Before the outermost transaction of `keep_answer` is committed, with all of it written."""
    from django.db.transaction import Atomic

    leave = Atomic.__exit__

    def exit_(self: Any, kind: Any, error: Any, tb: Any) -> None:
        from django.db import connection

        outermost = not connection.savepoint_ids and connection.in_atomic_block
        if kind is None and outermost and getattr(_here, "keeping", False):
            come()
        leave(self, kind, error, tb)

    Atomic.__exit__ = exit_  # type: ignore[method-assign]

    def make(old: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with _keeping():
                return old(*args, **kwargs)

        return wrapped

    _wrap(KEEP, make)


@contextlib.contextmanager
def _keeping() -> Iterator[None]:
    _here.keeping = True
    try:
        yield
    finally:
        _here.keeping = False


def _is_claim(found: Any) -> bool:
    return hasattr(found, "attempt")


CLAIM = "imports.actions.sending.claim_batch"
MARK = "imports.actions.sending.mark_on_wire"
KEEP = "imports.actions.sending.keep_answer"
_WRAP: dict[str, Callable[[Callable[[], None]], None]] = {
    "before_claim": _before(CLAIM),
    "inside_claim": _after("imports.actions.claims._take", _is_claim),
    "after_claim": _after(CLAIM, _is_claim),
    "texts": _before("imports.actions.sending.batch_texts"),
    "before_mark": _before(MARK),
    "after_mark": _after(MARK, bool),
    "half_body": _half_body,
    "body_sent": _before("imports.altcraft.wire._GuardedPlain.getresponse"),
    "reading_answer": _before("imports.altcraft.client.classify"),
    "after_answer": _before(KEEP),
    "inside_result": _inside_result,
    "after_commit": _after(KEEP),
}
STEPS = (
    "before_claim",
    "after_claim",
    "after_mark",
    "half_body",
    "body_sent",
    "after_answer",
    "inside_result",
    "after_commit",
)
