"""An import through the stack that DATA_DIR names, in a process of its own:
`python -m dashboard.benchmark.drive FILE [--platform ADDRESS] [--profiles N] [--parallel N]`."""

import argparse
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from dashboard.benchmark.importing import Account, drive  # noqa: E402 - models exist only after the line above
from dashboard.benchmark.programs import BenchFailed  # noqa: E402

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--platform", default="")
    parser.add_argument("--profiles", type=int, default=0)
    parser.add_argument("--parallel", type=int, default=0)
    given = parser.parse_args()
    try:
        drive(given.file, Account(given.platform, given.profiles, given.parallel))
    except BenchFailed as fault:
        sys.exit(str(fault))
