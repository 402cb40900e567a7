"""The layers' gradients, updates and outputs as lines of text with bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from ...core.diagnosis.layers import (
    DEAD_SHARE,
    EXPLODING_LAYER_GRADIENT,
    LARGE_UPDATE_RATIO,
    OK,
    SATURATED_LAYER_SHARE,
    SMALL_UPDATE_RATIO,
    VANISHING_LAYER_SHARE,
    LayerHealth,
)
from ..drawing.bars import sparkline
from ..drawing.numbers import loss_text, percent, ratio_text, signed
from .scale_bar import BarInk, BarScale, scale_bar, scale_title

GRADIENT_SCALE: Final = BarScale(1e-8, 1e4, is_logarithmic=True)
RATIO_SCALE: Final = BarScale(1e-6, 1.0, is_logarithmic=True)
SHARE_SCALE: Final = BarScale(0.0, 1.0)
NAME: Final = 8
GRADIENT: Final = 8
RATIO: Final = 5
VERDICT: Final = 11
MOMENT: Final = 8
SHARE: Final = 6
LEAST_BAR: Final = 6
# A trend of less than a power of ten is drawn as small as it is.
LEAST_SPAN: Final = 1.0


@dataclass(frozen=True)
class LayerInks:
    """The styles of the lines.

    Attributes:
        plain: Names.
        quiet: Numbers that need not be read at once, and the lines below.
        line: Ticks and what was.
        bar: Bars.
        title: Titles of columns.
        healthy: A layer that is ok.
        warning: One that is not.
    """

    plain: Style
    quiet: Style
    line: Style
    bar: Style
    title: Style
    healthy: Style
    warning: Style


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """What is drawn.

    Attributes:
        layers: The layers, the output last.
        words: A verdict on each; empty before the first step.
        past: Past gradients, each of shape (layers,), the oldest first.
    """

    layers: tuple[LayerHealth, ...]
    words: tuple[str, ...]
    past: Sequence[NDArray[np.float64]]

    @property
    def vanishing(self) -> float:
        """Below this a layer's gradient counts as vanishing."""
        return self.layers[-1].gradient * VANISHING_LAYER_SHARE


Row = list[Segment]


def layer_lines(picture: LayerPicture, width: int, inks: LayerInks, *, ascii: bool) -> list[Row]:
    """All the lines: gradients and updates, then outputs, then what the ticks mean."""
    return [
        *_gradient_block(picture, width, inks, ascii),
        [],
        *_output_block(picture, width, inks, ascii),
        [],
        *_legend(picture, inks, ascii),
    ]


def _gradient_block(picture: LayerPicture, width: int, inks: LayerInks, ascii: bool) -> list[Row]:
    room = width - NAME - GRADIENT - RATIO - VERDICT - 6
    past = max(0, room // 5)
    first = max(LEAST_BAR, (room - past) // 2)
    second = max(LEAST_BAR, room - past - first)
    past_title = f"last {past}"
    ratio_title = "d/w" if ascii else "Δ/w"
    title = (
        f"{'layer':{NAME}} {'gradient':>{GRADIENT}} {scale_title(GRADIENT_SCALE, first)} "
        f"{past_title if len(past_title) <= past else '':{past}} {ratio_title:>{RATIO}} "
        f"{scale_title(RATIO_SCALE, second)} {'verdict':{VERDICT}}"
    )
    rows: list[Row] = [[Segment(title, inks.title)]]
    ink = BarInk(inks.bar, inks.line, ascii)
    gradient_ticks = (picture.vanishing, EXPLODING_LAYER_GRADIENT)
    ratio_ticks = (SMALL_UPDATE_RATIO, LARGE_UPDATE_RATIO)
    for number, layer in enumerate(picture.layers):
        word = picture.words[number] if picture.words else ""
        trend = _trend([float(moment[number]) for moment in picture.past[-past:]] if past else [])
        rows.append(
            [
                Segment(f"{layer.name[:NAME]:{NAME}} ", inks.plain),
                Segment(f"{loss_text(layer.gradient, GRADIENT)} ", inks.plain),
                *scale_bar(layer.gradient, GRADIENT_SCALE, first, ink, gradient_ticks),
                Segment(f" {sparkline(trend, past, ascii=ascii)} ", inks.line),
                Segment(f"{ratio_text(layer.update_ratio, RATIO)} ", inks.plain),
                *scale_bar(layer.update_ratio, RATIO_SCALE, second, ink, ratio_ticks),
                Segment(f" {word:{VERDICT}}", inks.healthy if word == OK else inks.warning),
            ]
        )
    return rows


def _trend(values: list[float]) -> list[float]:
    """Magnitudes as heights above the least one, by powers of ten."""
    logs = [math.log10(v) if v > 0.0 and math.isfinite(v) else math.nan for v in values]
    known = [log for log in logs if not math.isnan(log)]
    if not known:
        return []
    top = max(max(known), min(known) + LEAST_SPAN)
    return [log - top + max(top - min(known), LEAST_SPAN) for log in logs]


def _output_block(picture: LayerPicture, width: int, inks: LayerInks, ascii: bool) -> list[Row]:
    bar = max(LEAST_BAR, (width - NAME - 2 * MOMENT - 2 * SHARE - 7) // 2)
    title = (
        f"{'outputs':{NAME}} {'mean':>{MOMENT}} {'spread':>{MOMENT}} "
        f"{'dead':>{SHARE}} {scale_title(SHARE_SCALE, bar, '{:.0%}')} "
        f"{'flat':>{SHARE}} {scale_title(SHARE_SCALE, bar, '{:.0%}')}"
    )
    rows: list[Row] = [[Segment(title, inks.title)]]
    ink = BarInk(inks.bar, inks.line, ascii)
    for layer in picture.layers:
        activity = layer.activity
        rows.append(
            [
                Segment(f"{layer.name[:NAME]:{NAME}} ", inks.plain),
                Segment(f"{signed(activity.mean, MOMENT)} ", inks.plain),
                Segment(f"{loss_text(activity.spread, MOMENT)} ", inks.plain),
                Segment(f"{percent(activity.dead, SHARE)} ", inks.plain),
                *scale_bar(activity.dead, SHARE_SCALE, bar, ink, (DEAD_SHARE,)),
                Segment(f" {percent(activity.saturated, SHARE)} ", inks.plain),
                *scale_bar(activity.saturated, SHARE_SCALE, bar, ink, (SATURATED_LAYER_SHARE,)),
            ]
        )
    return rows


def _legend(picture: LayerPicture, inks: LayerInks, ascii: bool) -> list[Row]:
    tick = ":" if ascii else "┊"
    vanishing = ratio_text(picture.vanishing, RATIO).strip()
    return [
        [
            Segment(
                f"{tick} a gradient below {vanishing} vanishes, above "
                f"{EXPLODING_LAYER_GRADIENT:g} explodes",
                inks.quiet,
            )
        ],
        [
            Segment(
                f"{tick} an update below {SMALL_UPDATE_RATIO:g} of the weights is too small, "
                f"above {LARGE_UPDATE_RATIO:g} too large",
                inks.quiet,
            )
        ],
        [
            Segment(
                f"{tick} {DEAD_SHARE:.0%} dead relus, or {SATURATED_LAYER_SHARE:.0%} flat "
                "(saturated) outputs, are too many",
                inks.quiet,
            )
        ],
    ]
