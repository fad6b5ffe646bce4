"""A process that is about to be frozen waits until none of its threads is in the middle of writing."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from tests.faults import stillness

PATIENCE = 60.0


@pytest.fixture
def databases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[ConnectionHandler]:
    """A SQLite in a file, opened anew by each thread that asks."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE}
    place = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "db.sqlite3"), "OPTIONS": options}
    handler = ConnectionHandler({"default": place})
    monkeypatch.setattr(stillness, "connection", handler["default"])
    with sqlite3.connect(place["NAME"]) as made:
        made.execute("CREATE TABLE rows (n)")
    made.close()
    with django_db_blocker.unblock():
        yield handler


def test_it_waits_for_a_transaction_and_lets_it_end(databases: ConnectionHandler) -> None:
    begun, go_on, told = threading.Event(), threading.Event(), list[str]()

    def writes() -> None:
        connection: Any = databases["default"]
        stillness._guard(connection)
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        connection.in_atomic_block = True
        begun.set()
        go_on.wait(PATIENCE)
        connection.cursor().execute("INSERT INTO rows VALUES (1)")  # though the gate is shut by now
        told.append("written")
        connection.in_atomic_block = False
        connection.commit()
        connection.close()

    def freezes() -> None:
        with stillness.still():
            told.append("still")

    writer, freezer = threading.Thread(target=writes), threading.Thread(target=freezes)
    writer.start()
    assert begun.wait(PATIENCE)
    freezer.start()
    freezer.join(0.2)
    assert told == []
    go_on.set()
    for thread in (writer, freezer):
        thread.join(PATIENCE)
    assert told == ["written", "still"]


def test_nobody_begins_to_write_before_it_is_over(databases: ConnectionHandler) -> None:
    told = list[str]()

    def writes() -> None:
        connection: Any = databases["default"]
        stillness._guard(connection)
        connection.cursor().execute("INSERT INTO rows VALUES (1)")
        told.append("written")
        connection.close()

    writer = threading.Thread(target=writes)
    with stillness.still():
        writer.start()
        writer.join(0.2)
        told.append("still")
    writer.join(PATIENCE)
    assert told == ["still", "written"]
