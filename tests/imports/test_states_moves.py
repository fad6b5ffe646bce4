"""Every pair of states: a move of the table happens to a row in the old state and to no other; the rest are refused."""

import ast
import uuid
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from imports.models import Attempt, Batch, ImportJob, RowSlice, home_team
from imports.states import ATTEMPT_MOVES, BATCH_MOVES, JOB_MOVES, AttemptState, BatchState, JobState

ROOT = Path(__file__).parents[2]


@pytest.fixture
def job(db: None) -> ImportJob:
    return ImportJob.objects.create(title="people.csv", rows=3, team=home_team(None))


@pytest.fixture
def batch(job: ImportJob) -> Batch:
    row_slice = RowSlice.objects.create(job=job, version=1, number=0, first_row=2, last_row=4, rows=3)
    return Batch.objects.create(
        job=job, row_slice=row_slice, number=1, start=0, stop=3, first_row=2, last_row=4, rows=3, body_bytes=9,
        accepted=3,
    )  # fmt: skip


def put(row: Any, state: str) -> None:
    type(row).objects.filter(pk=row.pk).update(state=state)


def state_of(row: Any) -> str:
    return str(type(row).objects.values_list("state", flat=True).get(pk=row.pk))


@pytest.mark.parametrize(("old", "new"), list(product(JobState, JobState)))
def test_a_job_makes_exactly_the_moves_of_its_table(job: ImportJob, old: JobState, new: JobState) -> None:
    put(job, old)

    if new in JOB_MOVES[old]:
        assert ImportJob.objects.move(job.pk, old, new)
        assert state_of(job) == new
    else:
        with pytest.raises(ValueError, match="does not go"):
            ImportJob.objects.move(job.pk, old, new)
        assert state_of(job) == old


@pytest.mark.parametrize(("old", "new"), list(product(BatchState, BatchState)))
def test_a_batch_makes_exactly_the_moves_of_its_table(batch: Batch, old: BatchState, new: BatchState) -> None:
    put(batch, old)

    if new in BATCH_MOVES[old]:
        assert Batch.objects.move(batch.pk, old, new, fence={})
        assert state_of(batch) == new
    else:
        with pytest.raises(ValueError, match="does not go"):
            Batch.objects.move(batch.pk, old, new, fence={})
        assert state_of(batch) == old


@pytest.mark.parametrize("old", list(JobState))
def test_a_job_in_another_state_than_expected_is_left_alone(job: ImportJob, old: JobState) -> None:
    put(job, old)

    for expected, new in [(state, new) for state in JobState if state != old for new in JOB_MOVES[state]]:
        assert not ImportJob.objects.move(job.pk, expected, new)
    assert state_of(job) == old


@pytest.mark.parametrize("old", list(BatchState))
def test_a_batch_in_another_state_than_expected_is_left_alone(batch: Batch, old: BatchState) -> None:
    put(batch, old)

    for expected, new in [(state, new) for state in BatchState if state != old for new in BATCH_MOVES[state]]:
        assert not Batch.objects.move(batch.pk, expected, new, fence={})
    assert state_of(batch) == old


def test_a_batch_under_another_lease_is_left_alone(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.SENDING, lease_token=uuid.uuid4())

    for new in BATCH_MOVES[BatchState.SENDING]:
        assert not Batch.objects.move(batch.pk, BatchState.SENDING, new, fence={"lease_token": uuid.uuid4()})
    assert state_of(batch) == BatchState.SENDING


def test_an_attempt_only_goes_forward() -> None:
    order = [AttemptState.PREPARED, AttemptState.ON_WIRE, AttemptState.ENDED]

    assert set(ATTEMPT_MOVES) == set(AttemptState)
    for old, news in ATTEMPT_MOVES.items():
        assert all(new == AttemptState.ABANDONED or order.index(new) > order.index(old) for new in news)
    assert AttemptState.ABANDONED not in ATTEMPT_MOVES[AttemptState.ON_WIRE]


def test_an_attempt_has_one_number_once(batch: Batch) -> None:
    told = {"batch": batch, "unsafe": False, "request_id": uuid.uuid4(), "lease_token": uuid.uuid4()}
    Attempt.objects.create(number=1, prepared_at=timezone.now(), **told)

    with pytest.raises(Exception, match=r"(?i)unique"):
        Attempt.objects.create(number=1, prepared_at=timezone.now(), **told)


# --- nobody writes a state without naming the old one ---


def test_every_update_of_a_state_names_the_old_one() -> None:
    """Read from the sources: whatever a verb does, its UPDATE has the old state in its WHERE."""
    sources = [path for folder in ("imports", "dashboard") for path in (ROOT / folder).rglob("*.py")]
    found = [f"{path.relative_to(ROOT)}:{line}" for path in sources for line in _unguarded(path)]

    assert found == []


def _unguarded(path: Path) -> list[int]:
    """Lines on which a stateful row is updated with a new state and no word about the old one."""
    if "sandbox" in path.parts or "migrations" in path.parts:
        return []
    tree = ast.parse(path.read_text())
    return [
        call.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _writes_state(call, function) and not _names_old_state(call, function)
    ]


def _writes_state(call: ast.Call, function: ast.FunctionDef) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "update":
        return False
    spread = [word.value.id for word in call.keywords if word.arg is None and isinstance(word.value, ast.Name)]
    return any(word.arg == "state" for word in call.keywords) or any(_dict_holds(function, name) for name in spread)


def _dict_holds(function: ast.FunctionDef, name: str) -> bool:
    """Whether a dictionary of this name in the function has a "state"."""
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            keys = {key.value for one in ast.walk(node) if isinstance(one, ast.Dict) for key in one.keys
                    if isinstance(key, ast.Constant)}  # fmt: skip
            if "state" in keys:
                return True
    return False


def _names_old_state(call: ast.Call, function: ast.FunctionDef) -> bool:
    """The chain the update hangs on, with the local variables it begins from, chooses by state."""
    seen: set[str] = set()
    waiting: list[ast.AST] = [call.func]
    while waiting:
        for node in ast.walk(waiting.pop()):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("filter", "exclude")
            ):
                if any(word.arg in ("state", "state__in") for word in node.keywords):
                    return True
            elif isinstance(node, ast.Name) and node.id not in seen:
                seen.add(node.id)
                waiting += [one.value for one in ast.walk(function) if isinstance(one, ast.Assign)
                            and any(isinstance(to, ast.Name) and to.id == node.id for to in one.targets)]  # fmt: skip
    return False
