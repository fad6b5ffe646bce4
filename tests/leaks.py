"""Tokens are looked for wherever a test could leave one: in every statement to the database, every log line, letter and
page, and at the end in every file under DATA_DIR. One found fails its test, or the run.

Nobody has to think of it: whatever becomes a `Secret` anywhere in the tests is known here from then on.
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

SHORTEST = 12  # characters; shorter ones stand in other texts by chance
MOST_READ = 64 << 20  # of one file


class Watch:
    """The tokens of this process's tests, and where one was seen."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()
        self.seen: list[str] = []

    def learn(self, value: str) -> None:
        if len(value) >= SHORTEST and "***" not in value:
            self.tokens.add(value)

    def look(self, what: Any, where: str) -> None:
        if any(_holds(what, token) for token in tuple(self.tokens)):
            self.seen.append(where)

    def look_at_files(self, folder: Path) -> None:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    self.look(file.read(MOST_READ), f"file {path.relative_to(folder)}")

    def take(self) -> list[str]:
        """What was seen since this was asked last."""
        found, self.seen = list(dict.fromkeys(self.seen)), []
        return found


WATCH = Watch()


def _holds(what: Any, token: str) -> bool:
    match what:
        case None | bool() | int() | float():
            return False
        case str():
            return token in what
        case bytes() | bytearray() | memoryview():
            return token.encode() in bytes(what)
        case dict():
            return any(_holds(one, token) for one in what.values())
        case list() | tuple():
            return any(_holds(one, token) for one in what)
    return token in str(getattr(what, "obj", what))  # JSON on its way to PostgreSQL hides behind `obj`


class _Listener(logging.Handler):
    """Hears what any handler of the tests could write down, with the traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        text = logging.Formatter("%(message)s").format(record)
        WATCH.look(text, f"log of {record.name}, {record.levelname}")


def _beside(owner: Any, name: str, look: Callable[..., None]) -> None:
    """Let `look` see what a method is given and what it returns."""
    before = getattr(owner, name)

    def both(*arguments: Any, **options: Any) -> Any:
        answer = before(*arguments, **options)
        look(answer, *arguments, **options)
        return answer

    setattr(owner, name, both)


def _statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    WATCH.look(params, f"statement: {sql[:60]}")
    return execute(sql, params, many, context)


def _guard_connection(connection: Any, **_signal: Any) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_statement)


def _look_at_letters(_answer: Any, _backend: Any, messages: Iterable[Any]) -> None:
    for one in messages:
        WATCH.look([one.subject, one.body, *(part[0] for part in getattr(one, "alternatives", ()))], "a letter")


def _look_at_page(answer: Any, _client: Any, **request: Any) -> None:
    where = f"answer to {request.get('REQUEST_METHOD')} {request.get('PATH_INFO')}"
    WATCH.look([str(answer.headers), b"" if answer.streaming else answer.content], where)


_LISTENER = _Listener()


def listen() -> None:
    """Hear the log again, where a test configured it anew."""
    if _LISTENER not in logging.getLogger().handlers:
        logging.getLogger().addHandler(_LISTENER)


def begin() -> None:
    """Call once, before the first test."""
    from django.core.mail.backends.locmem import EmailBackend
    from django.db.backends.signals import connection_created
    from django.test import Client

    from imports.altcraft.secret import Secret
    from imports.models import Connection

    kept: Any = Connection.token
    Connection.token = property(kept.fget, lambda one, clear: (WATCH.learn(clear), kept.fset(one, clear))[1])  # type: ignore[assignment]
    _beside(Secret, "__init__", lambda _answer, _secret, value: WATCH.learn(value))
    _beside(EmailBackend, "send_messages", _look_at_letters)
    _beside(Client, "request", _look_at_page)
    connection_created.connect(_guard_connection)
    listen()
