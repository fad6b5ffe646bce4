"""Every refusal the sandbox knows, in one table.

The documents list only a few outer codes and no code at all for a single profile. Codes from 1001 on are therefore
invented; their texts follow the report of Altcraft's own file import ("incorrect ip", "Incorrect phone", ...).
"""

from typing import NamedTuple

SUCCESS_TEXT = "Successful operation"

OUTER: dict[str, tuple[int, str]] = {
    "request": (400, "Invalid request"),
    "token_missing": (401, "API token required"),
    "tariff": (402, "Tariff limit reached"),
    "token_wrong": (403, "No access: invalid API token"),
    "no_method": (404, "Method not found"),
    "no_database": (404, "Database not found"),
    "no_resource": (404, "Resource not found"),
    "no_scenario": (404, "Scenario not found"),
    "no_segment": (404, "Segment not found"),
    "no_task": (404, "Task not found"),
    "no_profile": (404, "Profile not found"),
    "scenario_off": (400, "Scenario is not active"),
    "segment_not_static": (400, "Segment is not static"),
    "request_id_reused": (400, "Request-ID was used with another body"),
}
PER_PROFILE: dict[str, tuple[int, str]] = {
    "not_found": (404, "Profile not found"),
    "several_found": (409, "More than one profile found"),
    "email_taken": (409, "Email is used by another profile"),
    "key_missing": (1001, "Matching field is missing: {}"),
    "unknown_field": (1002, "Unknown field: {}"),
    "profile": (1003, "Incorrect profile: object expected"),
    "email": (1010, "Incorrect email"),
    "phone": (1011, "Incorrect phone"),
    "phones": (1012, "Incorrect phone: array expected"),
    "date": (1013, "incorrect date"),
    "ip": (1014, "incorrect ip"),
    "line": (1020, "Incorrect string: {}"),
    "integer": (1021, "Incorrect integer: {}"),
    "float": (1022, "Incorrect number: {}"),
    "boolean": (1023, "Incorrect boolean: {}"),
    "enum": (1024, "Incorrect enum value: {}"),
    "tags": (1025, "Incorrect tags: {}"),
    "object": (1026, "Incorrect object: {}"),
    "objects": (1027, "Incorrect array of objects: {}"),
    "status": (1028, "Incorrect status: {}"),
    "action": (1030, "Action is not allowed: {}"),
    "subscriptions": (1040, "Incorrect subscriptions: array expected"),
    "sub_resource": (1041, "Incorrect subscription: resource not found"),
    "sub_database": (1042, "Incorrect subscription: resource is not bound to the database"),
    "sub_channel": (1043, "Incorrect subscription: channel"),
    "sub_contact": (1044, "Incorrect subscription: contact"),
    "sub_status": (1045, "Incorrect subscription: status"),
    "sub_priority": (1046, "Incorrect subscription: priority"),
    "sub_fields": (1047, "Incorrect subscription: custom_fields"),
    "sub_cats": (1048, "Incorrect subscription: cats"),
}


class RowError(NamedTuple):
    """What `result` says of a profile that was not taken."""

    code: int
    text: str


class Refused(Exception):
    """A profile, or one of its fields, is not acceptable; `name` is a key of PER_PROFILE."""

    def __init__(self, name: str, field: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.field = field

    def row_error(self, field: str) -> RowError:
        """The pair to answer; `field` is named where the table's text asks for one. Values are never repeated."""
        code, text = PER_PROFILE[self.name]
        return RowError(code, text.format(self.field or field))


class CallRefused(Exception):
    """The call as a whole is not acceptable; `name` is a key of OUTER, `debug` becomes `error_debug`."""

    def __init__(self, name: str, debug: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.debug = debug

    def content(self) -> dict[str, object]:
        """The envelope, with its keys in the order the documents print."""
        code, text = OUTER[self.name]
        return refusal(code, text, self.debug)


def refusal(code: int, text: str, debug: str = "") -> dict[str, object]:
    """Source: workflows/import_and_start_batch, "Response example when a request limitation is triggered"."""
    return {"error": code, **({"error_debug": debug} if debug else {}), "error_text": text}
