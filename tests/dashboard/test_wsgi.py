"""What gunicorn loads before it parts into processes."""

import subprocess
import sys

PROGRAM = (
    "import gc, sys; import dashboard.wsgi; "
    "print(gc.get_freeze_count() > 100_000, 'dashboard.views.results' in sys.modules)"
)


def test_pages_are_there_before_the_first_request_and_the_collector_leaves_them_alone() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout

    assert told.split() == ["True", "True"]
