"""The report as Markdown, and its place in docs/performance.md."""

from pathlib import Path

from dashboard.benchmark.bench import Bench
from dashboard.benchmark.picture import curves, picture
from dashboard.benchmark.table import table
from dashboard.local import ROOT

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "pictures" / "bench.svg"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def markdown(bench: Bench, command: str, machine: str) -> str:
    """The command, the machine, the picture and the table."""
    rounds = f"{bench.rounds} round{'s' if bench.rounds > 1 else ''}, medians; ratios are medians of the rounds' own."
    return "\n\n".join(
        [
            f"```\n{command}\n```",
            f"{machine} {rounds}",
            f"![Seconds an import takes against its rows](pictures/{PICTURE.name})",
            table(bench.samples, bench.sizes, bench.notes),
            *(f"FAILED: {failure}" for failure in bench.failures),
        ]
    )


def keep(text: str, bench: Bench, *, page: Path = PAGE, drawing: Path = PICTURE) -> None:
    """Put the text between the page's markers, and the picture beside it. Raises ValueError without markers."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the figures: a line {BEGIN} and a line {END}")
    if drawn := curves(bench.samples):
        drawing.write_text(picture(drawn))
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
