"""How a file differs from the last ones, in words."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from dashboard.figures import number, percent
from imports.models import ImportJob
from imports.results import ShapeFinding, shape_findings
from imports.wording import what


@dataclass(frozen=True, slots=True)
class ShapeTold:
    """A sentence for each thing that is odd, with how many files it was compared, and whether a rule asks to look."""

    lines: list[str]
    compared: str = ""
    asks: bool = False


def shape_told(job: ImportJob) -> ShapeTold:
    """What to say about a job's file; no lines when nothing is odd."""
    found = shape_findings(job)
    if not found:
        return ShapeTold([])
    files = max(one.files for one in found)
    text = ngettext("Compared with %(count)s earlier file.", "Compared with the last %(count)s files.", files)
    waits = job.checked_at is not None and job.started_at is None
    asks = waits and job.preset is not None and job.preset.stop_when_odd
    return ShapeTold([_line(one) for one in found], text % {"count": number(files)}, asks)


def _line(found: ShapeFinding) -> str:
    shown = _rows if found.code == "shape_rows" else _share
    low, high = shown(found.low), shown(found.high)
    code = f"{found.code}_once" if low == high else found.code
    return what(code, {"low": low, "high": high, "now": shown(found.now), "header": found.header.strip()})


def _rows(count: float) -> str:
    return number(int(count))


def _share(part: float) -> str:
    return percent(part, 1.0)
