"""A storage several machines share, on this one: moto's S3 server in a process of its own. Our client was not written
for it. `python -m tests.s3 PORT` is that process."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BUCKET = "customer-imports"
KEY, SECRET = "key-of-tests", "secret-of-tests"


class S3Server:
    """A running server with one empty bucket, at host:port `place`."""

    def __init__(self, process: "subprocess.Popen[bytes]", place: str) -> None:
        self._process, self.place = process, place

    @property
    def url(self) -> str:
        """For STORAGE_URL."""
        return f"s3+http://{KEY}:{SECRET}@{self.place}/{BUCKET}"

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """It takes connections and answers nobody, until the end of the block."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def s3_server(log: Path | None = None) -> Iterator[S3Server]:
    """A server for the length of the block."""
    from dashboard.supervision import tether
    from tests.faults.services import free_port, wait_until

    port = free_port()
    command = [sys.executable, "-I", "-S", tether.__file__, sys.executable, "-m", "tests.s3", str(port)]
    with (log or Path(os.devnull)).open("ab") as told:
        server = subprocess.Popen(
            command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL, stdout=told, stderr=told
        )
    try:
        place = f"127.0.0.1:{port}"
        wait_until(lambda: _has_bucket(place), "the S3 server starts")
        yield S3Server(server, place)
    finally:
        server.kill()
        server.wait()


def _has_bucket(place: str) -> bool:
    from botocore.exceptions import BotoCoreError

    with contextlib.suppress(BotoCoreError):
        storage_at(place).connection.create_bucket(Bucket=BUCKET)
        return True
    return False


def storage_at(place: str, **options: Any) -> Any:
    """A SharedStorage of the bucket at host:port, as STORAGE_URL makes it."""
    from dashboard.environment import storage
    from imports.storage.shared import SharedStorage

    return SharedStorage(**(storage(f"s3+http://{KEY}:{SECRET}@{place}/{BUCKET}")["OPTIONS"] | options))


def serve(port: int) -> None:
    """Until it is killed."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    make_server("127.0.0.1", port, DomainDispatcherApplication(create_backend_app), threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
