"""The calls under /api/v1.1/ that carry profiles, and the table of all calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import reading_calls
from .answers import Answer, ResultShape, success
from .catalogue import Scenario
from .errors import CallRefused, RowError
from .importing import Intake, Row
from .matching import Search, asked_profile
from .people import People
from .platform import Platform

RefuseRow = Callable[[int], RowError | None]
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writing:
    """A call with profiles. `wrapped`: items of `data` are {"data": {...}}; `scenario`: it starts one."""

    operation: str  # "import", "update", "add"
    batch: bool = True
    wrapped: bool = False
    scenario: bool = False
    as_task: bool = False


WRITING: dict[str, Writing] = {
    "profiles/import_batch": Writing("import"),
    "profiles/update_batch": Writing("update"),
    "profiles/add_batch": Writing("add"),
    "profiles/import": Writing("import", batch=False),
    "profiles/update": Writing("update", batch=False),
    "profiles/add": Writing("add", batch=False),
    "workflows/import_and_start_batch": Writing("import", wrapped=True, scenario=True),
    "workflows/import_and_start_batch_task": Writing("import", wrapped=True, scenario=True, as_task=True),
    "workflows/import_and_start": Writing("import", batch=False, scenario=True),
}
READING = reading_calls.READING


def count_profiles(call: Writing, body: Any) -> int:
    """How many profiles a request carries, as far as its shape can be read at all."""
    given = body.get("data") if type(body) is dict else None
    return (len(given) if type(given) is list else 0) if call.batch else int(type(given) is dict)


def write(platform: Platform, call: Writing, body: Body, refuse_row: RefuseRow | None = None) -> Answer:
    """Take the request's profiles in. Raises CallRefused; nothing was changed then."""
    profiles = _profiles(platform, call, body)
    scenario = _scenario(platform, body) if call.scenario else None
    people = platform.people_of(scenario.database_id if scenario else body.get("db_id"))
    segments = _segments(platform, people, body) if not call.batch and not call.scenario else ((), ())
    with platform.lock:
        rows = platform.take(
            _intake(platform, call, body, people),
            profiles,
            asked=None if call.batch or call.operation == "add" else asked_profile(body),
            runs_triggers=not _flag(body, "skip_triggers"),
            scenario_id=scenario.id if scenario else None,
            refuse_row=refuse_row,
        )
        _move_between_segments(platform, segments, rows)
    return _answer(platform, call, rows)


def _profiles(platform: Platform, call: Writing, body: Body) -> list[Any]:
    given = body.get("data")
    if not call.batch:
        if type(given) is not dict and not (call.scenario and given is None):
            raise CallRefused("request", "data: object expected")
        return [given or {}]
    if type(given) is not list:
        raise CallRefused("request", "data: array expected")
    if 0 < platform.settings.profile_limit < len(given):
        raise CallRefused("request", "http: request body too large")
    if not call.wrapped:
        return given
    return [item.get("data") if type(item) is dict else None for item in given]


def _intake(platform: Platform, call: Writing, body: Body, people: People) -> Intake:
    return Intake(
        people,
        platform.catalogue.resources,
        platform.new_id,
        search=None if call.operation == "add" else Search(people, body),
        may_create=call.operation != "update",
        skip_invalid_subscriptions=_flag(body, "skip_invalid_subscriptions"),
        one_phone_allowed=call.scenario,
    )


def _flag(body: Body, name: str) -> bool:
    value = body.get(name, False)
    if type(value) is not bool:
        raise CallRefused("request", f"{name}: bool expected")
    return value


def _scenario(platform: Platform, body: Body) -> Scenario:
    scenario_id = body.get("workflow_id")
    if type(scenario_id) is not int:
        raise CallRefused("request", "workflow_id: int expected")
    if "matching" not in body:
        raise CallRefused("request", "matching is required")
    scenario = platform.catalogue.scenarios.get(scenario_id)
    if scenario is None:
        raise CallRefused("no_scenario")
    if not scenario.is_active:
        raise CallRefused("scenario_off")
    return scenario


def _segments(platform: Platform, people: People, body: Body) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Static segments to enter and to leave. Source: profiles/import, add_to_segments and remove_from_segments."""
    named = body.get("add_to_segments", []), body.get("remove_from_segments", [])
    for numbers in named:
        if type(numbers) is not list:
            raise CallRefused("request", "segments: array expected")
        for number in numbers:
            reading_calls.static_segment(platform, number, people.info.id)
    return tuple(named[0]), tuple(named[1])


def _move_between_segments(
    platform: Platform, segments: tuple[tuple[int, ...], tuple[int, ...]], rows: list[Row]
) -> None:
    taken = [row for row in rows if type(row) is str]
    for number in segments[0]:
        platform.catalogue.segments[number].members.update(taken)
    for number in segments[1]:
        platform.catalogue.segments[number].members.difference_update(taken)


def _answer(platform: Platform, call: Writing, rows: list[Row]) -> Answer:
    applied = any(type(row) is str for row in rows)
    settings = platform.settings
    if call.as_task or (call.scenario and call.batch and settings.scenario_answer == "task"):
        answer = success(task_id=_finished_task(platform, rows))
    elif call.batch:
        codes = not call.scenario or settings.scenario_answer == "errors"
        answer = success()
        answer.rows, answer.shape = rows, ResultShape(codes, settings.failed_id)
    else:
        answer = Answer(ResultShape(True, settings.failed_id).entry(rows[0]))
    answer.applied = applied
    return answer


def _finished_task(platform: Platform, rows: list[Row]) -> str:
    """A task is done before its id is answered; per-profile results of one are documented nowhere."""
    task_id = platform.new_id()
    failed = sum(type(row) is not str for row in rows)
    platform.tasks[task_id] = {"status": "completed", "progress": 100, "result": {"total": len(rows), "errors": failed}}
    return task_id
