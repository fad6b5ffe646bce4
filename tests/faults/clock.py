"""A clock moved by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

LONGEST = timedelta(days=3)


class HandClock:
    """What `timezone.now()` says to the product; `sleep` moves it on and takes no time."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self.moved = timedelta(0)
        self._due: list[tuple[timedelta, Callable[[], object]]] = []

    def now(self) -> datetime:
        return self._real() + self.moved

    def sleep(self, seconds: float) -> None:
        self.moved += timedelta(seconds=seconds)
        for one in [one for one in self._due if one[0] <= self.moved]:
            self._due.remove(one)
            one[1]()
        assert self.moved < LONGEST, "it never ends"

    def at(self, *, minutes: float, then: Callable[[], object]) -> None:
        """Do this once so many minutes have been slept."""
        self._due.append((timedelta(minutes=minutes), then))


def by_hand(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    """The product's clock, its own and the database's, moved by hand for the length of a test."""
    from django.db.models import DateTimeField, Value
    from django.utils import timezone

    from imports.actions import clock as the_database

    hand = HandClock(timezone.now)

    def now_in_statement(*, plus: timedelta = timedelta(0)) -> Any:
        return Value(hand.now() + plus, output_field=DateTimeField())

    monkeypatch.setattr(timezone, "now", hand.now)
    monkeypatch.setattr(the_database, "now", hand.now)
    monkeypatch.setattr(the_database, "now_in_statement", now_in_statement)
    return hand
