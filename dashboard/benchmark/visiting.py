"""Every page of imports that have ended, through HTTP, as a signed-in person gets them:
`python -m dashboard.benchmark.visiting ADDRESS TRIES UUID...` beside the stack that DATA_DIR names."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence

import django
import requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from dashboard.benchmark.bigpages import pages_of  # noqa: E402 - models exist only after the line above
from dashboard.benchmark.figures import percentile  # noqa: E402
from dashboard.benchmark.pages import LONGEST, signed_in  # noqa: E402
from imports.actions.demo import PASSWORD  # noqa: E402
from imports.models import ImportJob  # noqa: E402

PERSON = "marketer"
Get = Callable[[str], None]


def visited(address: str, uuids: Sequence[str], *, tries: int) -> dict[str, dict[str, list[float]]]:
    """By uuid, [p50, p95] in ms of each page by its name, each asked for `tries` times, at places spread over the file.

    The imports take turns, request by request: what else runs on the machine meets them alike. Only the first request
    of a page is not counted; no place is asked for beforehand. Raises requests.RequestException for a page that does
    not come.
    """
    get = _getter(signed_in(address, PERSON, PASSWORD), address)
    pages = {uuid: pages_of(ImportJob.objects.get(uuid=uuid)) for uuid in uuids}
    found: dict[str, dict[str, list[float]]] = {uuid: {} for uuid in uuids}
    for name in dict.fromkeys(name for names in pages.values() for name in names):
        asked = {uuid: paths for uuid in uuids if (paths := list(pages[uuid].get(name, ())))}
        for uuid, taken in _in_turns(get, asked, tries).items():
            found[uuid][name] = [percentile(taken, 50), percentile(taken, 95)]
    return found


def _in_turns(get: Get, asked: dict[str, list[str]], tries: int) -> dict[str, list[float]]:
    """Milliseconds of each request, by uuid."""
    taken: dict[str, list[float]] = {uuid: [] for uuid in asked}
    for number in range(tries + 1):
        for uuid, paths in asked.items():
            begun = time.perf_counter()
            get(paths[number % len(paths)])
            if number:
                taken[uuid].append((time.perf_counter() - begun) * 1_000)
    return taken


def _getter(session: requests.Session, address: str) -> Get:
    def get(path: str) -> None:
        session.get(address + path, timeout=LONGEST).raise_for_status()

    return get


if __name__ == "__main__":
    try:
        print(json.dumps(visited(sys.argv[1], sys.argv[3:], tries=int(sys.argv[2]))))
    except requests.RequestException as fault:
        sys.exit(f"a page did not come: {fault}")
