"""The loss curve as text, for the end of a training without a screen."""

from __future__ import annotations

import numpy as np
import plotext

from ..core.training.history import CURVES, Curves

MAX_WIDTH = 100
HEIGHT = 16
_COLOURS = {"train": "blue+", "test": "orange+"}
_MARKERS = {"train": "*", "test": "o"}
_FINE_MARKER = "braille"
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
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(min(width, MAX_WIDTH), HEIGHT)
    drawn = [_add_curve(curves, name, ascii=ascii or not colour) for name in ("train", "test")]
    if not any(drawn):
        return ""
    plotext.yscale("log")
    plotext.title("loss")
    plotext.xlabel("epoch")
    text = str(plotext.build())
    text = text if colour else plotext.uncolorize(text)
    return text.translate(_PLAIN_FRAME) if ascii else text


def _add_curve(curves: Curves, name: str, *, ascii: bool) -> bool:
    """Adds a curve unless it has fewer than two points."""
    loss = curves.mean[:, CURVES.index(f"{name}_loss")]
    # plotext 5.3.2 raises on an infinity, and on a log axis on 0.
    fit = np.isfinite(loss) & (loss > 0.0)
    if np.count_nonzero(fit) < 2:
        return False
    plotext.plot(
        curves.epochs[fit].tolist(),
        loss[fit].tolist(),
        label=name,
        color=_COLOURS[name],
        marker=_MARKERS[name] if ascii else _FINE_MARKER,
    )
    return True
