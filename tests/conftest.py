"""The ground every test stands on: no network but this machine, a folder of its own, three people, a sandbox.

Settings read the environment when they are imported, so it is arranged here, before pytest-django asks for them.
"""

import gc
import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest

_FOLDER = Path(tempfile.mkdtemp(prefix="import-dashboard-tests-"))
_GIVEN = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
_OURS = {
    "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's event loop runs in the thread of the test that asks the database
    "DATA_DIR": str(_FOLDER),
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtb24=",
    "INSECURE_LOCAL": "1",
    "ALTCRAFT_ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "memory:",
    "DATABASE_POOL_SIZE": "0",  # a pool holds connections, and the test database could not be dropped
}
_FOREIGN = ("DEBUG", "BEHIND_PROXY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "UPLOAD_LIMIT_BYTES", "TIME_ZONE")
_FOREIGN += ("STORAGE_URL", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

os.environ.update(_OURS)
for _name in _FOREIGN:
    os.environ.pop(_name, None)
(_FOLDER / "static").mkdir()  # WhiteNoise warns about a missing one

# Tests time nothing: a busy machine must not fail one.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
_SERVICES = {
    "browser": (bool(CHROMIUM), "no Chromium was found; install one or set CHROMIUM"),
    "postgres": (_GIVEN.get("DATABASE_URL", "").startswith("postgres"), "DATABASE_URL names no PostgreSQL"),
    "redis": ("REDIS_URL" in _GIVEN, "REDIS_URL is not set"),
}
_REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


# --- no network ---

_REACHABLE = {urlsplit(url).hostname for url in _GIVEN.values()} | {None, "", "localhost", "localhost.localdomain"}


def _is_this_machine(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else host
    if text in _REACHABLE:
        return True
    try:
        address = ipaddress.ip_address(str(text))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a unix socket's address is a path
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_this_machine(host):
        raise RuntimeError(f"a test tried to reach {host!r}; tests use this machine only")


sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """Of the one server all tests of a process share: by the address accounts are allowed to be at."""
    return "127.0.0.1", 0


# --- pytest itself ---


def pytest_configure() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
    _own_cache(settings)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def pytest_xdist_auto_num_workers() -> int:
    """Two for a core: half of their time tests wait, for threads, processes and deadlines of their own."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # not on macOS
    return ours * 2


def _own_cache(settings: Any) -> None:
    """A Redis database for each process of tests: whoever clears its cache must not clear that of another."""
    place = settings.CACHES["default"].get("LOCATION", "")
    if place.startswith("redis") and (worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")):
        address = urlsplit(place)
        number = 1 + (int(address.path.strip("/") or 0) + int(worker)) % 15
        settings.CACHES["default"]["LOCATION"] = address._replace(path=f"/{number}").geturl()


def pytest_sessionstart() -> None:
    from imports.reading import confinement
    from tests import leaks, warm

    leaks.begin()
    if sys.platform == "linux":
        warm.NURSERY.take_over(confinement)


@pytest.fixture(autouse=True)
def _no_token_seen() -> Iterator[None]:
    """A test that leaves a token where it does not belong has failed; see tests/leaks.py."""
    from tests.leaks import WATCH, listen

    listen()
    yield
    if seen := WATCH.take():
        pytest.fail("a token was seen in: " + "; ".join(seen), pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    from tests.leaks import WATCH

    WATCH.look_at_files(_FOLDER)
    if seen := WATCH.take():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        raise RuntimeError("a token was seen in: " + "; ".join(seen))


def pytest_unconfigure() -> None:
    shutil.rmtree(_FOLDER, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name, (present, why) in _SERVICES.items():
            if not present and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"{name}: {why}"))
    items.sort(key=lambda item: not item.get_closest_marker("browser"))  # the longest first: nobody waits for one


def pytest_collection_finish() -> None:
    """What is there now stays: 7,000 tests and Django need not be looked through again by each collection."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """With REQUIRE_SERVICES=1 a test of a real service that was skipped, for whatever reason, has failed."""
    report = yield
    if _REQUIRED and report.skipped and any(item.get_closest_marker(name) for name in _SERVICES):
        report.outcome, report.longrepr = "failed", f"REQUIRE_SERVICES=1, but this was skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} not run. {reason}")


# --- the database ---


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, and tests that commit are cleaned up after cheaply."""
    from tests.emptying import empty_cheaply

    with django_db_blocker.unblock():
        empty_cheaply()
    yield
    with django_db_blocker.unblock():
        _end_other_sessions()


def _end_other_sessions() -> None:
    """Of threads that some test left with a session of their own: PostgreSQL would not drop the database."""
    from django.db import connection

    if connection.vendor == "postgresql":
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


# --- language ---


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page asked for in Russian leaves its thread Russian; no test may hear that of another."""
    from django.utils import translation

    translation.activate("en")
    yield
    translation.activate("en")


# --- people ---


def _person(name: str, group: str) -> Any:
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, User

    from imports.models import Person, home_team
    from tests.signing import PASSWORD

    person = User.objects.create(username=name, email=f"{name}@example.com", password=make_password(PASSWORD))
    person.groups.add(Group.objects.get_or_create(name=group)[0])
    every = group in ("admin", "auditor")
    Person.objects.create(user=person, team=None if every else home_team(None), every_team=every)
    return person


def _logged_in(person: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def anna(db: None) -> Any:
    """A marketer."""
    return _person("anna", "marketer")


@pytest.fixture
def clara(db: None) -> Any:
    """An approver, of Anna's team."""
    return _person("clara", "approver")


@pytest.fixture
def boris(db: None) -> Any:
    """An admin, of every team."""
    return _person("boris", "admin")


@pytest.fixture
def vera(db: None) -> Any:
    """An auditor, of every team."""
    return _person("vera", "auditor")


@pytest.fixture
def as_anna(anna: Any) -> Any:
    """A browser in which Anna, a marketer, is logged in; likewise Boris and Vera below."""
    return _logged_in(anna)


@pytest.fixture
def as_clara(clara: Any) -> Any:
    return _logged_in(clara)


@pytest.fixture
def as_boris(boris: Any) -> Any:
    return _logged_in(boris)


@pytest.fixture
def as_vera(vera: Any) -> Any:
    return _logged_in(vera)


# --- other machines, on this one ---


@pytest.fixture
def sandbox() -> Iterator[Any]:
    """A running sandbox of Altcraft on a free port of this machine."""
    from imports.sandbox import SandboxServer

    server = SandboxServer(host="127.0.0.1", port=0)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def account(sandbox: Any, db: None) -> Any:
    """The sandbox as a connection, its lists fetched."""
    from tests.factories import make_connection

    return make_connection(sandbox)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium; mark the test with `browser`."""
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()
