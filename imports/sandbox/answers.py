"""What a call answers before it meets the wire: an envelope, and one entry for each profile of the request."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from .errors import SUCCESS_TEXT
from .importing import Row


@dataclass(frozen=True, slots=True)
class ResultShape:
    """How an entry of `result` looks. `codes`: successes carry `error` too; `failed_id`: what stands for a missing id.

    Source: profiles/import_batch (with codes); workflows/import_and_start_batch (profile_id alone). What a failed
    profile's entry holds is stated on no page.
    """

    codes: bool = True
    failed_id: str = "empty"

    def entry(self, row: Row) -> dict[str, Any]:
        if type(row) is str:
            return {"error": 0, "error_text": SUCCESS_TEXT, "profile_id": row} if self.codes else {"profile_id": row}
        entry: dict[str, Any] = {"error": row[0], "error_text": row[1]}
        if self.failed_id != "missing":
            entry["profile_id"] = None if self.failed_id == "null" else ""
        return entry


@dataclass(slots=True)
class Answer:
    """`rows` is what became of each profile, in the request's order; None where the call answers no `result`.

    Kept in the memory of requests for a day: ids are shared with the profiles, so that it costs 8 bytes a row.
    """

    content: dict[str, Any]
    rows: list[Row] | None = None
    shape: ResultShape = field(default_factory=ResultShape)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    applied: bool = False
    html: str = ""  # a page in place of JSON

    def entries(self) -> list[dict[str, Any]]:
        return [self.shape.entry(row) for row in self.rows or ()]

    def body(self) -> bytes:
        if self.html or not self.content:
            return self.html.encode()
        return orjson.dumps(self.content if self.rows is None else {**self.content, "result": self.entries()})


def success(**content: Any) -> Answer:
    """Error 0 and whatever else the call answers."""
    return Answer({"error": 0, "error_text": SUCCESS_TEXT, **content})
