"""The usual recipe under the same chaos as the product, for a shorter time: it must be seen to double and to lose."""

from __future__ import annotations

import time
from functools import partial

from tests.faults.house import House
from tests.faults.monkey import Monkey

SECONDS, CALM, SEED = 12.0, 8.0, 4711
BATCHES, ROWS = 40, 20
RECIPE = "tests.faults.controls.recipe"


def run() -> str:
    """What was noticed: rows applied twice, rows without an end. "" when nothing was."""
    options = ["--seed", str(SEED)]
    with House(platform=options, platform_module="tests.faults.chaotic_platform", sqlite=True) as house:
        hire = partial(house.worker, app=RECIPE, pool="prefork", queues="recipe", threads=2, ready=False)
        house.ask(f"{RECIPE}:begin", url=house.platform.url, token=house.platform.token, batches=BATCHES, rows=ROWS)
        monkey = Monkey(house, SEED, [hire, hire])
        monkey.rage(SECONDS)
        house.platform.heal()
        monkey.calm()
        end = time.monotonic() + CALM
        while house.ask(f"{RECIPE}:left") and time.monotonic() < end:
            time.sleep(0.2)
        twice = sum(times > 1 for times in house.platform.people().values())
        lost = house.ask(f"{RECIPE}:left") * ROWS
    return f"{twice} of {BATCHES * ROWS} rows applied twice, {lost} without an end" if twice or lost else ""
