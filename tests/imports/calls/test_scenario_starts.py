"""What only starting a scenario carries, and its three answers."""

import base64
import json
from typing import Any

import pytest

from imports import actions
from imports.destination import Attachment
from imports.models import HistoryEvent
from imports.results import totals
from imports.states import JobState
from tests.faulty_server import answers

from .road import OK, Server, bodies, connection_to, travel

pytestmark = pytest.mark.django_db


def test_a_file_goes_with_the_messages_of_a_scenario(anna: Any, server: Server) -> None:
    recording = server()
    attached = Attachment("price.pdf", "application/pdf", vault="attach/0")

    job = travel(
        anna,
        connection_to(recording),
        [["email"], ["a@example.com"]],
        prepare=lambda job: job.vault.put("attach/0", b"%PDF"),
        operation="scenario",
        scenario_id=12,
        content=(("code", "secret code"),),
        attach=(attached,),
    )

    (body,) = bodies(recording)
    content = base64.b64encode(b"%PDF").decode()
    assert body["attach"] == [{"name": "price.pdf", "mimetype": "application/pdf", "data": content}]
    assert job.unsafe_reasons == ["scenario"]
    told = HistoryEvent.objects.get(job_id=job.pk, verb="columns_mapped").details
    assert told["content"] == ["code"]
    assert "secret code" not in json.dumps(told)


def test_files_that_no_request_can_carry_are_refused_before_the_check(anna: Any, server: Server) -> None:
    attached = Attachment("price.pdf", "application/pdf", data="A" * 5_000)
    choices = {"operation": "scenario", "scenario_id": 12, "attach": (attached,)}

    with pytest.raises(actions.Refused, match="attachments_too_large"):
        travel(anna, connection_to(server(), bytes_per_request=5_000), [["email"], ["a@example.com"]], **choices)


QUERY = '{"email": {"$in": ["a@example.com"]}}'


def test_a_query_takes_the_place_of_matching_for_admins_only(anna: Any, boris: Any, server: Server) -> None:
    recording = server()
    connection = connection_to(recording)
    choices = {"operation": "scenario", "scenario_id": 12, "matching": "", "custom_request": QUERY}

    with pytest.raises(actions.Refused, match="custom_request_admins_only"):
        travel(anna, connection, [["_fname"], ["Ann"]], **choices)
    travel(boris, connection, [["_fname"], ["Ann"]], **choices)

    (body,) = bodies(recording)
    assert "matching" not in body
    assert body["custom_request"] == json.loads(QUERY)


ROWS = [["email"], ["a@example.com"], ["b@example.com"]]
IDS = {**OK, "result": [{"profile_id": "6613c4754a5d12bd6cc0915f"}, {"profile_id": "6613c4754a5d12bd6cc09163"}]}
MIXED = {**OK, "result": [{**OK, "profile_id": "6613c4754a5d12bd6cc0915f"}, {"error": 9, "error_text": "no"}]}
TASK = {**OK, "task_id": "6613c4bf4a5d12bd6cc09167"}


@pytest.mark.parametrize(
    ("answer", "counts"), [(IDS, (2, 0, 0)), (MIXED, (1, 1, 0)), (TASK, (0, 0, 2))], ids=["ids", "errors", "task"]
)
def test_the_three_answers_of_a_scenario(anna: Any, server: Server, answer: Any, counts: Any) -> None:
    recording = server(answers(200, answer))

    job = travel(anna, connection_to(recording), ROWS, operation="scenario", scenario_id=12)

    sums = totals(job)
    assert (sums.accepted, sums.rejected, sums.unknown) == counts
    assert sums.closes
    assert len(recording.requests) == 1
    if answer is TASK:
        assert job.state == JobState.NEEDS_DECISION
        assert job.batches.get().attempts.get().reason == "task_only"
