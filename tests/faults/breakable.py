"""A PostgreSQL that a test may break, and houses on it. One for each process that runs tests; each test finds it
whole."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.faults import databases
from tests.faults.services import PrivatePostgres

MOST_CONNECTIONS = 20
_numbers = itertools.count(1)


@cache
def own_server() -> PrivatePostgres:
    server = PrivatePostgres(max_connections=MOST_CONNECTIONS)
    atexit.register(server.remove)
    return server


class OnOwnServer(databases.Scratch):
    """A migrated database on the server that may be broken; it is mended when the next test asks for it."""

    def __init__(self) -> None:
        self.server = own_server()
        self.name = f"{databases.OURS}own{next(_numbers)}"
        self.url = self.server.url_of(self.name)
        self.space = "pg_default"  # where its tables lie

    @contextlib.contextmanager
    def on_disk(self, folder: Path) -> Iterator[None]:
        """Its tables and their answers lie in this folder; the write-ahead log does not."""
        self.space = f"{self.name}_space"
        place = folder / "space"
        place.mkdir()
        if os.getuid() == 0:
            shutil.chown(place, "postgres", "postgres")
        with self.server.client() as client:
            client.execute(f"CREATE TABLESPACE \"{self.space}\" LOCATION '{place}'")
        try:
            yield
        finally:
            self.remove()
            with self.server.client() as client:
                client.execute(f'DROP TABLESPACE "{self.space}"')

    def renew(self) -> None:
        self.server.mend()
        self.server.make_database(self.name, template=_template(), space=self.space)

    def remove(self) -> None:
        self.server.mend()
        self.server.drop_database(self.name)


@cache
def _template() -> str:
    name = f"{databases.OURS}owntemplate"
    url = own_server().make_database(name)
    with tempfile.TemporaryDirectory(prefix="house-template-") as folder:
        databases.migrate(url, Path(folder))
    return name
