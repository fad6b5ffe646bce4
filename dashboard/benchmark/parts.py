"""The parts of the bench, each one round of it. `PARTS` names them in the order they run in a round."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from dashboard.benchmark import ours
from dashboard.benchmark.bench import Bench, patience
from dashboard.benchmark.databases import SQLITE, fresh_database
from dashboard.benchmark.figures import percentile
from dashboard.benchmark.naiveside import naive_import, naive_rate
from dashboard.benchmark.programs import BenchFailed, light_platform, module, told_by
from dashboard.benchmark.stack import Stack, running_stack
from dashboard.benchmark.table import LATENCIES, PARALLEL, rate, shown
from dashboard.benchmark.workbooks import measured_workbook

IMPORT = "/api/v1.1/profiles/import_batch"
WORKBOOK_ROWS = 100_000
FEW, FEW_TIMES = 200, 3
YARDSTICK_SECONDS = 900.0


def loop(bench: Bench) -> None:
    """The tight loop on every file, and posting alone."""
    with light_platform() as address:
        for size in bench.sizes.all():
            for name, way in (("loop", "validated"), ("plain", "plain")):
                with bench.attempt(f"the loop, {way}, {size:,} rows"):
                    _loop(bench, name, way, size, address)
        with bench.attempt("the POST ceiling"):
            _loop(bench, "ceiling", "ceiling", bench.sizes.big, address)


def _loop(bench: Bench, name: str, way: str, size: int, address: str) -> None:
    told = told_by(module("loop", bench.file(size), address + IMPORT, way), seconds=patience(size))
    folder = name if way == "ceiling" else f"{name}/{size}"
    bench.add(f"{folder}/rate", told["rows"] / told["seconds"])
    bench.add(f"{folder}/seconds", told["seconds"])
    bench.add(f"{folder}/cpu", told["cpu"])
    bench.tell(f"{way}, {size:,} rows: {rate(told['rows'] / told['seconds'])} rows/s")


def product(bench: Bench) -> None:
    """Ours on every database: the three files one after the other in one fresh stack."""
    for database, server in bench.databases:
        with bench.attempt(f"ours, {database}"), light_platform() as address, _fresh(server, address) as stack:
            _imports(bench, database, stack, address)


@contextlib.contextmanager
def _fresh(server: str, *platforms: str) -> Iterator[Stack]:
    """A stack in a folder of its own."""
    with contextlib.ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        yield held.enter_context(running_stack(folder, server=server, platforms=platforms))


def _imports(bench: Bench, database: str, stack: Stack, address: str) -> None:
    uuids: dict[int, str] = {}
    for size in bench.sizes.all():
        with bench.attempt(f"ours, {database}, {size:,} rows"):
            one = ours.imported(stack, bench.file(size), platform=address, seconds=patience(size))
            uuids[size] = one.uuid
            _keep(bench, f"ours/{database}/{size}", one)
            bench.tell(f"ours, {database}, {size:,} rows: {_told(one)}")
    if bench.is_last:
        with bench.attempt(f"pages, {database}"):
            _pages(bench, database, stack, uuids)


def _keep(bench: Bench, folder: str, one: ours.Imported) -> None:
    stages = one.stages
    bench.add(f"{folder}/rate", stages.check_and_send)
    bench.add(f"{folder}/whole", stages.rows / stages.seconds)
    bench.add(f"{folder}/seconds", stages.seconds)
    bench.add(f"{folder}/read", stages.rows / stages.read_seconds)
    bench.add(f"{folder}/check", stages.rows / stages.check_seconds)
    bench.add(f"{folder}/send", stages.sent / stages.send_seconds)
    bench.add(f"{folder}/bytes", one.stored / stages.rows)
    bench.add(f"{folder}/worker_mb", one.watch.worker_mb)
    bench.add(f"{folder}/stack_mb", one.watch.stack_mb)
    bench.add(f"{folder}/worker_cpu", one.watch.worker_cpu)
    for part, size in one.watch.worker_parts.items():
        bench.add(f"{folder}/mb_{part}", size)
    if one.wire is not None:
        bench.add(f"{folder}/wire", one.wire)


def _told(one: ours.Imported) -> str:
    stages = one.stages
    seconds = f"{stages.read_seconds:.2f} + {stages.check_seconds:.2f} + {stages.send_seconds:.2f} s"
    return f"{seconds}, {rate(stages.check_and_send)} rows/s, workers {one.watch.worker_mb:.0f} MB"


def _pages(bench: Bench, database: str, stack: Stack, uuids: dict[int, str]) -> None:
    """Of the smallest and the largest import."""
    wanted = {uuids[size]: size for size in (bench.sizes.small, bench.sizes.big) if size in uuids}
    if not wanted:
        raise BenchFailed("there is no import to look at")
    for uuid, found in ours.pages(stack, list(wanted), tries=bench.tries).items():
        for name, (p50, p95) in found.items():
            bench.add(f"pages/{database}/{wanted[uuid]}/{name}/p50", p50)
            bench.add(f"pages/{database}/{wanted[uuid]}/{name}/p95", p95)
        bench.tell(f"pages, {database}, {wanted[uuid]:,} rows: {len(found)} of them")


def import_export(bench: Bench) -> None:
    """django-import-export in bulk and its quickest way on the middle file; its slower ways once, on what they can be
    waited for."""
    small, middle = bench.sizes.small, bench.sizes.middle
    for database, server in bench.databases:
        ways = [("bulk", small), ("bulk", middle), ("quickest", middle)]
        if bench.is_first:
            ways += [("key", middle), ("default", small)]
        for way, size in ways:
            with bench.attempt(f"django-import-export, {way}, {database}, {size:,} rows"):
                _import_export(bench, way, database, server, size)


def _import_export(bench: Bench, way: str, database: str, server: str, size: int) -> None:
    folder, command = f"{way}/{database}", module("yardstick", bench.file(size), "--way", way)
    with fresh_database(server) if server else contextlib.nullcontext("") as url:
        told = told_by([*command, "--database", url], seconds=YARDSTICK_SECONDS)
    if told["rows"] != size and way != "key":
        raise BenchFailed(f"{told['rows']:,} of {size:,} rows were stored")
    bench.add(f"{folder}/{size}/rate", size / told["seconds"])
    bench.add(f"{folder}/{size}/seconds", told["seconds"])
    bench.tell(f"django-import-export, {folder}, {size:,} rows: {rate(size / told['seconds'])} rows/s")


def naive(bench: Bench) -> None:
    """The naive design on the middle file in every round, on the small one once."""
    for database, server in bench.databases:
        for size in dict.fromkeys((bench.sizes.small, bench.sizes.middle)):
            if size == bench.sizes.middle or bench.is_first:
                with bench.attempt(f"the naive design, {database}, {size:,} rows"), light_platform() as address:
                    _naive(bench, database, server, size, address)


def _naive(bench: Bench, database: str, server: str, size: int, address: str) -> None:
    told = naive_import(bench.file(size), address + IMPORT, server=server, limit=bench.naive_seconds)
    rows_per_second, done = naive_rate(told)
    folder = f"naive/{database}/{size}"
    bench.add(f"{folder}/rate", rows_per_second)
    bench.add(f"{folder}/seconds", size / rows_per_second)
    if done < size:
        bench.notes[f"{folder}/rate"] = f"stopped after {bench.naive_seconds:.0f} s, {done:,} of {size:,} rows done"
    bench.tell(f"the naive design, {database}, {done:,} of {size:,} rows: {rate(rows_per_second)} rows/s")


def latency(bench: Bench) -> None:
    """Ours with and without the platform's latency, at several requests at the same time, in one stack on SQLite."""
    size = max(2, bench.sizes.big // 5)
    with light_platform() as at_once, light_platform(LATENCIES[1] / 1_000) as late:
        platforms = dict(zip(LATENCIES, (at_once, late), strict=True))
        with _fresh("", *platforms.values()) as stack:
            for parallel in PARALLEL:
                for milliseconds, address in platforms.items():
                    with bench.attempt(f"{milliseconds} ms at parallel {parallel}, {size:,} rows"):
                        _late(bench, stack, size, milliseconds, parallel, address)


def _late(bench: Bench, stack: Stack, size: int, milliseconds: int, parallel: int, address: str) -> None:
    visit = parallel == PARALLEL[1]  # a look at the page costs processor time, so not in the runs of the ratio
    one = ours.imported(
        stack, bench.file(size), platform=address, seconds=patience(size), parallel=parallel, visit=visit
    )
    bench.add(f"latency/{milliseconds}/{parallel}/rate", one.stages.check_and_send)
    bench.add(f"latency/{milliseconds}/{parallel}/send", one.stages.sent / one.stages.send_seconds)
    bench.tell(f"{milliseconds} ms, parallel {parallel}, {SQLITE}, {size:,} rows: {_told(one)}")
    if one.visitor is not None:
        if one.visitor.failed:
            raise BenchFailed(f"{one.visitor.failed} of {len(one.visitor.seconds)} pages did not come")
        for share in (50, 95):
            bench.add(f"latency/page/p{share}", percentile(one.visitor.seconds, share) * 1_000)


def crowd(bench: Bench) -> None:
    """How long a small import takes while two people import the largest file; once, the slowest of several."""
    if not bench.is_last:
        return
    big, few = bench.file(bench.sizes.big), bench.file(FEW)
    with light_platform() as address, _fresh("", address) as stack, bench.attempt("a small import among large ones"):
        with ours.under_way(stack, [big, big], platform=address, seconds=patience(2 * bench.sizes.big)):
            taken = [_whole_seconds(stack, few, address) for _ in range(FEW_TIMES)]
        bench.add("crowd/seconds", max(taken))
        bench.tell(f"{FEW} rows among two imports of {bench.sizes.big:,}: {', '.join(f'{one:.1f} s' for one in taken)}")


def _whole_seconds(stack: Stack, file: Path, address: str) -> float:
    """From the upload to the last answer."""
    return ours.imported(stack, file, platform=address, seconds=patience(0)).whole_seconds


def workbooks(bench: Bench) -> None:
    """Reading of a large workbook, ours and openpyxl's, in processor time."""
    with bench.attempt("reading a workbook"):
        found = measured_workbook(min(WORKBOOK_ROWS, bench.sizes.big))
        for name in ("openpyxl", "cells", "ours"):
            bench.add(f"workbooks/{name}", found.rows / getattr(found, name))
        bench.add("workbooks/times", found.times)
        bench.add("workbooks/times_child", found.times_child)
        bench.add("workbooks/peak_mb", found.peak_mb)
        bench.tell(
            f"XLSX, {found.rows:,} rows: {shown(found.times, '×')} openpyxl, {shown(found.times_child, '×')} the child"
        )


PARTS: dict[str, Callable[[Bench], None]] = {
    "loop": loop,
    "ours": product,
    "import_export": import_export,
    "naive": naive,
    "latency": latency,
    "crowd": crowd,
    "workbooks": workbooks,
}
