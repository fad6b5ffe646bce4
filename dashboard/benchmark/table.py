"""The figures as the Markdown table that is printed and kept in docs/performance.md."""

from collections.abc import Iterator, Sequence

from dashboard.benchmark.databases import POSTGRES, SQLITE
from dashboard.benchmark.figures import Samples
from dashboard.benchmark.goals import Goal, Sizes, goals

Line = tuple[str, str, str, str, str]
HEAD: Line = ("what", "measured", "floor", "goal", "")
WHOLE_CHILD = "ours, the whole limited child: start, cells, slices of the table"
LATENCIES, PARALLEL = (0, 200), (1, 2, 4, 8)


def table(samples: Samples, sizes: Sizes, notes: dict[str, str]) -> str:
    """Floors and goals first, then every figure behind them."""
    lines = [
        HEAD,
        *map(_goal, goals(samples, sizes)),
        *_rates(samples, sizes, notes),
        *_latencies(samples),
        *_crowd(samples, sizes),
        *_rooms(samples, sizes),
        *_workbooks(samples),
        *_pages(samples, sizes),
    ]
    return aligned(lines)


def _goal(goal: Goal) -> Line:
    sign = "≤ " if goal.at_most else "≥ "
    floor = "" if goal.floor is None else f"{sign}{goal.floor:g} {goal.unit}"
    measured = "–" if goal.measured is None else shown(goal.measured, goal.unit)
    return (goal.what, measured, floor, f"{sign}{goal.goal:g} {goal.unit}", goal.verdict)


def _plain(what: str, measured: str) -> Line:
    return (what, measured, "", "", "")


def _rates(samples: Samples, sizes: Sizes, notes: dict[str, str]) -> Iterator[Line]:
    yield _plain(f"**rows/s at {' / '.join(f'{size:,}' for size in sizes.all())} rows**", "")
    for name, title in _sides():
        found = [samples.median(name.format(size)) for size in sizes.all()]
        if any(found):
            told = [notes[name.format(size)] for size in sizes.all() if name.format(size) in notes]
            yield _plain("; ".join([title, *told]), " / ".join("–" if one is None else rate(one) for one in found))
    if (ceiling := samples.median("ceiling/rate")) is not None:
        yield _plain("POST ceiling: the loop's bodies posted again and again, profiles/s", rate(ceiling))


def _sides() -> Iterator[tuple[str, str]]:
    """The name of each row of rates, with a place for the rows, and how it is called."""
    for database in (SQLITE, POSTGRES):
        for part, title in (
            ("rate", "check + send"), ("whole", "read + check + send"), ("read", "read"), ("check", "check"),
            ("send", "send"),
        ):  # fmt: skip
            yield f"ours/{database}/{{}}/{part}", f"ours, {database}: {title}"
    yield "loop/{}/rate", "tight loop, validated: one process, no Celery, no database"
    yield "plain/{}/rate", "tight loop, nothing judged"
    for database in (SQLITE, POSTGRES):
        yield f"bulk/{database}/{{}}/rate", f"django-import-export, bulk, {database}"
        yield f"quickest/{database}/{{}}/rate", f"the same, {database}, its quickest way: nothing compared"
        yield f"key/{database}/{{}}/rate", f"the same, {database}: each row looked for by e-mail"
        yield f"default/{database}/{{}}/rate", f"django-import-export, default, {database}"
        yield f"naive/{database}/{{}}/rate", f"the naive design, {database}"


def _latencies(samples: Samples) -> Iterator[Line]:
    """Check and send by the platform's latency and by how many requests go at the same time."""
    if not any(samples.below("latency")):
        return
    yield _plain(f"**check + send at parallel {' / '.join(map(str, PARALLEL))}**", "")
    for latency in LATENCIES:
        for part, title in (("rate", "check + send"), ("send", "send alone")):
            found = [samples.median(f"latency/{latency}/{parallel}/{part}") for parallel in PARALLEL]
            told = " / ".join("–" if one is None else rate(one) for one in found)
            yield _plain(f"ours, SQLite, {latency} ms: {title}", told)
    if (p95 := samples.median("latency/page/p95")) is not None:
        p50 = samples.median("latency/page/p50") or 0.0
        yield _plain("the import's page meanwhile, p50 / p95", f"{p50:,.0f} / {p95:,.0f} ms")


