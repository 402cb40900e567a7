"""The loss curve as text, for the end of a training without a screen."""

from __future__ import annotations

import numpy as np
import plotext

from ..core.training.history import CURVES, Curves
from ..datasets import FloatArray

MAX_WIDTH = 100
HEIGHT = 16
_COLOURS = {"train": "blue+", "test": "orange+"}
_MARKERS = {"train": "*", "test": "o"}
_FINE_MARKER = "braille"
_Y_TICKS = 6
# Beyond these plotext 5.3.2 cannot draw a log axis, and no one learns from a curve.
_SMALLEST, _LARGEST = 1e-30, 1e30
_PLAIN_FRAME = str.maketrans("─│┌┐└┘├┤┬┴┼", "-|+++++++++")


def loss_curve(curves: Curves, *, width: int, colour: bool, ascii: bool) -> str:
    """Draws train and test loss over the epochs, on a log axis.

    Args:
        curves: The history.
        width: Characters there are; no more than `MAX_WIDTH` are used.
        colour: Whether to colour it by escape sequences.
        ascii: Whether to use plain characters alone.

    Returns:
        Lines; empty if no curve has two points above 0.
    """
    fits = {name: _drawable(curves, name) for name in _MARKERS}
    drawn = [losses for _, losses in fits.values() if len(losses) > 1]
    if not drawn:
        return ""
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(min(width, MAX_WIDTH), HEIGHT)
    for name, (epochs, losses) in fits.items():
        if len(losses) > 1:
            marker = _FINE_MARKER if colour and not ascii else _MARKERS[name]
            plotext.plot(
                epochs.tolist(), losses.tolist(), label=name, color=_COLOURS[name], marker=marker
            )
    _label_axes(min(map(np.min, drawn)), max(map(np.max, drawn)))
    text = str(plotext.build())
    text = text if colour else _without_trailing_blanks(plotext.uncolorize(text))
    return text.translate(_PLAIN_FRAME) if ascii else text


def _drawable(curves: Curves, name: str) -> tuple[FloatArray, FloatArray]:
    """Epochs and losses of a curve, without what has no place on a log axis."""
    losses = curves.mean[:, CURVES.index(f"{name}_loss")]
    fit = (losses >= _SMALLEST) & (losses <= _LARGEST)
    return curves.epochs[fit], losses[fit]


def _label_axes(low: float, high: float) -> None:
    # plotext itself writes 1e10 as 10000000000.0, and a flat curve's axis upside down.
    if low == high:
        low, high = low / 2.0, high * 2.0
    ticks = np.geomspace(low, high, _Y_TICKS).tolist()
    plotext.yscale("log")
    plotext.ylim(low, high)
    plotext.yticks(ticks, [f"{tick:.2g}" for tick in ticks])
    plotext.title("loss")
    plotext.xlabel("epoch")


def _without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())
