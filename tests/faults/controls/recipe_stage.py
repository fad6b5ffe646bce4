"""The usual recipe under the same chaos as the product, for a shorter time: it must be seen to double and to lose."""

from __future__ import annotations

import time
from functools import partial

from tests.faults.house import House
from tests.faults.monkey import Monkey

TURN, AT_MOST, CALM, SEED = 3.0, 60.0, 6.0, 4711  # seconds of chaos at a time and in all, and of calm
BATCHES, ROWS = 40, 20
RECIPE = "tests.faults.controls.recipe"
HARM = {"kill a worker": 1, "kill a child": 2}


def doubles() -> str:
    """Rows applied twice although Redis is left alone; "" when there are none."""
    twice, _ = _stage(HARM)
    return f"{twice} of {BATCHES * ROWS} rows applied twice" if twice else ""


def loses() -> str:
    """Rows nobody knows the end of; "" when there are none."""
    _, lost = _stage({**HARM, "kill Redis": 3})
    return f"{lost} of {BATCHES * ROWS} rows without an end" if lost else ""


def _stage(harm: dict[str, int]) -> tuple[int, int]:
    options = ["--seed", str(SEED)]
    with House(platform=options, platform_module="tests.faults.chaotic_platform", sqlite=True) as house:
        hire = partial(house.worker, app=RECIPE, pool="prefork", queues="recipe", threads=2, ready=False)
        house.ask(f"{RECIPE}:begin", url=house.platform.url, token=house.platform.token, batches=BATCHES, rows=ROWS)
        monkey = Monkey(house, SEED, [hire, hire], deeds=harm)
        end = time.monotonic() + AT_MOST
        while not _twice(house) and time.monotonic() < end:  # a busy machine needs longer to show it
            monkey.rage(TURN)
            if "kill Redis" in monkey.counts:
                break
        house.platform.heal()
        monkey.calm()
        end = time.monotonic() + CALM
        while (left := house.ask(f"{RECIPE}:left")) and time.monotonic() < end:
            time.sleep(0.2)
        return _twice(house), left * ROWS


def _twice(house: House) -> int:
    return sum(times > 1 for times in house.platform.people().values())
