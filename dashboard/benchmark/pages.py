"""A person who looks at the import while it runs: how long the page takes to come."""

import re
import threading
import time
from types import TracebackType

import requests

EVERY = 0.3  # seconds; the live page itself asks once a second
LONGEST = 30.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Visitor:
    """While entered, opens one import's page again and again, signed in; keeps the seconds of each and the failures.

    The page is asked for by the import's own address, which leads to the step it is at: what a person sees.
    """

    def __init__(self, session: requests.Session, address: str) -> None:
        self.seconds: list[float] = []
        self.failed = 0
        self._session = session
        self._address = address
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            begun = time.perf_counter()
            try:
                came = self._session.get(self._address, timeout=LONGEST).status_code == requests.codes.ok
            except requests.RequestException:
                came = False
            self.seconds.append(time.perf_counter() - begun)
            self.failed += not came


def signed_in(url: str, name: str, password: str) -> requests.Session:
    """A session of that person. Raises requests.RequestException when the pages do not let them in."""
    session = requests.Session()
    session.trust_env = False
    form = session.get(f"{url}/login/", timeout=LONGEST)
    form.raise_for_status()
    found = _TOKEN.search(form.text)
    content = {"username": name, "password": password, "csrfmiddlewaretoken": found[1] if found else ""}
    answer = session.post(f"{url}/login/", content, headers={"Referer": f"{url}/login/"}, timeout=LONGEST)
    answer.raise_for_status()
    if not answer.history:
        raise requests.RequestException(f"{name} could not sign in")
    return session
