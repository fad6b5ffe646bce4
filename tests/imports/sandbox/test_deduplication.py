"""Requests with a Request-ID are executed once a day."""

import threading

import pytest

from imports.sandbox import SandboxServer
from imports.sandbox.answers import Answer, success
from imports.sandbox.deliveries import DAY_SECONDS, RequestMemory

from .conftest import Caller

ANNA = {"email": "anna@example.com", "points": {"action": "incr", "value": 1}}


def points(sandbox: SandboxServer) -> int:
    return int(sandbox.platform.profile("anna@example.com")["points"])


@pytest.mark.parametrize("header", ["Request-ID", "X-Request-ID"])
def test_repeat_gets_the_first_answer_and_is_not_executed(api: Caller, header: str) -> None:
    first = api("profiles/import_batch", {header: "r-1"}, db_id=1, data=[ANNA])
    assert "Duplicate-Request" not in api.last.headers
    assert api("profiles/import_batch", {header: "r-1"}, db_id=1, data=[ANNA]) == first
    assert points(api.sandbox) == 1
    assert (api.last.headers["Duplicate-Request"], api.last.headers["X-Duplicate-Request"]) == ("true", "true")
    assert api.last.headers["Duplicate-Key"] == api.last.headers["X-Duplicate-Key"]
    log = api.sandbox.platform.deliveries
    assert [(each.request_id, each.applied, each.replayed) for each in log] == [
        ("r-1", True, False),
        ("r-1", False, True),
    ]


def test_other_id_or_no_id_is_executed(api: Caller) -> None:
    for headers in ({"Request-ID": "r-1"}, {"Request-ID": "r-2"}, {}, {}):
        api("profiles/import_batch", headers, db_id=1, data=[ANNA])
    assert points(api.sandbox) == 4


def test_memory_can_be_switched_off(api: Caller) -> None:
    api.post("/sandbox/control", {"deduplication": "off"})
    for _ in range(2):
        api("profiles/import_batch", {"Request-ID": "r-1"}, db_id=1, data=[ANNA])
    assert points(api.sandbox) == 2


@pytest.mark.parametrize(("mode", "code"), [("on", 0), ("refuse", 400)])
def test_same_id_with_another_body(api: Caller, mode: str, code: int) -> None:
    api.post("/sandbox/control", {"deduplication": mode})
    api("profiles/import_batch", {"Request-ID": "r-1"}, db_id=1, data=[ANNA])
    other = [ANNA, {"email": "boris@example.com"}]
    assert api("profiles/import_batch", {"Request-ID": "r-1"}, db_id=1, data=other)["error"] == code
    assert not api.sandbox.platform.find("boris@example.com")


def test_refused_call_is_not_remembered(api: Caller) -> None:
    assert api("profiles/import_batch", {"Request-ID": "r-1"}, db_id=2, data=[ANNA])["error"] == 404
    assert api("profiles/import_batch", {"Request-ID": "r-1"}, db_id=1, data=[ANNA])["error"] == 0


def test_request_is_forgotten_after_a_day() -> None:
    now = [0.0]
    memory, executed = RequestMemory(lambda: now[0]), list[float]()

    def execute() -> Answer:
        executed.append(now[0])
        return success()

    for moment in (0.0, DAY_SECONDS - 1, DAY_SECONDS, DAY_SECONDS + 1):
        now[0] = moment
        memory.answer_once(("token", "r-1"), "", execute, refuse_other=False)
    assert executed == [0.0, DAY_SECONDS]


def test_repeat_waits_for_the_first_that_still_runs() -> None:
    memory, running, may_end, executed = RequestMemory(lambda: 0.0), threading.Event(), threading.Event(), []

    def execute() -> Answer:
        executed.append(1)
        running.set()
        assert may_end.wait(120)
        return success()

    answers: list[Answer] = []
    ask = lambda: answers.append(memory.answer_once(("t", "r"), "", execute, refuse_other=False))  # noqa: E731
    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    assert running.wait(120)
    second.start()
    may_end.set()
    first.join(120)
    second.join(120)
    assert (len(executed), len(answers)) == (1, 2)
    assert sorted("Duplicate-Request" in each.headers for each in answers) == [False, True]
