"""Screenshots of every page, with invented people.

    python -m tests.browser.pictures OUT [--lang ru] [--width 1440] [--dark] [--only job_results] [--height 0]

It has a database, a sandbox and a server of its own; nothing of a dashboard that runs here is touched.
"""

import argparse
import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tests.conftest as ground  # first: it arranges the environment the settings read

HEADER = ["E-mail", "First name", "Last name", "Phone", "City", "Card", "Points"]
COLUMNS = (0, 2, 3, 1, 5, 7, 9)  # of the invented people
FIELDS = {"Last name": "_lname", "City": "_city", "Card": "card_number", "Points": "points"}
ROWS, REPEAT_EVERY, PER_REQUEST, FAIL_EVERY = 1240, 65, 100, 14
NAMES = {"first_name": "Anna", "last_name": "Kravtsova"}


def main() -> None:
    """Draw the pages asked for and say where they are."""
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    with _stage() as (site, sandbox), _chromium() as browser:
        for name, picture in _pictures(browser, site, sandbox, asked):
            path = asked.out / f"{name}.png"
            path.write_bytes(picture)
            print(path)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Screenshots of every page")
    parser.add_argument("out", type=Path)
    parser.add_argument("--lang", default="en-GB")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=0, help="0: the whole page, however long")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--only", default="", help="pages whose name begins so")
    return parser.parse_args()


def _pictures(browser: Any, site: str, sandbox: Any, asked: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    from django.contrib.auth.models import Group, User

    from imports.models import Person

    from .conftest import session_of
    from .scenes import make_scenes
    from .visit import open_visit

    person = User.objects.create(username="anna", **NAMES)
    person.groups.add(Group.objects.get_or_create(name="admin")[0])
    Person.objects.create(user=person, every_team=True)
    pages = make_scenes(sandbox, person, _table(), per_request=PER_REQUEST, fail_every=FAIL_EVERY).pages()
    look = {"lang": asked.lang, "width": asked.width, "scheme": "dark" if asked.dark else "light"}
    visit = open_visit(browser, site, session=session_of(person), **look)
    if asked.height:
        visit.page.set_viewport_size({"width": asked.width, "height": asked.height})
    for name, address in pages.items():
        if name.startswith(asked.only):
            visit.page.goto(site + address)
            visit.page.evaluate("document.fonts.ready")
            yield name, _whole(visit.page, asked.width) if not asked.height else visit.page.screenshot()


def _whole(page: Any, width: int) -> bytes:
    """The page in a window as high as itself: what sticks to the window's foot hides nothing."""
    usual = page.viewport_size["height"]
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    picture: bytes = page.screenshot()
    page.set_viewport_size({"width": width, "height": usual})
    return picture


def _table() -> str:
    from imports.samples.people import people

    rows = [[row[place] for place in COLUMNS] for row in people(ROWS, seed=12, bad_share=0.02)]
    target = io.StringIO()
    csv.writer(target).writerows([HEADER, *rows, *rows[3::REPEAT_EVERY]])
    return target.getvalue()


@contextmanager
def _stage() -> Iterator[tuple[str, Any]]:
    """A served application over an empty database, and a sandbox."""
    import django

    django.setup()
    from django.test.runner import DiscoverRunner
    from pytest_django.live_server_helper import LiveServer

    from imports.sandbox import SandboxServer
    from tests import factories

    factories.FIELDS.update(FIELDS)
    ground.pytest_configure()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    server, sandbox = LiveServer("localhost"), SandboxServer().start()
    try:
        yield server.url, sandbox
    finally:
        server.stop()
        sandbox.stop()
        runner.teardown_databases(databases)
        shutil.rmtree(ground._FOLDER, ignore_errors=True)


@contextmanager
def _chromium() -> Iterator[Any]:
    """The browser of the tests."""
    opened = ground.chromium.__wrapped__()  # type: ignore[attr-defined]
    yield next(opened)
    opened.close()


if __name__ == "__main__":
    main()
