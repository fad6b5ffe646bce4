"""Transactions that write: on SQLite one at a time in a process, so that nobody sleeps while the way is free."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection

from imports.actions.trouble import writing
from imports.models import Team

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10.0


def beside(work: Callable[[], None]) -> threading.Thread:
    def closing() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=closing)
    thread.start()
    return thread


def test_a_second_thread_begins_when_the_first_has_written() -> None:
    told: list[str] = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        with writing():
            told.append("second")
            Team.objects.create(name="Second")

    with writing():
        Team.objects.create(name="First")
        thread = beside(second)
        assert begun.wait(PATIENCE)
        told.append("first")
    thread.join(PATIENCE)

    assert sorted(told) == ["first", "second"]
    if connection.vendor == "sqlite":
        assert told == ["first", "second"]
    assert Team.objects.filter(name__in=["First", "Second"]).count() == 2


def test_what_fails_lets_the_next_one_write() -> None:
    with pytest.raises(IntegrityError):
        _write("First", twice=True)

    thread = beside(lambda: _write("Second"))
    thread.join(PATIENCE)

    assert list(Team.objects.filter(name__in=["First", "Second"]).values_list("name", flat=True)) == ["Second"]


def _write(name: str, *, twice: bool = False) -> None:
    with writing():
        for _ in range(1 + twice):
            Team.objects.create(name=name)
