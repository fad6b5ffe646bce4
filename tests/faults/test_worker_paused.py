"""Workers that sleep past their lease and wake up: they send nothing late, and what they know late is not lost."""

from collections import Counter

import pytest

from tests.faults.house import House, Stop
from tests.faults.judge import judged

S_AND_X = pytest.mark.parametrize("unsafe", [False, True], ids=["S", "X"])
ROWS = 3


def sleeps_past_its_lease(house: House, step: str) -> None:
    """A worker stands still at this step, and so much time goes by that its lease is over."""
    house.came_to(step)
    house.ask("let_leases_run_out")
    house.sweep()


@pytest.mark.fault(13)
@S_AND_X
def test_a_worker_asleep_before_the_mark_sends_nothing_when_it_wakes(house: House, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    sleeper = house.worker(threads=1, stops=[Stop("before_mark", "freeze")])
    sleeps_past_its_lease(house, "before_mark")
    house.worker(threads=1)
    house.until_quiet(job)
    sleeper.thaw()
    sleeper.stop()
    assert sleeper.wait() == 0

    (batch,) = house.batches(job)
    assert [one["on_wire"] for one in batch["attempts"]] == [False, True]
    assert (house.state(job), Counter(house.platform.people().values())) == ("done", {1: ROWS})
    assert len(house.platform.deliveries()) == 1
    assert judged(house) == []


@pytest.mark.fault(13)
def test_a_worker_asleep_before_the_mark_does_not_send_what_a_person_cancelled(house: House) -> None:
    job = house.job(ROWS, unsafe=True)
    sleeper = house.worker(threads=1, stops=[Stop("before_mark", "freeze")])
    house.came_to("before_mark")
    house.ask("cancel", job=job)
    sleeper.thaw()
    house.until_quiet(job)

    assert (house.state(job), house.totals(job)["not_sent"]) == ("cancelled", ROWS)
    assert house.platform.deliveries() == []
    assert judged(house) == []


@pytest.mark.fault(14)
def test_nobody_can_send_again_while_the_old_sender_may_still_bring_it_there(house: House) -> None:
    job = house.job(ROWS, unsafe=True, limits={"deadline_seconds": 60})
    sleeper = house.worker(threads=1, stops=[Stop("after_mark", "freeze")])
    sleeps_past_its_lease(house, "after_mark")
    (batch,) = house.batches(job)
    assert batch["state"] == "unknown"

    assert house.ask("decide", batch=batch["id"], choice="repeat").startswith("refused: ")

    sleeper.thaw()
    house.until(lambda: house.state(job) == "done", "the late answer resolves it, and with it the job")
    assert (house.batches(job)[0]["state"], Counter(house.platform.people().values())) == ("answered", {1: ROWS})
    assert judged(house) == []


@pytest.mark.fault(14)
def test_a_sleeper_whose_time_was_up_before_it_wrote_frees_the_batch_nobody_knew_about(house: House) -> None:
    job = house.job(ROWS, unsafe=True)
    sleeper = house.worker(threads=1, stops=[Stop("after_mark", "freeze")])
    sleeps_past_its_lease(house, "after_mark")
    assert (house.state(job), house.batches(job)[0]["state"]) == ("needs_decision", "unknown")
    sleeper.thaw()

    house.until(lambda: house.state(job) == "done", "nothing was sent, so it goes again without a person")
    assert Counter(house.platform.people().values()) == {1: ROWS}
    assert judged(house) == []


@pytest.mark.fault(14)
def test_a_late_answer_changes_nothing_once_a_person_has_closed_it(house: House) -> None:
    job = house.job(ROWS, unsafe=True, limits={"deadline_seconds": 60})
    sleeper = house.worker(threads=1, stops=[Stop("after_answer", "freeze")])
    sleeps_past_its_lease(house, "after_answer")
    (batch,) = house.batches(job)
    assert house.ask("decide", batch=batch["id"], choice="close") == "resolved"
    sleeper.thaw()
    sleeper.stop()
    assert sleeper.wait() == 0

    (batch,) = house.batches(job)
    assert (batch["state"], batch["attempts"][0]["answer"]) == ("resolved", True)
    assert house.totals(job)["unknown"] == ROWS
    assert "late_answer" in {line["verb"] for line in house.ask("history", job=job)}
    assert judged(house) == []


@pytest.mark.fault(14)
def test_a_sleeper_whose_batch_was_repeated_keeps_its_late_answer_and_changes_nothing(house: House) -> None:
    job = house.job(ROWS, limits={"deadline_seconds": 60})
    sleeper = house.worker(threads=1, stops=[Stop("after_answer", "freeze")])
    sleeps_past_its_lease(house, "after_answer")
    house.worker(threads=1)
    house.until_quiet(job)
    sleeper.thaw()
    sleeper.stop()
    assert sleeper.wait() == 0

    (batch,) = house.batches(job)
    assert (batch["state"], len(batch["attempts"])) == ("answered", 2)
    assert Counter(house.platform.people().values()) == {1: ROWS}
    assert judged(house) == []
