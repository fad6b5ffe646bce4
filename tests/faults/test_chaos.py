"""The stage of chaos for a few seconds, and the control that proves it sees. `tests.faults.chaos` runs longer."""

import pytest

from tests.faults import chaos
from tests.faults.controls.caught import doubled_by_a_sleeper
from tests.faults.databases import server_url


@pytest.mark.fault(70)
def test_a_few_seconds_of_chaos_lose_and_double_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    database = "postgres" if server_url() else "sqlite"

    assert chaos.main(["--seconds", "5", "--seed", "20", "--rows", "50", "--database", database]) == 0
    assert "unsafe applied twice       0" in capsys.readouterr().out


@pytest.mark.fault(70)
def test_the_judge_sees_what_the_design_without_the_mark_does() -> None:
    assert doubled_by_a_sleeper(without_mark=True) > 0
