"""An import through the stack that DATA_DIR names, in a process of its own:
`python -m dashboard.benchmark.drive FILE [PROFILES]`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from dashboard.benchmark.importing import drive  # noqa: E402 - models exist only after the line above
from dashboard.benchmark.stack import BenchFailed  # noqa: E402

if __name__ == "__main__":
    try:
        drive(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
    except BenchFailed as fault:
        sys.exit(str(fault))
