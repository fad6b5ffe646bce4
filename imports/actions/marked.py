"""Marked profiles of nobody, written to the platform to see what it does with them, and looked at afterwards."""

import uuid
from typing import Any

import orjson

from imports.altcraft import Answer, AnswerClass, BatchRequest, CallFailed, Client, SingleRequest
from imports.mapping import SubscriptionRule
from imports.masking import mask
from imports.profiles import build_profile

TEST_NAME = "TEST Import dashboard"  # whoever finds the profile knows what it is


NO_ANSWER = (AnswerClass.NOT_SENT, AnswerClass.NO_ANSWER)


class Unanswered(Exception):
    """The platform did not answer, so that the rest of the probe would only be waited for; `reason` says how."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.reason = answer.reason


class MarkedProfiles:
    """The test profiles of one probe: every probe has addresses of its own. `nested` spells e-mail subscriptions.

    Every call raises Unanswered when nothing comes back.
    """

    def __init__(self, client: Client, database_id: int, resource_id: int, *, nested: bool) -> None:
        self.database_id, self.resource_id = database_id, resource_id
        self._client, self._nested, self._mark = client, nested, uuid.uuid4().hex[:8]

    def named(self, about: str) -> str:
        """The address of a test profile; example.com is nobody's (RFC 2606)."""
        return f"import-dashboard-test-{self._mark}-{about.replace('_', '-')}@example.com"

    def new_request_id(self) -> str:
        return str(uuid.uuid4())

    def text(self, address: str, **values: Any) -> bytes:
        return self.plain({"email": address, "_fname": TEST_NAME, **values})

    def plain(self, profile: dict[str, Any]) -> bytes:
        """A profile as it stands, also with values an import never sends."""
        return orjson.dumps(profile)

    def write(
        self,
        address: str,
        *,
        operation: str = "import",
        subscription: SubscriptionRule | None = None,
        nested: bool | None = None,
        single: bool = False,
        request_id: str = "",
        **values: Any,
    ) -> Answer:
        """Send one test profile, in a batch of one or by the call for single profiles."""
        rules = [subscription] if subscription else []
        profile = {"email": address, "_fname": TEST_NAME, **values}
        spelled = self._nested if nested is None else nested
        text = build_profile(profile, subscriptions=rules, nested_email=spelled, wrapped=False)
        if not single:
            return self.write_all([text], operation=operation, request_id=request_id)
        request = SingleRequest(operation, self.database_id, "email_profile", match_value=address)
        return self._send(request, [text], request_id)

    def write_all(
        self, texts: list[bytes], *, operation: str = "import", matching: str = "email_profile", request_id: str = ""
    ) -> Answer:
        return self._send(BatchRequest(operation, self.database_id, matching), texts, request_id)

    def look(self, address: str) -> dict[str, Any] | None:
        """The profile as the platform has it now, None when it could not be looked up. Source: profiles/get."""
        try:
            asked = {"db_id": self.database_id, "matching": "email_profile", "email": address}
            found = self._client.read("profiles/get/", asked).get("data")
        except CallFailed as fault:
            _stop_unanswered(fault.answer)
            return None
        return found if isinstance(found, dict) else None

    def subscription(self, profile: dict[str, Any]) -> dict[str, Any] | None:
        """The profile's e-mail subscription to the chosen resource, if it has one."""
        wanted = {"resource_id": self.resource_id, "channel": "email"}
        kept = (one for one in profile.get("subscriptions") or () if isinstance(one, dict))
        return next((one for one in kept if wanted.items() <= one.items()), None)

    def status(self, address: str) -> str:
        """The status of that subscription as the platform names it; "" when it could not be seen."""
        found = self.subscription(self.look(address) or {}) or {}
        status = found.get("status")
        return "" if status is None else str(status)[:40]

    def _send(self, request: BatchRequest | SingleRequest, texts: list[bytes], request_id: str) -> Answer:
        request_id = request_id or self.new_request_id()
        answer = self._client.send(request, texts, request_id=request_id, before_wire=lambda: True, fresh=False)
        _stop_unanswered(answer)
        return answer


def _stop_unanswered(answer: Answer) -> None:
    if answer.kind in NO_ANSWER:
        raise Unanswered(answer)


def refusal(answer: Answer) -> dict[str, str] | None:
    """Why the test profile was not taken, {error, text}; None when it was."""
    if answer.kind is not AnswerClass.ANSWERED or not answer.rows:
        return {"error": str(answer.error or answer.http_status or answer.reason), "text": mask(answer.error_text)}
    error, said, _ = answer.rows[0]
    return {"error": str(error), "text": mask(said)} if error else None
