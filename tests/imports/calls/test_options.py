"""Call x option: sent where the call takes it, refused where it does not."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from imports import actions
from imports.altcraft import CALLS, SINGLE_CALLS
from imports.models import ImportJob

from .road import WAYS, Server, bodies, connection_to, travel

pytestmark = pytest.mark.django_db


def option_cases() -> Iterator[tuple[str, bool, str, Any]]:
    values = {
        "skip_invalid_subscriptions": True,
        "detect_geo": True,
        "resource_id": 24,
        "add_to_segments": (1, 2),
        "remove_from_segments": (3,),
        "content": (("one", "My text"), ("two", "2")),
        "skip_triggers": False,
    }
    for (name, single, _), (option, value) in itertools.product(WAYS, values.items()):
        yield name, single, option, value


@pytest.mark.parametrize(("operation", "single", "option", "value"), list(option_cases()))
def test_an_option_is_sent_where_the_call_takes_it_and_refused_elsewhere(
    anna: Any, server: Server, operation: str, single: bool, option: str, value: Any
) -> None:
    recording = server()
    choices = {"operation": operation, "single": single, "scenario_id": 12 if operation == "scenario" else None}
    table = [["email"], ["a@example.com"]]

    def go() -> ImportJob:
        return travel(anna, connection_to(recording), table, **choices, **{option: value})

    if option not in (SINGLE_CALLS if single else CALLS)[operation].options:
        with pytest.raises(actions.MappingRefused) as refused:
            go()
        assert refused.value.faults == [("option_not_for_call", {"option": option, "operation": operation})]
        return
    go()
    (body,) = bodies(recording)
    expected = dict(value) if option == "content" else list(value) if isinstance(value, tuple) else value
    assert body[option] == expected
    plain = {"token", "db_id", "workflow_id", "matching", "email", "skip_triggers", "data"}
    assert set(body) - plain == {option} - {"skip_triggers"}


# --- adding, scenarios, functions, answers ---
