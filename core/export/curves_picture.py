"""SVG: the loss curves over the epochs, on a logarithmic axis."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from ..autograd.numerics import FloatArray
from ..training.history import CURVES, Points
from .trained import ExportError, TrainedRun

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 48, 48
"""Room for the labels around the plot."""
COLORS = {"train_loss": "#0877bd", "test_loss": "#c05f00"}
DASHES = {"train_loss": "", "test_loss": ' stroke-dasharray="6 3"'}
N_TICKS = 5

HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" \
height="{HEIGHT}" role="img" font-family="sans-serif" font-size="12">
<title>{{title}}</title>
<rect width="100%" height="100%" fill="white"/>
<text x="{LEFT}" y="20" font-size="14">{{title}}</text>
"""


def export(run: TrainedRun) -> str:
    """The picture; it has no script, no font of its own and loads nothing.

    Raises:
        ExportError: If no curve has two losses above 0.
    """
    points = run.points
    curves = {name: _drawable(points, name) for name in COLORS}
    curves = {name: points for name, points in curves.items() if len(points) > 1}
    if not curves:
        raise ExportError("This run has no loss curve yet: train it for two epochs.")
    every = np.concatenate(list(curves.values()))
    frame = _Frame(every.min(axis=0), every.max(axis=0))
    sizes = "-".join(map(str, run.setup.sizes))
    title = escape(f"Loss of {sizes} on {run.dataset.name}", quote=True)
    return "".join(
        [
            HEAD.format(title="".join(c if c.isprintable() else "?" for c in title)),
            *frame.axes(),
            *(frame.curve(name, points) for name, points in curves.items()),
            *(_legend(place, name) for place, name in enumerate(curves)),
            "</svg>\n",
        ]
    )


def _drawable(points: Points, name: str) -> FloatArray:
    """Epochs and logarithms of losses, shape (points, 2), where those exist."""
    losses = points.mean[:, CURVES.index(name)]
    fit = np.isfinite(losses) & (losses > 0.0)
    return np.column_stack([points.epochs[fit], np.log10(losses[fit])])


class _Frame:
    """Where epochs and logarithms of losses are in the picture."""

    def __init__(self, low: FloatArray, high: FloatArray) -> None:
        margin = max(0.05 * float(high[1] - low[1]), 0.01)
        self._low = float(low[0]), float(low[1]) - margin
        self._high = float(high[0]), float(high[1]) + margin

    def _x(self, epoch: float) -> float:
        share = (epoch - self._low[0]) / (self._high[0] - self._low[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def _y(self, log: float) -> float:
        share = (log - self._low[1]) / (self._high[1] - self._low[1])
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def axes(self) -> list[str]:
        """Ticks with their labels, lines across, and what the axes are."""
        lines = []
        for log in _log_ticks(self._low[1], self._high[1]):
            y = self._y(log)
            lines.append(
                f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**log:.3g}</text>\n'
            )
        for epoch in _round_ticks(self._low[0], self._high[0]):
            lines.append(
                f'<text x="{self._x(epoch):.1f}" y="{HEIGHT - BOTTOM + 18}" '
                f'text-anchor="middle">{epoch:g}</text>\n'
            )
        bottom = HEIGHT - BOTTOM
        lines.append(
            f'<path d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="#333"/>\n'
        )
        lines.append(
            f'<text x="{WIDTH // 2}" y="{HEIGHT - 10}" text-anchor="middle">epoch</text>\n'
        )
        return lines

    def curve(self, name: str, points: FloatArray) -> str:
        """One line."""
        places = " ".join(f"{self._x(x):.2f},{self._y(y):.2f}" for x, y in points.tolist())
        stroke = f'stroke="{COLORS[name]}" stroke-width="1.5"{DASHES[name]}'
        return f'<polyline points="{places}" fill="none" {stroke}/>\n'


def _log_ticks(low: float, high: float) -> list[float]:
    """Logarithms of 1, 2 and 5 times powers of ten; of the powers alone where these are many."""
    for leading in ((1,), (1, 2, 5)):
        powers = range(math.floor(low), math.ceil(high) + 1)
        logs = [power + math.log10(digit) for power in powers for digit in leading]
        ticks = [log for log in logs if low <= log <= high]
        if len(ticks) > 2:
            return ticks
    return [low + (high - low) * share / (N_TICKS - 1) for share in range(N_TICKS)]


def _round_ticks(low: float, high: float) -> list[float]:
    step = 10.0 ** math.floor(math.log10(high - low))
    step *= next(
        by for by in (2.0, 1.0, 0.5, 0.2, 0.1) if (high - low) / (step * by) >= N_TICKS - 1
    )
    ticks = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
    return ticks.tolist()  # type: ignore[no-any-return]


def _legend(place: int, name: str) -> str:
    x = WIDTH - RIGHT - 200 + 100 * place
    stroke = f'stroke="{COLORS[name]}" stroke-width="2"{DASHES[name]}'
    return (
        f'<path d="M{x} 36h24" {stroke}/>'
        f'<text x="{x + 30}" y="40">{name.replace("_", " ")}</text>\n'
    )
