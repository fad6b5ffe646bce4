"""The threads of a worker, shared between accounts, so that one whose platform hangs does not starve the others."""

import contextlib
import threading

from imports.seats import LONGEST, Seats


def test_one_account_never_has_more_than_its_seats() -> None:
    seats = Seats()
    seats.each = 2

    with seats.taken(1) as first, seats.taken(1) as second, seats.taken(1) as third, seats.taken(2) as other:
        assert (first, second, third, other) == (True, True, False, True)
    with seats.taken(1) as again:
        assert again


def test_a_seat_is_free_again_after_a_fault() -> None:
    seats = Seats()
    seats.each = 1
    with contextlib.suppress(ValueError), seats.taken(1):
        raise ValueError

    with seats.taken(1) as again:
        assert again


def test_without_a_number_there_is_room_for_all() -> None:
    seats = Seats()

    with seats.taken(1) as first, seats.taken(1) as second:
        assert first and second


def test_nobody_waits_for_what_is_far_off_or_unknown() -> None:
    assert not Seats().wait(1, None)
    assert not Seats().wait(1, LONGEST + 1)


def test_only_one_waits_for_longer_than_a_moment(monkeypatch: object) -> None:
    seats, asleep, wake = Seats(), threading.Event(), threading.Event()

    def sleep(_: float) -> None:
        asleep.set()
        wake.wait(120)

    monkeypatch.setattr("imports.seats.time.sleep", sleep)  # type: ignore[attr-defined]
    waits = threading.Thread(target=seats.wait, args=(1, 3.0))
    waits.start()
    asleep.wait(120)

    assert not seats.wait(1, 3.0)
    wake.set()
    waits.join()
    assert seats.wait(1, 3.0)
