"""Whether a file is unlike the last ones: its rows, how full its columns are, how many of its cells are wrong."""

import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from django.db.models import Q

from imports.models import ImportJob, LastingSecret, RowSlice
from imports.models.presets import MOST_SHAPES

PURPOSE: Final = "headers of files"
FEW: Final = 3  # files; with fewer behind them, only a larger difference is odd
ROWS_FACTOR, ROWS_FACTOR_FEW = 2.0, 3.0
LEAST_ROWS: Final = 20  # a difference of fewer rows is never odd
FILLED_OFF: Final = 0.2
WRONG_OFF, WRONG_FACTOR = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class ShapeFinding:
    """One thing that is unlike before. `code` "shape_rows" (low, high, now: rows), "shape_filled" or "shape_wrong"
    (low, high, now: shares 0 to 1); `column` is its 0-based place, -1 for the whole file. `files` were compared."""

    code: str
    low: float
    high: float
    now: float
    files: int
    column: int = -1
    header: str = ""


@dataclass(frozen=True, slots=True)
class _Shape:
    rows: int
    filled: Mapping[str, float] = field(default_factory=dict)
    wrong: Mapping[str, float] = field(default_factory=dict)


def shape_findings(job: ImportJob) -> list[ShapeFinding]:
    """What is odd about this file against the last ones of its preset, else of the same person, account and columns.

    [] when nothing is odd, and when there is nothing to compare with. Shares of wrong cells are known after the check.
    """
    if not job.read_version or job.follows_id:  # a follow-up holds what is left of another file
        return []
    earlier = [_shape(*row) for row in _known(job)]
    if not earlier:
        return []
    now = _shape(job.rows, job.headers, shape_now(job))
    places = {header: place for place, header in enumerate(job.headers)}
    shares = [*_odd_shares("shape_filled", earlier, now), *_odd_shares("shape_wrong", earlier, now)]
    found = [*_odd_rows(earlier, now), *shares]
    return [replace(one, column=places.get(one.header, -1)) for one in found]


def asks_before_sending(job: ImportJob) -> bool:
    """Whether the preset's rule holds this file back until somebody has looked at what is odd."""
    return job.preset is not None and job.preset.stop_when_odd and bool(shape_findings(job))


def headers_sign(headers: Sequence[str]) -> str:
    """By it files with the same headers know each other when these are gone; keyed, for one may be somebody."""
    told = orjson.dumps(list(headers))
    return hmac.digest(LastingSecret.objects.of(PURPOSE), told, "sha256").hex()[:32]


def filled_shares(filled: Sequence[int], rows: int) -> list[float]:
    """By column, as a job keeps it."""
    return [round(count / rows, 4) if rows else 0.0 for count in filled]


def shape_now(job: ImportJob) -> dict[str, Any]:
    """The shape to keep with a job: by column the share of filled cells and, once checked, of rows kept back."""
    if job.checked_at is None or job.started_at is not None:
        return dict(job.shape)
    counts: Counter[str] = Counter()
    for summary in RowSlice.objects.current(job).values_list("summary", flat=True):
        for _outcome, _code, column, count in summary:
            if column >= 0:
                counts[str(column)] += count
    return job.shape | {"wrong": {place: round(min(1.0, n / (job.rows or 1)), 4) for place, n in counts.items()}}


def _known(job: ImportJob) -> Iterator[tuple[int, Sequence[str], Mapping[str, Any]]]:
    """(rows, headers, shape) of the last such imports; of one whose headers were destroyed they are known when they
    were the same."""
    told = _alike(job).values_list("rows", "headers", "headers_sign", "shape")[:MOST_SHAPES]
    for rows, headers, sign, shape in told:
        same = not headers and sign and sign == job.headers_sign
        yield rows, job.headers if same else headers, shape


def _alike(job: ImportJob) -> Any:
    """Earlier imports that were sent and may be compared, the last first."""
    sent = ImportJob.objects.sent().filter(team=job.team_id, follows=None).exclude(pk=job.pk)
    sent = sent.exclude(started_at=None).order_by("-pk")
    if job.preset_id:
        return sent.filter(preset=job.preset_id)
    if not job.connection_id or not job.headers:
        return sent.none()
    same = Q(headers=job.headers) | (Q(headers_sign=job.headers_sign) if job.headers_sign else Q(pk=None))
    return sent.filter(same, connection=job.connection_id, created_by=job.created_by_id)


def _shape(rows: int, headers: Sequence[str], kept: Mapping[str, Any]) -> _Shape:
    once = {header for header in headers if header.strip() and headers.count(header) == 1}
    filled = {header: share for header, share in zip(headers, kept.get("filled", ()), strict=False) if header in once}
    if "wrong" not in kept:
        return _Shape(rows, filled)
    wrong = {header: kept["wrong"].get(str(place), 0.0) for place, header in enumerate(headers) if header in once}
    return _Shape(rows, filled, wrong)


def _odd_rows(earlier: Sequence[_Shape], now: _Shape) -> Iterator[ShapeFinding]:
    low, high = min(one.rows for one in earlier), max(one.rows for one in earlier)
    factor = ROWS_FACTOR if len(earlier) >= FEW else ROWS_FACTOR_FEW
    off = low - now.rows if now.rows < low else now.rows - high
    if off >= LEAST_ROWS and not low / factor <= now.rows <= high * factor:
        yield ShapeFinding("shape_rows", low, high, now.rows, len(earlier))


def _odd_shares(code: str, earlier: Sequence[_Shape], now: _Shape) -> Iterator[ShapeFinding]:
    name = code.removeprefix("shape_")
    for header, share in getattr(now, name).items():
        before = [getattr(one, name)[header] for one in earlier if header in getattr(one, name)]
        if not before:
            continue
        low, high = min(before), max(before)
        odd = share > max(high + WRONG_OFF, high * WRONG_FACTOR) if name == "wrong" else _far(share, low, high)
        if odd:
            yield ShapeFinding(code, low, high, share, len(before), header=header)


def _far(share: float, low: float, high: float) -> bool:
    return share < low - FILLED_OFF or share > high + FILLED_OFF
