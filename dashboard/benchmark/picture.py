"""The picture: seconds against rows, both in powers of ten, a line for each side. SVG text, in the ledger's colours."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.benchmark.databases import POSTGRES, SQLITE
from dashboard.benchmark.figures import Samples

WIDTH, HEIGHT = 820, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 256, 56, 54
LABEL_GAP = 17.0  # between the names at the right end
Points = Sequence[tuple[float, float]]

# The ledger's tokens, light and dark, as static/css/ledger.css has them.
STYLE = """
.sheet { fill: #ffffff } .ink { fill: #141a1c } .ink-3 { fill: #5d6764 } .rule { stroke: #dde3de }
.accent { --c: #2b3cc4 } .aside { --c: #0b6272 } .accepted { --c: #17693a } .invalid { --c: #845000 }
.rejected { --c: #b0231c } .unknown { --c: #7b2a9e }
@media (prefers-color-scheme: dark) {
.sheet { fill: #161b1e } .ink { fill: #e9edeb } .ink-3 { fill: #98a39f } .rule { stroke: #2b3338 }
.accent { --c: #a3aeff } .aside { --c: #66c7d8 } .accepted { --c: #74d19a } .invalid { --c: #f0b85a }
.rejected { --c: #ff9c92 } .unknown { --c: #dba6f5 }
}
text { font: 13px Inter, "Segoe UI", system-ui, sans-serif } .title { font-size: 16px; font-weight: 600 }
.line { fill: none; stroke: var(--c); stroke-width: 2 } .dot { fill: var(--c) }
.name { fill: var(--c); font-weight: 600 }
.thin { stroke-dasharray: 5 4 }
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """One side: its name, its colour, (rows, seconds) in order of rows; `thin` for yardsticks on the other database."""

    name: str
    colour: str
    points: Points
    thin: bool = False


def curves(samples: Samples) -> list[Curve]:
    """Every side that was measured on at least one file."""
    sides = [
        ("this product, SQLite", "accent", f"ours/{SQLITE}", False),
        ("this product, PostgreSQL", "accent", f"ours/{POSTGRES}", True),
        ("tight loop", "accepted", "loop", False),
        ("import-export, SQLite", "invalid", f"bulk/{SQLITE}", False),
        ("import-export, PostgreSQL", "invalid", f"bulk/{POSTGRES}", True),
        ("naive design, SQLite", "rejected", f"naive/{SQLITE}", False),
        ("naive design, PostgreSQL", "rejected", f"naive/{POSTGRES}", True),
    ]
    drawn = [Curve(name, colour, _points(samples, folder), thin) for name, colour, folder, thin in sides]
    return [curve for curve in drawn if curve.points]


def picture(drawn: Sequence[Curve]) -> str:
    """The SVG. Raises ValueError when there is nothing to draw."""
    if not drawn:
        raise ValueError("nothing was measured that could be drawn")
    axes = Axes.around([point for curve in drawn for point in curve.points])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'role="img" aria-labelledby="title">',
        '<title id="title">Seconds an import takes against its rows, for this product and what it is measured against'
        f"</title><style>{STYLE}</style>",
        f'<rect class="sheet" width="{WIDTH}" height="{HEIGHT}" rx="10"/>',
        f'<text class="ink title" x="{LEFT - 40}" y="32">Seconds an import takes, by its rows</text>',
        *_grid(axes),
        *(_line(curve, axes) for curve in drawn),
        *_names(drawn, axes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Axes:
    """Whole powers of ten around all points."""

    left: int
    right: int
    bottom: int
    top: int

    @classmethod
    def around(cls, points: Points) -> "Axes":
        rows, seconds = [math.log10(x) for x, _ in points], [math.log10(y) for _, y in points]
        left, bottom = math.floor(min(rows)), math.floor(min(seconds))
        return cls(left, max(left + 1, math.ceil(max(rows))), bottom, max(bottom + 1, math.ceil(max(seconds))))

    def x(self, rows: float) -> float:
        share = (math.log10(rows) - self.left) / (self.right - self.left)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        share = (math.log10(seconds) - self.bottom) / (self.top - self.bottom)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _points(samples: Samples, folder: str) -> Points:
    found = [name.partition("/")[0] for name in samples.below(folder) if name.endswith("/seconds")]
    medians: Mapping[int, float | None] = {int(rows): samples.median(f"{folder}/{rows}/seconds") for rows in found}
    return [(rows, seconds) for rows, seconds in sorted(medians.items()) if seconds]


def _grid(axes: Axes) -> Iterator[str]:
    for power in range(axes.left, axes.right + 1):
        x = axes.x(10**power)
        yield f'<line class="rule" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>'
        yield f'<text class="ink-3" x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{_rows(power)}</text>'
    for power in range(axes.bottom, axes.top + 1):
        y = axes.y(10**power)
        yield f'<line class="rule" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
        yield f'<text class="ink-3" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
    yield f'<text class="ink-3" x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">rows of the file</text>'


def _rows(power: int) -> str:
    return f"{10**power:,}".replace(",", "\N{NO-BREAK SPACE}")


def _line(curve: Curve, axes: Axes) -> str:
    places = [(axes.x(rows), axes.y(seconds)) for rows, seconds in curve.points]
    thin = " thin" if curve.thin else ""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    return f'<g class="{curve.colour}"><polyline class="line{thin}" points="{line}"/>{dots}</g>'


def _names(drawn: Sequence[Curve], axes: Axes) -> Iterator[str]:
    """Each name at the height its line ends at, moved down where two would touch."""
    wanted = sorted(((axes.y(curve.points[-1][1]), curve) for curve in drawn), key=lambda pair: pair[0])
    lowest = -math.inf
    left = WIDTH - RIGHT + 14
    for y, curve in wanted:
        lowest = max(y, lowest + LABEL_GAP)
        thin = " thin" if curve.thin else ""
        yield (
            f'<g class="{curve.colour}"><path class="line{thin}" d="M{left} {lowest:.1f}h24"/>'
            f'<text class="name" x="{left + 32}" y="{lowest + 4:.1f}">{escape(curve.name)}</text></g>'
        )
