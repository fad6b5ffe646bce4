"""The examples of profiles/import_batch (v72) and profiles/update_batch (2026), brought in as files of JSON."""

from typing import Any

import pytest

from imports import actions
from imports.models import Connection
from imports.results import totals
from tests.documented import (
    BATCH,
    BATCH_XML,
    PARAMETER_TABLE,
    SUBSCRIPTION_OPTIONS,
    SUBSCRIPTION_TABLE,
    Json,
    printed,
)
from tests.imports.documents.wire import Wire, from_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("document", [BATCH, BATCH_XML], ids=["json", "xml"])
@pytest.mark.parametrize("operation", ["import", "update"])
def test_the_request_of_both_batch_pages_leaves_as_it_is_printed(
    anna: Any, account: Connection, wire: Wire, operation: str, document: Json
) -> None:
    """Source: profiles/import_batch and profiles/update_batch, Request example; the XML form's people in JSON."""
    job = from_file(anna, account, document, operation=operation, matching="custom", match_field="Custom_ID")

    assert wire.sent() == [(f"profiles/{operation}_batch", printed(document))]
    assert totals(job).closes


def test_the_profile_of_the_parameter_tables_leaves_as_it_is_printed(
    anna: Any, account: Connection, wire: Wire
) -> None:
    """Source: profiles/import_batch and profiles/update_batch, Request parameters, `data`."""
    job = from_file(anna, account, [PARAMETER_TABLE])

    assert wire.sent()[0][1] == {"db_id": 1, "matching": "email", "skip_triggers": True, "data": [PARAMETER_TABLE]}
    assert totals(job).accepted == 1


@pytest.mark.parametrize("given", SUBSCRIPTION_TABLE, ids=lambda given: str(given["channel"]))
def test_every_line_of_the_subscriptions_table_leaves_with_a_status_only_when_somebody_said_so(
    anna: Any, account: Connection, wire: Wire, given: Json
) -> None:
    """Source: profiles/import_batch, profiles/update_batch and profiles/import, Subscriptions array."""
    account = actions.change_connection(account, by=None, nested_email=False)
    person = {"email": "john@example.com", "subscriptions": [given | SUBSCRIPTION_OPTIONS]}

    refused = from_file(anna, account, [person])
    assert wire.sent() == []
    assert totals(refused).invalid == 1
    job = from_file(anna, account, [person], columns={"subscriptions": {"statuses": "send"}})

    assert wire.sent()[0][1]["data"] == [person]
    assert job.unsafe_reasons == ["explicit_status"]
    assert totals(job).accepted == 1
