from typing import Any

import pytest

from imports.altcraft import BatchRequest, SingleRequest, unsafe_reasons


@pytest.mark.parametrize(
    "request_",
    [
        BatchRequest("import", 1),
        BatchRequest("update", 1, "profile_id"),
        BatchRequest("import", 1, "custom", "CRM_ID", detect_geo=True, skip_invalid_subscriptions=True),
        SingleRequest("import", 1, match_value="a@example.com", add_to_segments=[1]),
    ],
)
def test_plain_upsert_without_triggers_may_be_repeated(request_: BatchRequest) -> None:
    assert unsafe_reasons(request_) == []


@pytest.mark.parametrize(
    ("request_", "reasons"),
    [
        (BatchRequest("scenario", scenario_id=1), ["scenario"]),
        (BatchRequest("import", 1, skip_triggers=False), ["triggers_on"]),
        (BatchRequest("add", 1), ["add_only"]),
        (SingleRequest("add", 1, skip_triggers=False), ["triggers_on", "add_only"]),
        (BatchRequest("import", 1, "phone_sub"), ["matching_by_subscription"]),
        (BatchRequest("update", 1, "phone_sub"), []),
        (BatchRequest("explode", 1), ["operation_unknown"]),
    ],
)
def test_what_the_request_asks_for_makes_it_unsafe(request_: BatchRequest, reasons: list[str]) -> None:
    assert unsafe_reasons(request_) == reasons


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"functions": {"incr"}}, "function_incr"),
        ({"functions": {"unset", "add"}}, "function_add"),
        ({"functions": {"multiply"}}, "function_unknown"),
        ({"explicit_status": True}, "explicit_status"),
        ({"keys_unique": False}, "matching_not_unique"),
        ({"keys_filled": False}, "matching_empty"),
        ({"options": ["send_twice"]}, "option_unknown"),
    ],
)
def test_what_is_known_of_the_rows_makes_it_unsafe(known: dict[str, Any], reason: str) -> None:
    assert unsafe_reasons(BatchRequest("import", 1), **known) == [reason]


def test_functions_that_end_alike_twice_are_safe() -> None:
    assert unsafe_reasons(BatchRequest("import", 1), functions={"set", "unset", "delete", "upsert"}) == []
