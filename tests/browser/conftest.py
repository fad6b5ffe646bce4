"""The real application behind a real socket, a worker beside it, and browsers for its people."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

from .serving import CountingServer
from .visit import PATIENCE, Visit, open_visit

expect.set_options(timeout=PATIENCE)
Open = Callable[..., Visit]


@pytest.fixture
def site(counted: None, transactional_db: None, live_server: Any) -> Iterator[str]:
    """The address of the application under test; at the end nothing of it holds the database any more."""
    yield str(live_server.url)
    live_server.thread.httpd.wait_until_idle()


@pytest.fixture(scope="session")
def counted() -> None:
    """The live server knows of its connections."""
    LiveServerThread.server_class = CountingServer


@pytest.fixture
def account(site: str, sandbox: Any) -> Any:
    """The sandbox as an account that takes five profiles a request."""
    from tests.factories import make_connection

    return make_connection(sandbox, profiles_per_request=5, parallel=1)


@pytest.fixture
def worker(site: str) -> Iterator[Any]:
    """Somebody does the work from now on."""
    from .worker import Worker

    running = Worker().start()
    yield running
    running.stop()


@pytest.fixture
def browse(site: str, chromium: Any) -> Iterator[Open]:
    """Open a browser for a person (None: a stranger); what its pages complain about fails the test at its end."""
    visits: list[Visit] = []

    def open_for(person: Any = None, **choices: Any) -> Visit:
        visits.append(open_visit(chromium, site, session=session_of(person), **choices))
        return visits[-1]

    yield open_for
    for visit in visits:
        visit.page.context.close()
    if faults := [fault for visit in visits for fault in visit.watch.faults]:
        pytest.fail("\n".join(dict.fromkeys(faults)), pytrace=False)


def session_of(person: Any) -> str:
    """The session cookie of somebody who has signed in."""
    from django.test import Client

    if person is None:
        return ""
    client = Client()
    client.force_login(person)
    return client.cookies["session"].value
