"""Everything at random: `python -m tests.faults.chaos --seconds 100 --seeds 2 [--controls]`. Fault 70 of the matrix.

Several workers send jobs that may be repeated and jobs that may not to a platform that fails every second call, while
processes are killed and frozen, Redis forgets and PostgreSQL crashes. Then calm, at most 60 s, and the judge.
Exits with 1 when an invariant is broken, or when a negative control was not noticed.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.faults.controls import caught
from tests.faults.house import House, Stop
from tests.faults.judge import judged
from tests.faults.monkey import Monkey
from tests.faults.services import PrivatePostgres

CALM_SECONDS = 60.0
RECOVERED_WITHIN = 20.0  # seconds, for 95 of 100 killed workers
ENOUGH = 20  # killed workers, for a share of them to mean anything
SWEEP_SECONDS = 15.0  # as in production; a short run could not wait for it
PATCHES: dict[str, float] = {  # leases and rests that fit the seconds there are
    "imports.actions.claims.LEASE_MARGIN": 3.0,
    "imports.actions.verdicts.BASE_SECONDS": 0.1,
    "imports.actions.verdicts.CAP_SECONDS": 1.0,
    "imports.actions.breaker.OPEN_SECONDS": 0.3,
    "imports.actions.breaker.LONGEST_OPEN_SECONDS": 1.0,
    "imports.actions.breaker.PROBE_SECONDS": 3.0,
}
ACCOUNTS, UNSAFE_JOBS, SAFE_JOBS = 6, 6, 3
SENT_BY = 0.7  # of the time there is
PER_REQUEST, LIMIT = 50, 40  # profiles; a full batch is too large for this platform and is cut
EXACT = ("unsafe applied twice", "without a state", "accepted, never arrived", "token and people seen")


def main(arguments: list[str]) -> int:
    """The exit status."""
    asked = _asked(arguments)
    seeds = [asked.seed] if asked.seed is not None else [random.randrange(10**6) for _ in range(asked.seeds)]
    broken = _recovery() if asked.seed is None else 0
    for number, seed in enumerate(seeds):
        database = ("postgres", "sqlite")[number % 2] if asked.database == "both" else asked.database
        broken += _stage(seed, asked.seconds, asked.rows, database)
    if asked.controls:
        broken += _controls()
    return min(broken, 1)


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=100.0, help="how long things are broken")
    parser.add_argument("--seeds", type=int, default=2, help="how many runs, each with a seed of its own")
    parser.add_argument("--seed", type=int, help="repeat this run only")
    parser.add_argument("--rows", type=int, default=0, help="rows a job (default: by --seconds)")
    parser.add_argument("--database", choices=("both", "postgres", "sqlite"), default="both", help="both take turns")
    parser.add_argument("--controls", action="store_true", help="then see that worse designs are caught")
    return parser.parse_args(arguments)


def _recovery() -> int:
    """One worker is killed with a batch in its hands, nothing else is wrong, leases and sweeps are as in production."""
    with contextlib.ExitStack() as ends:
        postgres = _private_postgres(ends)
        url = postgres.make_database("recovery") if postgres else ""
        patches = {"imports.actions.claims.LEASE_MARGIN": 30.0}
        house = ends.enter_context(House(database_url=url, sqlite=not url, patches=patches))
        job = house.job(20, unsafe=True, limits={"deadline_seconds": 120})
        house.beat()
        dying = house.worker(threads=1, stops=[Stop("after_claim", "kill_group")])
        dying.wait()
        house.worker()
        killed = time.monotonic()
        house.until(lambda: house.state(job) == "done", "the batch is in other hands", within=60, sweeping=False)
        seconds = time.monotonic() - killed
    where = "PostgreSQL" if postgres else "SQLite"
    print(f"A killed worker's batch was sent by another after {seconds:.1f} s on {where}", flush=True)
    return int(seconds > RECOVERED_WITHIN)


def _controls() -> int:
    print("\nNegative controls: each of these must be caught.")
    missed = 0
    for name, control in caught.CONTROLS.items():
        found = control()
        print(f"  {'caught' if found else 'MISSED'}  {name}: {found or 'nothing was noticed'}")
        missed += not found
    return missed


def _stage(seed: int, seconds: float, rows: int, database: str) -> int:
    rows = rows or max(50, round(seconds * 5.5 / 50) * 50)
    jobs = UNSAFE_JOBS + SAFE_JOBS
    print(f"\nSeed {seed}, {seconds:.0f} s of chaos on {database}, {jobs} jobs of {rows} rows", flush=True)
    with contextlib.ExitStack() as ends:
        postgres = _private_postgres(ends) if database == "postgres" else None
        if database == "postgres" and postgres is None:
            print("  no PostgreSQL could be started here; SQLite stands in")
        options = ["--seed", str(seed), "--profile-limit", str(LIMIT)]
        url = postgres.make_database("chaos") if postgres else ""
        module = "tests.faults.chaotic_platform"
        patches = PATCHES | {"imports.actions.sweep.EVERY": min(SWEEP_SECONDS, seconds / 5)}
        house = ends.enter_context(
            House(database_url=url, sqlite=not url, patches=patches, platform=options, platform_module=module)
        )
        found = _run(house, seed, seconds, rows, postgres)
        violations = found.pop("violations")
    _table(found)
    for told in violations[:20]:
        print(f"  VIOLATION {told}")
    if len(violations) > 20:
        print(f"  and {len(violations) - 20} more")
    return int(bool(violations) or any(found[name] for name in EXACT))


def _private_postgres(ends: contextlib.ExitStack) -> PrivatePostgres | None:
    try:
        made = PrivatePostgres()
    except pytest.skip.Exception:
        return None
    ends.callback(made.remove)
    return made


def _run(house: House, seed: int, seconds: float, rows: int, postgres: PrivatePostgres | None) -> dict[str, Any]:
    jobs = list(_jobs(house, rows))
    pool = 12 if postgres else 0
    threads = partial(house.worker, threads=4, ready=False, connections=pool)
    monkey = Monkey(house, seed, [threads, threads, partial(house.worker, pool="prefork", ready=False)], postgres)
    house.beat()
    for number, job in enumerate(jobs):  # one after another, so that there is work as long as there is harm
        monkey.later(number * seconds * SENT_BY / len(jobs), partial(house.ask, "send_job", job=job))
    monkey.rage(seconds)
    house.platform.heal()
    monkey.calm()
    calm = time.monotonic()
    with contextlib.suppress(pytest.fail.Exception):
        house.until_quiet(within=CALM_SECONDS, sweeping=False)
    settled = time.monotonic() - calm
    monkey.dismiss()
    return _figures(house, monkey, settled)


def _jobs(house: House, rows: int) -> Iterator[int]:
    limits = {"deadline_seconds": 2, "parallel": 3}
    accounts = [house.account(f"Account {number}", **limits) for number in range(ACCOUNTS)]
    for number in range(UNSAFE_JOBS + SAFE_JOBS):
        unsafe = number < UNSAFE_JOBS
        account = accounts[number % ACCOUNTS]
        yield house.job(rows, unsafe=unsafe, send=False, account=account, per_request=PER_REQUEST)


def _figures(house: House, monkey: Monkey, settled: float) -> dict[str, Any]:
    deliveries, people = house.platform.deliveries(), house.platform.people()
    killed = {str(pid): at for pid, at in monkey.killed.items()}
    found = house.ask("tests.faults.figures:gather", people=people, deliveries=deliveries, killed=killed)
    violations = judged(house)
    recoveries = found.pop("recoveries")
    if len(recoveries) >= ENOUGH and _at(recoveries, 0.95) > RECOVERED_WITHIN:
        violations.append(f"95 of 100 batches of killed workers came back after {_at(recoveries, 0.95):.1f} s")
    if house.ask("moving", jobs=[]):
        violations.append(f"jobs still move {CALM_SECONDS:.0f} s after the last fault")
    return {
        "violations": violations,
        "deeds": ", ".join(f"{count} x {deed}" for deed, count in sorted(monkey.counts.items())),
        "recovery after kill -9": _told(recoveries),
        "at rest after": f"{settled:.1f} s",
        "token and people seen": sum(told.startswith("I6") for told in violations),
        "deliveries": len(deliveries),
        "own cost a batch": _cost(house),
        **found,
    }


def _cost(house: House) -> str:
    job = house.job(60, unsafe=True, account=house.account("Cost"), per_request=1, send=False)
    house.ask("start_job", job=job)
    whole, ours = house.ask("tests.faults.figures:cost", job=job)
    return f"{whole:.1f} ms, {ours:.1f} ms of them our own processor's"


def _at(sorted_seconds: list[float], share: float) -> float:
    return sorted_seconds[min(len(sorted_seconds) - 1, int(len(sorted_seconds) * share))]


def _told(recoveries: list[float]) -> str:
    if not recoveries:
        return "no batch was in the hands of a killed worker"
    return f"p95 {_at(recoveries, 0.95):.1f} s, longest {recoveries[-1]:.1f} s, of {len(recoveries)}"


LINES = (
    "deeds", "rows", "unsafe rows", "unsafe applied twice", "without a state", "accepted, never arrived",
    "token and people seen", "accepted", "rejected", "unknown", "unknown, applied", "false unknown", "batches",
    "attempts", "deliveries", "recovery after kill -9", "at rest after", "own cost a batch",
)  # fmt: skip


def _table(found: dict[str, Any]) -> None:
    for name in LINES:
        found.setdefault(name, 0)
        print(f"  {name:<26} {found[name]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