def _crowd(samples: Samples, sizes: Sizes) -> Iterator[Line]:
    if (slowest := samples.median("crowd/seconds")) is not None:
        what = f"200 rows while two people import {sizes.big:,} each, from upload to end, the slowest of three"
        yield _plain(what, shown(slowest, "s"))


def _rooms(samples: Samples, sizes: Sizes) -> Iterator[Line]:
    yield _plain("**memory, processors, storage**", "")
    for database in (SQLITE, POSTGRES):
        for part, title, unit in (
            ("worker_mb", "worker processes at the peak", "MB"),
            ("mb_check", "of it checking", "MB"), ("mb_send", "of it sending", "MB"),
            ("mb_reading", "of it reading", "MB"), ("stack_mb", "everything at the peak", "MB"),
            ("worker_cpu", "processor time of the workers", "s"), ("bytes", "stored in the database, a row", "bytes"),
            ("wire", "first batch on the wire after Send", "s"),
        ):  # fmt: skip
            found = [samples.median(f"ours/{database}/{size}/{part}") for size in sizes.all()]
            if any(one is not None for one in found):
                yield _plain(
                    f"ours, {database}: {title}", " / ".join("–" if v is None else shown(v, unit) for v in found)
                )
    found = [samples.median(f"loop/{size}/cpu") for size in sizes.all()]
    if any(found):
        told = " / ".join("–" if one is None else shown(one, "s") for one in found)
        yield _plain("tight loop, validated: processor time, the whole process", told)


def _workbooks(samples: Samples) -> Iterator[Line]:
    if (child := samples.median("workbooks/times_child")) is None:
        return
    yield _plain("**XLSX, rows per second of processor time**", "")
    for name, title in (("openpyxl", "openpyxl, read_only"), ("cells", "ours, cells alone"), ("ours", WHOLE_CHILD)):
        yield _plain(f"XLSX: {title}", rate(samples.median(f"workbooks/{name}") or 0.0))
    yield _plain("XLSX: the whole of our limited child to openpyxl", shown(child, "×"))
    yield _plain("XLSX: the largest child at its peak", shown(samples.highest("workbooks/peak_mb") or 0.0, "MB"))


def _pages(samples: Samples, sizes: Sizes) -> Iterator[Line]:
    for database in (SQLITE, POSTGRES):
        names = dict.fromkeys(name.rpartition("/")[0] for name in samples.below(f"pages/{database}/{sizes.big}"))
        if names:
            yield _plain(f"**pages, {database}, p50 / p95 at {sizes.small:,}; at {sizes.big:,} rows**", "")
        for name in names:
            yield _plain(name, "; ".join(_page(samples, f"pages/{database}/{size}/{name}") for size in _ends(sizes)))


def _ends(sizes: Sizes) -> tuple[int, ...]:
    return tuple(dict.fromkeys((sizes.small, sizes.big)))


def _page(samples: Samples, folder: str) -> str:
    p50, p95 = samples.median(f"{folder}/p50"), samples.median(f"{folder}/p95")
    return "–" if p50 is None or p95 is None else f"{p50:,.0f} / {p95:,.0f} ms"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its columns padded so that it reads well as plain text too; the first line is the head."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    rows.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {row} |" for row in rows)


def rate(rows_per_second: float) -> str:
    """Rows per second with three figures that count: the rest is noise."""
    digits = len(str(int(rows_per_second)))
    return f"{round(rows_per_second, 3 - digits):,.0f}"


def shown(value: float, unit: str) -> str:
    """A figure with as many digits as its size deserves."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}"
