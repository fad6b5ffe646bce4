"""The examples of "Import or update a profile" in the user guide, from a file of JSON and from the form."""

from typing import Any
from uuid import uuid4

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection
from tests.documented import DEVICE, SEARCHES, STEPS, guide_request
from tests.imports.documents.wire import Wire, from_file
from tests.platforms import drained

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("step", STEPS)
def test_the_requests_of_the_user_guide_leave_from_a_file(
    anna: Any, account: Connection, wire: Wire, step: str
) -> None:
    """Source: "Import or update a profile": adding, updating, adding subscriptions."""
    from_file(anna, account, [STEPS[step]], single=True, database_id=5)

    assert wire.sent() == [("profiles/import", guide_request(step))]


@pytest.mark.parametrize("step", STEPS)
def test_the_requests_of_the_user_guide_leave_from_the_form(
    anna: Any, account: Connection, wire: Wire, step: str
) -> None:
    """The same, typed: each value a cell, each subscription a rule."""
    person = {name: value for name, value in STEPS[step].items() if name != "subscriptions"}
    cells = [value[0] if isinstance(value, list) else value for value in person.values()]
    push = SubscriptionRule("push", 1, f"column:{len(cells)}", "Firefox")
    rules = (SubscriptionRule("email", 1), SubscriptionRule("sms", 1), push)
    job = actions.create_typed_job(
        headers=[*person, "token of the device"],
        rows=[[*cells, DEVICE]],
        title="form",
        connection=account,
        destination=Destination(5, single=True, subscriptions=rules if step == "subscribing" else ()),
        mapping=ColumnMapping(tuple(ColumnTarget(n, name, name) for n, name in enumerate(person))),
        entry=uuid4(),
        by=anna,
    )
    drained(actions.start_job(drained(job), by=anna))

    assert wire.sent() == [("profiles/import", guide_request(step))]


@pytest.mark.parametrize("way", SEARCHES)
def test_the_four_ways_of_finding_of_the_user_guide_leave_as_they_are_printed(
    anna: Any, account: Connection, wire: Wire, way: str
) -> None:
    """Source: "Import or update a profile", More details about the matching parameter."""
    matching, field, person, searched = SEARCHES[way]
    choices = {"single": True, "operation": "update", "matching": matching, "match_field": field}

    from_file(anna, account, [person | {"_city": "Moscow"}], **choices)

    body = wire.sent()[0][1]
    told = {name: body[name] for name in body if name not in ("db_id", "skip_triggers", "data")}
    assert told == {"matching": matching, **searched}
