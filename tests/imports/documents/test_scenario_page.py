"""The examples of workflows/import_and_start_batch (v72), brought in as files of JSON.

Two things differ from the print on purpose: the option `skip_triggers` is said aloud where an example leaves it at its
default, and `phones` leaves as the array the other pages print.
"""

import json
from typing import Any

import pytest

from imports.models import Connection
from tests.documented import SCENARIOS, printed
from tests.imports.documents.wire import Wire, from_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("example", SCENARIOS)
def test_the_requests_of_the_scenario_page_leave_as_they_are_printed(
    anna: Any, account: Connection, wire: Wire, example: str
) -> None:
    """Source: workflows/import_and_start_batch, Request examples. Both people of the first have one address."""
    document = SCENARIOS[example]
    choices = {"matching": document["matching"], "match_field": document.get("field_name", "")}
    from_file(
        anna, account, document, operation="scenario", scenario_id=12, skip_triggers=False, duplicates="all", **choices
    )

    people = [item["data"] | {"phones": [item["data"]["phones"]]} for item in document["data"]]
    expected = printed(document) | {"skip_triggers": False, "data": [{"data": person} for person in people]}
    assert wire.sent() == [("workflows/import_and_start_batch", expected)]


def test_the_parameters_of_the_scenario_page_leave_as_they_are_printed(
    boris: Any, account: Connection, wire: Wire
) -> None:
    """Source: workflows/import_and_start_batch, Request parameters: content, custom_request, the options."""
    content = {"one": "My email = importStart9219@example.com", "two": "Timestamp: 1595512477", "three": "Three"}
    query = {"email": {"$in": ["asd@dsfsd.com", "zxcv@sdfsd.com"]}}
    options = {"skip_invalid_subscriptions": True, "detect_geo": True}
    choices = {"operation": "scenario", "scenario_id": 12, "content": tuple(content.items()), **options}
    data = [{"data": {"_fname": "John", "_lname": "Doe"}}]

    from_file(boris, account, data, matching="", custom_request=json.dumps(query), **choices)

    expected = {"workflow_id": 12, "skip_triggers": True, **options, "content": content, "custom_request": query}
    assert wire.sent() == [("workflows/import_and_start_batch", {**expected, "data": data})]
