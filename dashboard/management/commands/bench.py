"""manage.py bench: how quick the whole stack is on this machine, beside everything it is measured against."""

import contextlib
import importlib.util
import json
import signal
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from dashboard.benchmark import machine, report
from dashboard.benchmark.bench import Bench
from dashboard.benchmark.databases import postgres_server, version_of
from dashboard.benchmark.goals import UNKNOWN, Sizes, goals
from dashboard.benchmark.parts import PARTS
from dashboard.benchmark.processes import can_measure
from dashboard.benchmark.programs import BenchFailed

INSTALL = ".venv/bin/pip install --require-hashes -r requirements/bench.txt"
NEEDED = ("import_export", "msgspec", "openpyxl")
QUICK = {"rows": 100_000, "rounds": 1, "naive_seconds": 15.0, "tries": 5}
FULL = {"rows": 1_000_000, "rounds": 3, "naive_seconds": 180.0, "tries": 15}


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # it works on installations of its own, never on this one
    help = (
        "Measure the whole stack beside a tight loop, django-import-export and the naive design, on the same files in "
        "the same run. Exit status 0: every floor is met."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, help="rows of the largest file; others have a tenth and a hundredth")
        parser.add_argument("--rounds", type=int, help="how often each side is measured, one after the other")
        parser.add_argument("--quick", action="store_true", help="100,000 rows, one round: minutes, and weak figures")
        parser.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=f"of: {', '.join(PARTS)}")
        parser.add_argument("--without-postgres", action="store_true", help="SQLite alone")
        parser.add_argument("--naive-seconds", type=float, help="how long the naive design may take for a file")
        parser.add_argument("--tries", type=int, help="how often each page is asked for")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too, after every part")
        parser.add_argument("--docs", action="store_true", help="put table and picture into docs/performance.md")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_unready()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # whatever ends it, the stacks it started end too
        chosen = {name: options[name] or value for name, value in (QUICK if options["quick"] else FULL).items()}
        if min(chosen.values()) <= 0:
            raise CommandError("--rows, --rounds, --naive-seconds and --tries are more than 0.")
        parts = [name for name in PARTS if not options["only"] or name in options["only"]]
        with contextlib.ExitStack() as held:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-files-")))
            server = "" if options["without_postgres"] else self._server(held)
            sizes = Sizes.of(int(chosen["rows"]))
            bench = Bench(sizes, int(chosen["rounds"]), folder, server, self._say)
            bench.naive_seconds, bench.tries = chosen["naive_seconds"], int(chosen["tries"])
            about = machine.told(server)
            self._rounds(bench, parts, options["json"])
        self._finish(bench, about, options)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _server(self, held: contextlib.ExitStack) -> str:
        try:
            server = held.enter_context(postgres_server())
            if server:
                version_of(server)  # whether it answers
        except BenchFailed as fault:
            self._say(f"PostgreSQL is left out: {fault}")
            return ""
        if not server:
            self._say("PostgreSQL is left out: there is no initdb here, and DATABASE_URL names none.")
        return server

    def _rounds(self, bench: Bench, parts: list[str], target: Path | None) -> None:
        """Every part in every round; stopped by a person, what there is by then."""
        with contextlib.suppress(KeyboardInterrupt):
            for number in range(1, bench.rounds + 1):
                bench.round = number
                for name in parts:
                    with bench.attempt(name):
                        PARTS[name](bench)
                    if target:
                        target.write_text(json.dumps(_plain(bench), indent=1) + "\n")
            return
        bench.failures.append("stopped before the end")

    def _finish(self, bench: Bench, about: str, options: dict[str, Any]) -> None:
        text = report.markdown(bench, " ".join(["python3 manage.py", *sys.argv[1:]]), about)
        self.stdout.write(f"\n{text}\n")
        if options["docs"]:
            report.keep(text, bench)
        asked = [goal for goal in goals(bench.samples, bench.sizes) if not options["only"] or goal.verdict != UNKNOWN]
        if bench.failures or not all(goal.passes for goal in asked):
            sys.exit(1)


def _plain(bench: Bench) -> dict[str, Any]:
    """Everything as JSON values."""
    lines = [
        {"what": goal.what, "measured": goal.measured, "floor": goal.floor, "goal": goal.goal, "verdict": goal.verdict}
        for goal in goals(bench.samples, bench.sizes)
    ]
    samples = {name: list(rounds.values()) for name, rounds in bench.samples.values.items()}
    return {"goals": lines, "samples": samples, "notes": bench.notes, "failures": bench.failures}


def _refuse_unready() -> None:
    missing = [name for name in NEEDED if not importlib.util.find_spec(name)]
    if missing:
        raise CommandError(f"{', '.join(missing)}: what we are measured with is not installed. Install it: {INSTALL}")
    if not can_measure():
        raise CommandError("The memory of processes is read from /proc: run this on Linux.")
