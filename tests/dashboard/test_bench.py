"""The benchmark's own arithmetic and words. What it measures is not measured here."""

import json
import math

import pytest

from dashboard.benchmark import importing, measuring, processes, table
from dashboard.benchmark.figures import Round, Stages, percentile, summary
from dashboard.benchmark.stack import BenchFailed, free_ports
from imports.samples import HEADER
from imports.sandbox.demo import demo_catalogue

STAGES = Stages(rows=1_000, sent=900, read_seconds=0.5, check_seconds=0.25, send_seconds=0.75)


def measured(**changes: object) -> Round:
    plain = {
        "yardstick": 200.0,
        "yardstick_matching": 100.0,
        "stages": STAGES,
        "worker_mb": 300.0,
        "stack_mb": 700.0,
        "worker_cpu": 3.0,
        "sandbox_cpu": 2.0,
        "stack_cpu": 6.0,
        "page_seconds": (0.1, 0.2),
        "failed_pages": 0,
    }
    return Round(**{**plain, **changes})


def test_rates_come_from_the_rows_each_stage_worked_on() -> None:
    figures = summary([measured()])
    assert (figures.read, figures.check, figures.send) == (2_000, 4_000, 1_200)
    assert figures.check_and_send == 1_000


def test_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    figures = summary([measured(yardstick=100.0), measured(yardstick=200.0), measured(yardstick=500.0)])
    assert figures.times == 5
    assert figures.times_matching == 10


def test_peaks_are_the_highest_and_pages_are_pooled() -> None:
    figures = summary([measured(worker_mb=200.0), measured(worker_mb=410.0, page_seconds=(0.3, 0.4), failed_pages=1)])
    assert figures.worker_mb == 410
    assert (figures.pages, figures.failed_pages) == (4, 1)
    assert (figures.page_p50, figures.page_p95) == (200, 400)


@pytest.mark.parametrize(("share", "value"), [(0, 1), (50, 2), (75, 3), (95, 4), (100, 4)])
def test_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([4, 2, 3, 1], share) == value


def test_percentile_of_nothing_passes_no_floor() -> None:
    assert percentile([], 95) == math.inf
    assert not summary([measured(page_seconds=())]).floors()["page_p95"]


def test_floors_are_reached_exactly_at_the_edge_of_the_ratio_only() -> None:
    assert summary([measured(yardstick=200.0)]).floors()["times"]
    assert not summary([measured(yardstick=200.1)]).floors()["times"]
    assert not summary([measured(worker_mb=450.0)]).floors()["worker_mb"]
    assert not summary([measured(page_seconds=(1.0,))]).floors()["page_p95"]


def test_failed_page_fails_the_floor_however_quick() -> None:
    assert not summary([measured(failed_pages=1)]).floors()["page_p95"]


def test_plain_figures_are_json_with_their_floors() -> None:
    plain = json.loads(json.dumps(summary([measured()]).to_plain()))
    assert plain["floors"] == {"times": True, "worker_mb": True, "page_p95": True}
    assert plain["rounds"] == 1


@pytest.mark.parametrize(
    ("given", "shown"), [(41_234.5, "41,200 rows/s"), (9_876, "9,880 rows/s"), (512.4, "512 rows/s"), (7, "7 rows/s")]
)
def test_rates_are_shown_with_three_figures(given: float, shown: str) -> None:
    assert table.rate(given) == shown


def test_table_is_markdown_and_says_what_is_met() -> None:
    lines = table.table(summary([measured(worker_mb=500.0)])).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert set(lines[1]) == {"|", "-", " "}
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert ["check + send, to rows added", "5.0 ×", "at least 5 ×", "yes"] in cells
    assert ["worker processes at the peak", "500 MB", "< 450 MB", "NO"] in cells
    assert ["processors: workers / sandbox / everything", "3.0 s / 2.0 s / 6.0 s", "", ""] in cells
    assert ["a page meanwhile, p50 / p95", "100 ms / 200 ms", "p95 < 1,000 ms", "yes"] in cells


def test_table_tells_failed_pages() -> None:
    assert "1 of 2 failed" in table.table(summary([measured(failed_pages=1)]))


def test_round_is_one_line() -> None:
    told = table.round_line(2, measured())
    assert told.startswith("Round 2: import-export 200 rows/s, 100 rows/s; read 0.50 s")
    assert "\n" not in told


def test_stages_are_taken_from_the_history() -> None:
    at = dict(zip(importing.MOMENTS, [10.0, 11.5, 20.0, 22.0, 30.0, 33.0], strict=True))
    sums = {"rows": 100, "accepted": 97, "invalid": 2, "set_aside": 1}
    assert measuring.stages_of({"at": at, "totals": sums}) == Stages(100, 97, 1.5, 2.0, 3.0)


def test_rows_missing_from_the_sum_are_no_measurement() -> None:
    at = dict.fromkeys(importing.MOMENTS, 1.0)
    with pytest.raises(BenchFailed, match="not every row"):
        measuring.stages_of({"at": at, "totals": {"rows": 100, "accepted": 97, "invalid": 2, "set_aside": 0}})


def test_every_column_goes_to_a_field_of_the_sandbox() -> None:
    fields = {field.name for field in demo_catalogue().databases[importing.DATABASE].all_fields()}
    assert len(importing.FIELDS) == len(HEADER)
    assert set(importing.FIELDS) <= fields


def test_descendants_of_a_process_are_found_at_any_depth() -> None:
    assert sorted(processes.descendants(1, {2: 1, 3: 2, 4: 3, 5: 9})) == [2, 3, 4]
    assert processes.descendants(7, {2: 1}) == []


@pytest.mark.parametrize(
    ("command", "worker"),
    [
        ("python -m celery -A dashboard.celery worker -Q check", True),
        ("python -m celery -A dashboard.celery beat", False),
        ("python -m gunicorn dashboard.wsgi --workers 2", False),
    ],
)
def test_workers_are_told_by_their_command(command: str, worker: bool) -> None:
    assert processes.is_worker(command.split()) is worker


def test_free_ports_differ() -> None:
    assert len(set(free_ports(3))) == 3
