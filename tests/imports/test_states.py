from pathlib import Path

import pytest

from imports import states
from imports.states import BATCH_MOVES, JOB_MOVES, BatchState, JobState

DOCS = Path(__file__).parents[2] / "docs" / "states.md"


def test_every_state_has_its_moves() -> None:
    assert set(JOB_MOVES) == set(JobState)
    assert set(BATCH_MOVES) == set(BatchState)


@pytest.mark.parametrize("state", sorted(states.FINISHED))
def test_final_job_states_lead_nowhere(state: JobState) -> None:
    assert not JOB_MOVES[state]


def test_named_sets_cover_every_unfinished_job_state() -> None:
    named = states.WAITS_FOR_PERSON | states.MOVES_BY_ITSELF | states.FINISHED

    assert named == set(JobState)
    assert not states.WAITS_FOR_PERSON & states.MOVES_BY_ITSELF


def test_an_unknown_batch_never_becomes_ready_through_sending() -> None:
    assert BatchState.SENDING not in BATCH_MOVES[BatchState.UNKNOWN]


@pytest.mark.parametrize("moves", [JOB_MOVES, BATCH_MOVES], ids=["job", "batch"])
def test_the_picture_in_the_docs_is_drawn_from_the_table(moves: dict) -> None:
    assert states.diagram(moves) in DOCS.read_text()
