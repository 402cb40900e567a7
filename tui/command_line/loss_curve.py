"""The loss curve as text, for the end of a training without a screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotext

from ...core.training.history import CURVES, Curves
from ...datasets import FloatArray
from ..drawing.axes import log_axis
from ..drawing.plotext_figure import ASCII_FRAME, BRAILLE, new_figure

MAX_WIDTH = 100
MIN_WIDTH = 40
HEIGHT = 16
_COLOURS = {"train": "blue+", "test": "orange+"}
_MARKERS = {"train": "*", "test": "o"}


def loss_curve(curves: Curves, *, width: int, colour: bool, ascii: bool) -> str:
    """Draws train and test loss over the epochs, on a log axis.

    Args:
        curves: The history.
        width: Characters of a line; kept between `MIN_WIDTH` and `MAX_WIDTH`.
        colour: Whether to colour it by escape sequences.
        ascii: Whether to use only plain characters.

    Returns:
        Lines; empty if no curve has two points above 0.
    """
    fits = {name: _drawable(curves, name) for name in _MARKERS}
    drawn = [losses for _, losses in fits.values() if len(losses) > 1]
    if not drawn:
        return ""
    figure = new_figure(max(MIN_WIDTH, min(width, MAX_WIDTH)), HEIGHT)
    for name, (epochs, losses) in fits.items():
        if len(losses) > 1:
            marker = BRAILLE if colour and not ascii else _MARKERS[name]
            figure.plot(
                epochs.tolist(), losses.tolist(), label=name, color=_COLOURS[name], marker=marker
            )
    _label_axes(figure, min(map(np.min, drawn)), max(map(np.max, drawn)))
    text = str(figure.build())
    text = text if colour else _without_trailing_blanks(plotext.uncolorize(text))
    return text.translate(ASCII_FRAME) if ascii else text


def _drawable(curves: Curves, name: str) -> tuple[FloatArray, FloatArray]:
    """Epochs of a curve and the logarithms of its losses, where these are above 0."""
    losses = curves.mean[:, CURVES.index(f"{name}_loss")]
    fit = np.isfinite(losses) & (losses > 0.0)
    return curves.epochs[fit], np.log10(losses[fit])


def _label_axes(figure: Any, low: float, high: float) -> None:
    """Labels the axes; low and high are the ends of the data, as logarithms."""
    axis = log_axis(low, high)
    figure.ylim(axis.low, axis.high)
    figure.yticks(axis.ticks, axis.labels)
    figure.title("loss")
    figure.xlabel("epoch")


def _without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())
