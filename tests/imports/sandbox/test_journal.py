"""The state file: the sandbox goes on where it was."""

from pathlib import Path

import pytest

from imports.sandbox import SandboxServer

from .conftest import Caller

ANNA = {"email": "anna@example.com", "CRM_ID": "00077"}


def first_run(state: Path, times: int = 1) -> str:
    """Anna imported `times` times, put into scenario 12 and segment 2; her id."""
    with SandboxServer(state=state) as sandbox:
        caller = Caller(sandbox)
        for _ in range(times):
            caller.codes([ANNA])
        caller("workflows/import_and_start_batch", workflow_id=12, matching="email", data=[{"data": ANNA}])
        found = sandbox.platform.find("anna@example.com")[0]
        caller("profiles/segstatic/add", db_id=1, segment_id=2, profile_id=found)
        caller.link.close()
    return found


def test_people_and_counts_outlive_the_sandbox(tmp_path: Path) -> None:
    found = first_run(tmp_path / "sandbox.json")
    with SandboxServer(state=tmp_path / "sandbox.json") as sandbox:
        platform = sandbox.platform
        assert platform.profile("00077", "CRM_ID") == ANNA
        assert platform.find("anna@example.com") == [found]
        assert (platform.times_applied(found), platform.times_triggered(found)) == (2, 2)
        assert platform.times_started(12, found) == 1
        assert platform.catalogue.segments[2].members == {found}


def test_new_people_get_new_ids_after_a_restart(tmp_path: Path) -> None:
    found = first_run(tmp_path / "sandbox.json")
    with SandboxServer(state=tmp_path / "sandbox.json") as sandbox:
        sandbox.platform.clock = lambda: int(found[:8], 16)  # the second in which the first run made its id
        caller = Caller(sandbox)
        caller.codes([{"email": "boris@example.com"}])
        caller.link.close()
        assert sandbox.platform.find("boris@example.com")[0] > found


def test_newest_line_of_a_person_wins(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    for city in ("Tver", "Omsk"):
        with SandboxServer(state=state) as sandbox:
            caller = Caller(sandbox)
            caller.codes([{**ANNA, "_city": city}])
            caller.link.close()
    assert len(state.read_bytes().splitlines()) == 2
    with SandboxServer(state=state) as sandbox:
        assert sandbox.platform.profile("anna@example.com")["_city"] == "Omsk"
        assert sandbox.platform.times_applied("anna@example.com") == 2


def test_outdated_lines_go_at_the_next_start(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    first_run(state)
    state.write_bytes(state.read_bytes() * 5)
    with SandboxServer(state=state):
        assert len(state.read_bytes().splitlines()) == 1


def test_line_cut_by_a_crash_is_left_out(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    first_run(state)
    state.write_bytes(state.read_bytes() + b'{"db_id": 1, "profile_id": "6b0')
    with SandboxServer(state=state) as sandbox:
        caller = Caller(sandbox)
        caller.codes([{"email": "boris@example.com"}])
        caller.link.close()
    with SandboxServer(state=state) as sandbox:
        assert len(sandbox.platform.people[1].texts) == 2


def test_forgotten_people_stay_forgotten(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    first_run(state)
    with SandboxServer(state=state) as sandbox:
        caller = Caller(sandbox)
        caller.post("/sandbox/control", {"forget": True})
        caller.codes([{"email": "boris@example.com"}])
        caller.link.close()
    with SandboxServer(state=state) as sandbox:
        assert not sandbox.platform.find("anna@example.com")
        assert sandbox.platform.find("boris@example.com")


def test_state_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    first_run(tmp_path / "sandbox.json")
    assert (tmp_path / "sandbox.json").stat().st_mode & 0o077 == 0


def test_file_that_cannot_be_written_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    state = tmp_path / "sandbox.json"
    with SandboxServer(state=state) as sandbox:
        state.unlink()
        state.mkdir()
        caller = Caller(sandbox)
        caller.codes([ANNA])
        caller.link.close()
        sandbox.stop()
        assert "the state file cannot be written" in caplog.text
        assert sandbox.platform.changed == set(sandbox.platform.people[1].texts)
