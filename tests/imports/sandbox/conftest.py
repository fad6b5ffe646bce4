"""A caller that knows nothing of the product's own client."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from imports.sandbox import SandboxServer


class Caller:
    """One kept-alive connection; `last` is the last answer with its headers."""

    def __init__(self, sandbox: SandboxServer) -> None:
        at = urlsplit(sandbox.url)
        self.sandbox = sandbox
        self.link = HTTPConnection(str(at.hostname), at.port, timeout=120)

    def __call__(self, method: str, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
        """POST to a method of the API with the token in the body; the JSON answered."""
        return self.post(f"/api/v1.1/{method}", {"token": self.sandbox.token, **body}, headers)

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.link.request("POST", path, raw, {"Content-Type": "application/json", **(headers or {})})
        return self.read()

    def read(self) -> dict[str, Any]:
        self.last = self.link.getresponse()
        self.raw = self.last.read()
        answered: dict[str, Any] = json.loads(self.raw)
        return answered

    def rows(self, method: str, profiles: list[Any], **body: Any) -> list[dict[str, Any]]:
        """The `result` of a batch in database 1."""
        answered = self(method, **{"db_id": 1, "data": profiles, **body})
        assert answered["error"] == 0, answered
        rows: list[dict[str, Any]] = answered["result"]
        return rows

    def codes(self, profiles: list[Any], **body: Any) -> list[int]:
        """The error of each profile of an import_batch."""
        return [row["error"] for row in self.rows("profiles/import_batch", profiles, **body)]


@pytest.fixture
def api(sandbox: SandboxServer) -> Iterator[Caller]:
    caller = Caller(sandbox)
    yield caller
    caller.link.close()
