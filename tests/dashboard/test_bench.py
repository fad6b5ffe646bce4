"""The benchmark's own arithmetic and words, and its sides on files of 50 people. Nothing is timed here."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from dashboard.benchmark import chosen, lightplatform, naiveside, ours, parts, picture, processes, report, table
from dashboard.benchmark.bench import Bench
from dashboard.benchmark.databases import POSTGRES, SQLITE
from dashboard.benchmark.figures import Samples, Stages, percentile
from dashboard.benchmark.goals import FLOOR_MET, GOAL_OPEN, MET, OPEN, UNKNOWN, Goal, Sizes, goals
from dashboard.benchmark.importing import MOMENTS
from dashboard.benchmark.loop import mapped, slices, validated
from dashboard.benchmark.ports import free_ports
from dashboard.benchmark.programs import BenchFailed, light_platform, module, told_by
from imports.samples import HEADER, big_csv
from imports.sandbox.demo import demo_catalogue

SIZES = Sizes(10, 100, 1_000)
GOAL = Goal("what", 0.0, floor=10.0, goal=20.0, unit="×")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(Sizes(2, 5, 50), 1, tmp_path, "", lambda line: None, naive_seconds=30)


def samples(**values: float) -> Samples:
    found = Samples()
    for name, value in values.items():
        found.add(1, name.replace("__", "/"), value)
    return found


# --- arithmetic ---


def test_rates_come_from_the_rows_of_the_file() -> None:
    stages = Stages(rows=1_000, sent=900, read_seconds=0.5, check_seconds=0.25, send_seconds=0.75)
    assert stages.check_and_send == 1_000
    assert stages.seconds == 1.5


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    found = Samples()
    for number, (ours_, theirs) in enumerate([(10, 1), (20, 10), (30, 5)], start=1):
        found.add(number, "ours", ours_)
        found.add(number, "theirs", theirs)
    assert found.ratio("ours", "theirs") == 6
    assert found.median("ours") == 20
    assert found.highest("ours") == 30


def test_a_ratio_takes_rounds_that_have_both_sides() -> None:
    found = samples(ours=10.0, theirs=5.0)
    found.add(2, "ours", 1_000.0)
    assert found.ratio("ours", "theirs") == 2
    assert found.ratio("ours", "nobody") is None


@pytest.mark.parametrize(("share", "value"), [(0, 1), (50, 2), (75, 3), (95, 4), (100, 4)])
def test_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([4, 2, 3, 1], share) == value


def test_percentile_of_nothing_passes_no_floor() -> None:
    assert percentile([], 95) == math.inf


@pytest.mark.parametrize(("measured", "verdict"), [(9.99, OPEN), (10, FLOOR_MET), (20, MET), (None, UNKNOWN)])
def test_a_goal_is_reached_at_its_edge(measured: float | None, verdict: str) -> None:
    goal = replace(GOAL, measured=measured)
    assert goal.verdict == verdict
    assert goal.passes is (verdict in (MET, FLOOR_MET))


@pytest.mark.parametrize(("measured", "verdict"), [(25.1, OPEN), (25, FLOOR_MET), (16, MET)])
def test_of_some_goals_less_is_better(measured: float, verdict: str) -> None:
    assert replace(GOAL, measured=measured, floor=25.0, goal=16.0, at_most=True).verdict == verdict


def test_a_goal_without_a_floor_fails_nobody() -> None:
    goal = replace(GOAL, measured=1.0, floor=None)
    assert goal.verdict == GOAL_OPEN
    assert goal.passes


def test_the_issues_lines_are_taken_from_the_samples() -> None:
    found = samples(**{
        "ours__SQLite__1000__rate": 40.0, "loop__1000__rate": 50.0, "ours__SQLite__100__rate": 30.0,
        "bulk__SQLite__100__rate": 2.0, "quickest__SQLite__100__rate": 4.0, "naive__SQLite__100__rate": 1.0,
        "latency__200__8__rate": 9.0, "latency__0__8__rate": 10.0,
        "ours__SQLite__1000__worker_mb": 300.0, "ours__SQLite__100__worker_mb": 200.0,
        "pages__SQLite__1000__rows, deep__p95": 50.0, "pages__SQLite__10__rows, deep__p95": 40.0,
        "pages__SQLite__1000__start page__p95": 500.0, "pages__SQLite__1000__search by e-mail__p95": 90.0,
    })  # fmt: skip
    measured = {goal.what: goal.measured for goal in goals(found, SIZES)}
    assert measured["SQLite, 1,000 rows: check + send to the validated tight loop"] == 0.8
    assert measured["SQLite, 100 rows: check + send to django-import-export, bulk"] == 15
    assert measured["SQLite, 100 rows: the same, in its quickest way"] == 7.5
    assert measured["SQLite, 100 rows: check + send to the naive design"] == 30
    assert measured["200 ms latency, parallel 8, to own rate without latency"] == 0.9
    assert measured["SQLite: peak memory of all worker processes, 1,000 to 100 rows"] == 1.5
    assert measured["SQLite, 1,000 rows: slowest results page, any filter and depth, p95"] == 50
    assert measured["SQLite, 1,000 rows: the same to the same page at 10, at worst"] == 1.25
    assert measured["SQLite, 1,000 rows: search by e-mail, p95"] == 90
    assert measured["XLSX reading to openpyxl read_only, cells to cells"] is None
    assert not any(POSTGRES in what for what in measured)


def test_the_naive_design_is_charged_for_storing_only_what_it_came_to() -> None:
    told = {"rows": 100, "store_seconds": 1.0, "work_seconds": 9.8, "statuses": {"new": 80, "accepted": 20}}
    rows_per_second, done = naiveside.naive_rate(told)
    assert done == 20
    assert rows_per_second == pytest.approx(2.0)


@pytest.mark.parametrize("statuses", [{"new": 100}, {"accepted": 99}])
def test_a_naive_import_that_did_nothing_or_lost_a_row_is_no_measurement(statuses: dict[str, int]) -> None:
    with pytest.raises(BenchFailed, match="did not do its rows"):
        naiveside.naive_rate({"rows": 100, "store_seconds": 1.0, "work_seconds": 1.0, "statuses": statuses})


def test_stages_are_taken_from_the_history() -> None:
    at = dict(zip(MOMENTS, [10.0, 11.5, 20.0, 22.0, 30.0, 33.0], strict=True))
    sums = {"rows": 100, "accepted": 95, "rejected": 2, "invalid": 2, "set_aside": 1}
    assert ours.stages_of({"at": at, "totals": sums}) == Stages(100, 97, 1.5, 2.0, 3.0)


def test_rows_missing_from_the_sum_are_no_measurement() -> None:
    sums = {"rows": 100, "accepted": 97, "rejected": 0, "invalid": 2, "set_aside": 0}
    with pytest.raises(BenchFailed, match="not every row"):
        ours.stages_of({"at": dict.fromkeys(MOMENTS, 1.0), "totals": sums})


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


def test_a_process_of_a_worker_is_named_by_its_queue() -> None:
    assert processes.part_of(["python", "-m", "celery", "-A", "dashboard.celery", "worker", "-Q", "check"]) == "check"
    assert processes.part_of(["python", "-m", "imports.reading"]) == "reading"


def test_free_ports_differ() -> None:
    assert len(set(free_ports(3))) == 3


# --- the sides, on a few people ---


def test_the_fields_of_the_loop_are_those_of_the_sandbox() -> None:
    theirs = {field.name: field for field in demo_catalogue().databases[chosen.DATABASE].all_fields()}
    assert len(chosen.FIELDS) == len(HEADER)
    for name in chosen.FIELDS:
        assert chosen.TARGET_FIELDS[name].kind == theirs[name].kind
        assert (
            chosen.TARGET_FIELDS[name].options == tuple(theirs[name].options)
            or chosen.TARGET_FIELDS[name].kind == "sex"
        )


def test_the_loop_makes_the_profiles_of_all_good_rows(tmp_path: Path) -> None:
    file = big_csv(tmp_path / "people.csv", 50, bad_share=0.2)
    ((headers, columns),) = slices(file)
    profiles = [json.loads(text) for text in validated(headers, columns, mapped(headers, columns))]
    assert [one["email"] for one in profiles] == [email for email in columns[0] if "@" in email]
    assert 20 < len(profiles) < 50
    assert profiles[0].keys() >= {"_fname", "_bdate", "points", "subscriptions"}


def test_the_light_platform_answers_each_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lightplatform, "ERROR_SHARE", 0.1)
    answer = json.loads(lightplatform.answered(chosen.body([b'{"email":"a@example.com"}'] * 200), random.Random(1)))
    errors = [row for row in answer["result"] if row["error"]]
    ids = {row["profile_id"] for row in answer["result"] if not row["error"]}
    assert answer["error"] == 0
    assert len(errors) == 20
    assert len(ids) == 180
    assert {len(one) for one in ids} == {24}


def test_the_loop_posts_every_row_to_the_light_platform_and_its_sum_closes(bench: Bench) -> None:
    parts.loop(bench)
    assert bench.failures == []
    assert bench.samples.median("loop/50/rate")
    assert bench.samples.median("plain/2/rate")
    assert bench.samples.median("ceiling/rate")


def test_the_light_platform_knows_one_call() -> None:
    with light_platform() as address, requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{address}/api/v1.1/profiles/import", data=b"{}", timeout=120)
        assert answer.json()["error"] == 404
        answer = session.post(f"{address}/api/v1.1/profiles/import_batch", data=b"[", timeout=120)
        assert answer.json()["error"] == 400


def test_the_naive_design_brings_every_row_to_an_end(bench: Bench) -> None:
    bench.sizes = Sizes(5, 5, 5)
    parts.naive(bench)
    assert bench.failures == []
    assert bench.samples.median("naive/SQLite/5/rate")


def test_import_export_stores_the_rows(bench: Bench) -> None:
    pytest.importorskip("import_export")
    parts.import_export(bench)
    assert bench.failures == []
    ways = {"bulk/SQLite/5/rate", "quickest/SQLite/5/rate", "key/SQLite/5/rate", "default/SQLite/2/rate"}
    assert ways <= bench.samples.values.keys()


def test_a_workbook_is_read_by_both_to_its_end(bench: Bench) -> None:
    parts.workbooks(bench)
    assert bench.failures == []
    assert bench.samples.median("workbooks/times")


# --- what fails, and what is told ---


def test_a_part_that_fails_is_told_and_the_others_go_on(bench: Bench) -> None:
    with bench.attempt("something"):
        raise BenchFailed("it did not work\nin two lines")
    with bench.attempt("another thing"):
        raise KeyError
    assert bench.failures == ["something, round 1: it did not work", "another thing, round 1: KeyError"]


def test_a_program_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(BenchFailed, match="dashboard.benchmark.loop failed: .*FileNotFoundError"):
        told_by(module("loop", "/nowhere.csv", "http://127.0.0.1:9/", "plain"), seconds=30)


@pytest.mark.parametrize(("given", "shown"), [(41_234.5, "41,200"), (9_876, "9,880"), (512.4, "512"), (7, "7")])
def test_rates_are_shown_with_three_figures(given: float, shown: str) -> None:
    assert table.rate(given) == shown


def test_the_table_is_markdown_and_says_what_is_met() -> None:
    found = samples(ours__SQLite__1000__rate=40.0, loop__1000__rate=50.0, ours__SQLite__100__rate=12_345.0)
    found.add(1, "naive/SQLite/100/rate", 600.0)
    lines = table.table(found, SIZES, {"naive/SQLite/100/rate": "stopped after 1 s"}).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len({len(line) for line in lines}) == 1
    assert set(lines[1]) == {"|", "-", " "}
    assert [
        f"{SQLITE}, 1,000 rows: check + send to the validated tight loop",
        "0.80 ×",
        "≥ 0.5 ×",
        "≥ 1 ×",
        FLOOR_MET,
    ] in cells
    assert [f"ours, {SQLITE}: check + send", "– / 12,300 / 40", "", "", ""] in cells
    assert ["the naive design, SQLite; stopped after 1 s", "– / 600 / –", "", "", ""] in cells


def test_the_picture_has_a_line_for_each_side_that_was_measured() -> None:
    found = samples(ours__SQLite__10__seconds=0.5, ours__SQLite__1000__seconds=20.0, loop__1000__seconds=15.0)
    drawn = picture.picture(picture.curves(found))
    assert drawn.count("<polyline") == 2
    assert "this product, SQLite" in drawn
    assert "naive" not in drawn.partition("</title>")[2]
    assert drawn.endswith("</svg>\n")


def test_further_up_in_the_picture_is_more_seconds() -> None:
    axes = picture.Axes.around([(10, 0.5), (1_000, 20)])
    assert (axes.left, axes.right, axes.bottom, axes.top) == (1, 3, -1, 2)
    assert axes.y(20) < axes.y(0.5)
    assert axes.x(1_000) == picture.WIDTH - picture.RIGHT


def test_the_report_takes_its_place_between_the_markers(bench: Bench, tmp_path: Path) -> None:
    page, drawing = tmp_path / "page.md", tmp_path / "bench.svg"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    bench.add("loop/50/seconds", 1.0)
    bench.failures.append("a thing, round 1: why")
    report.keep(report.markdown(bench, "manage.py bench", "A machine."), bench, page=page, drawing=drawing)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "FAILED: a thing, round 1: why" in text
    assert drawing.read_text().startswith("<svg")


def test_a_page_without_markers_is_left_as_it_is(bench: Bench, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here")
    with pytest.raises(ValueError, match="no place"):
        report.keep("text", bench, page=page, drawing=tmp_path / "bench.svg")
    assert page.read_text() == "nothing here"


def test_the_page_of_performance_has_its_markers() -> None:
    assert report.BEGIN in report.PAGE.read_text()
    assert report.END in report.PAGE.read_text()
