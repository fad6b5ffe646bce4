"""The figures as the Markdown table that is printed and kept in docs/performance.md."""

from collections.abc import Sequence

from dashboard.benchmark.figures import MEMORY_FLOOR, PAGE_FLOOR, TIMES_FLOOR, Figures, Round

Line = tuple[str, str, str, str]


def table(figures: Figures) -> str:
    """What was measured, the floor where there is one, and whether it is met."""
    met = {name: "yes" if reached else "NO" for name, reached in figures.floors().items()}
    pages = f"{milliseconds(figures.page_p50)} / {milliseconds(figures.page_p95)}"
    if figures.failed_pages:
        pages += f", {figures.failed_pages} of {figures.pages} failed"
    processors = " / ".join(f"{each:.1f} s" for each in (figures.worker_cpu, figures.sandbox_cpu, figures.stack_cpu))
    lines: list[Line] = [
        ("django-import-export, bulk: rows added", rate(figures.yardstick), "", ""),
        ("the same, each row looked for by e-mail", rate(figures.yardstick_matching), "", ""),
        ("read the file", rate(figures.read), "", ""),
        ("check", rate(figures.check), "", ""),
        ("send", rate(figures.send), "", ""),
        ("check + send", rate(figures.check_and_send), "", ""),
        ("check + send, to rows added", times(figures.times), f"at least {TIMES_FLOOR:g} ×", met["times"]),
        ("check + send, to rows looked for", times(figures.times_matching), "", ""),
        ("worker processes at the peak", megabytes(figures.worker_mb), f"< {MEMORY_FLOOR:g} MB", met["worker_mb"]),
        ("everything at the peak", megabytes(figures.stack_mb), "", ""),
        ("processors: workers / sandbox / everything", processors, "", ""),
        ("a page meanwhile, p50 / p95", pages, f"p95 < {PAGE_FLOOR:,.0f} ms", met["page_p95"]),
    ]
    return aligned([("what", "measured", "floor", "met"), *lines])


def round_line(number: int, measured: Round) -> str:
    """One round in one line, while the others still run."""
    stages = measured.stages
    seconds = f"read {stages.read_seconds:.2f} s, check {stages.check_seconds:.2f} s, send {stages.send_seconds:.2f} s"
    return (
        f"Round {number}: import-export {rate(measured.yardstick)}, {rate(measured.yardstick_matching)}; {seconds}: "
        f"{rate(stages.check_and_send)}, {times(measured.times)}; workers {megabytes(measured.worker_mb)}"
    )


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its columns padded so that it reads well as plain text too; the first line is the head."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    rows.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {row} |" for row in rows)


def rate(rows_per_second: float) -> str:
    """Rows per second with three figures that count: the rest is noise."""
    digits = len(str(int(rows_per_second)))
    return f"{round(rows_per_second, 3 - digits):,.0f} rows/s"


def times(ratio: float) -> str:
    return f"{ratio:.1f} ×"


def megabytes(size: float) -> str:
    return f"{size:.0f} MB"


def milliseconds(duration: float) -> str:
    return f"{duration:,.0f} ms"
