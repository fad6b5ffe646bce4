"""manage.py bench: how quick the whole stack is on this machine, beside django-import-export."""

import importlib.util
import json
import os
import platform
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from dashboard.benchmark.figures import Round, summary
from dashboard.benchmark.measuring import measured_round
from dashboard.benchmark.processes import can_measure
from dashboard.benchmark.stack import BenchFailed
from dashboard.benchmark.table import round_line, table
from imports.samples import big_csv

INSTALL = ".venv/bin/pip install --require-hashes -r requirements/bench.txt"


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # it works on installations of its own, never on this one
    help = "Measure the whole stack beside django-import-export's bulk import, on the same file in the same run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000, help="rows of the file (15 columns, fixed seed)")
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--profiles-per-request", type=int, metavar="N", help="default: the connection's own")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_unready()
        if min(options["rows"], options["rounds"], options["profiles_per_request"] or 1) < 1:
            raise CommandError("--rows, --rounds and --profiles-per-request are 1 or more.")
        try:
            rounds = self._rounds(options)
        except (BenchFailed, OSError) as fault:
            raise CommandError(str(fault)) from None
        figures = summary(rounds)
        self.stdout.write(f"\n{_machine()}; {figures.rows:,} rows, {figures.rounds} rounds\n\n{table(figures)}")
        if options["json"]:
            options["json"].write_text(json.dumps(figures.to_plain(), indent=1) + "\n")
        if not all(figures.floors().values()):
            sys.exit(1)

    def _rounds(self, options: dict[str, Any]) -> list[Round]:
        rounds = []
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            file = big_csv(Path(folder) / "people.csv", options["rows"])
            for number in range(1, options["rounds"] + 1):
                rounds.append(measured_round(file, options["profiles_per_request"]))
                self.stdout.write(round_line(number, rounds[-1]))
                self.stdout.flush()
        return rounds


def _refuse_unready() -> None:
    if not importlib.util.find_spec("import_export"):
        raise CommandError(f"django-import-export is what we are measured against. Install it: {INSTALL}")
    if not can_measure():
        raise CommandError("The memory of processes is read from /proc: run this on Linux.")


def _machine() -> str:
    return f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
