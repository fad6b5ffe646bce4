"""Designs that are known to be wrong, put before the same judge: a bench that does not catch them proves nothing."""

from collections.abc import Callable
from typing import Final

from tests.faults.controls import recipe_stage
from tests.faults.house import House, Stop
from tests.faults.judge import judged

ROWS = 20


def doubled_by_a_sleeper(*, without_mark: bool) -> int:
    """Rows of an unsafe batch applied twice when a worker falls asleep between its claim and its call.

    Its lease runs out, another worker sends the batch, the first wakes up. The platform does not know repeats.
    """
    with House(platform=["--deduplication", "off"]) as house:
        job = house.job(ROWS, unsafe=True, limits={"deadline_seconds": 60})  # else the call ends by itself in its sleep
        sleeper = house.worker(threads=1, stops=[Stop("before_mark", "freeze")], without_mark=without_mark)
        house.came_to("before_mark")
        house.ask("let_leases_run_out")
        house.sweep()
        house.worker(threads=1)
        house.until_quiet(job)
        sleeper.thaw()
        sleeper.stop()
        sleeper.wait()
        twice = sum(times > 1 for times in house.platform.people().values())
        noticed = [told for told in judged(house) if told.startswith(f"job {job}: I2") or "I4" in told]
        assert bool(twice) == bool(noticed), f"{twice} rows were applied twice and the judge says {noticed}"
        return twice


def _without_the_mark() -> str:
    assert doubled_by_a_sleeper(without_mark=False) == 0, "with the mark nobody is sent twice"
    twice = doubled_by_a_sleeper(without_mark=True)
    return f"{twice} of {ROWS} rows applied twice" if twice else ""


CONTROLS: Final[dict[str, Callable[[], str]]] = {
    "the design without the mark (E10)": _without_the_mark,
    "the usual Celery recipe": recipe_stage.doubles,
    "the usual Celery recipe when Redis forgets": recipe_stage.loses,
}
