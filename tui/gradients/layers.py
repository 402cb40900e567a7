"""The layers view of the gradients pane: what reaches each layer, and what it puts out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...core import Snapshot
from ...core.diagnosis.layers import OK, layer_verdicts
from ...core.diagnosis.network import (
    DEAD_SHARE,
    EXPLODING_LAYER_GRADIENT,
    LARGE_UPDATE_RATIO,
    SATURATED_LAYER_SHARE,
    SMALL_UPDATE_RATIO,
    VANISHING_LAYER_SHARE,
    LayerHealth,
    layer_health,
)
from ..drawing.bars import FROM_LEFT, sparkline
from ..drawing.numbers import loss_text, percent, ratio_text, signed
from ..selection import Selection
from ..widgets.line_view import LineView
from .memory import GradientMemory

EMPTY: Final = "Press s for a step: then each layer has a gradient."


class GradientsLayers(LineView):
    """Each layer's gradient and update on a log scale, now and before, and its outputs."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="How much gradient reaches each layer, how far its weights move, and whether "
            "its neurons still answer. Try sigmoid in four layers, and look at the first.",
        )
        self._picture: LayerPicture | None = None

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """See `GradientsView`."""
        layers = layer_health(snapshot)
        words = layer_verdicts(layers) if snapshot.step else ()
        self._picture = LayerPicture(layers, words, memory.layer_gradients)
        self.redraw()

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """See `GradientsView`; a layer is not selected."""

    def focus_first(self) -> None:
        """See `GradientsView`."""
        self.focus()

    def draw(self, width: int, height: int) -> list[Strip]:
        """See `LineView`."""
        if self._picture is None:
            return self.sentence(EMPTY)
        rows = layer_lines(self._picture, width, self._inks(), ascii=self.ascii)
        return [Strip(row) for row in rows]

    def _inks(self) -> LayerInks:
        styles = self.styles_of_rows
        return LayerInks(
            plain=styles.plain,
            quiet=styles.quiet,
            line=styles.line,
            bar=styles.plain + Style(color=styles.positive.color),
            title=self.title_style,
            healthy=styles.healthy,
            warning=styles.warning,
        )


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


TICK: Final = "┊"
ASCII_TICK: Final = ":"
_EIGHTHS: Final = 8
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class BarScale:
    """What the length of a bar means.

    Attributes:
        low: What has no bar.
        high: What has a full one.
        is_logarithmic: Whether equal lengths are equal factors; then `low` is above 0.
    """

    low: float
    high: float
    is_logarithmic: bool = False

    def share(self, value: float) -> float:
        """How much of a full bar a value has, 0 to 1; nan and infinity have all of it."""
        if not math.isfinite(value):
            return 1.0
        if not self.is_logarithmic:
            return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        if value <= self.low:
            return 0.0
        return min(math.log(value / self.low) / math.log(self.high / self.low), 1.0)

    def cell(self, value: float, width: int) -> int:
        """The cell of a bar in which a value lies."""
        return min(int(self.share(value) * width + _ROUNDING), width - 1)


GRADIENT_SCALE: Final = BarScale(1e-8, 1e4, is_logarithmic=True)
RATIO_SCALE: Final = BarScale(1e-6, 1.0, is_logarithmic=True)
SHARE_SCALE: Final = BarScale(0.0, 1.0)


@dataclass(frozen=True)
class BarInk:
    """How bars are drawn.

    Attributes:
        bar: The bar's style.
        line: The ticks' style.
        ascii: Use ASCII characters alone.
    """

    bar: Style
    line: Style
    ascii: bool = False


def scale_bar(
    value: float, scale: BarScale, width: int, ink: BarInk, ticks: Sequence[float] = ()
) -> list[Segment]:
    """A bar from the left, with ticks where it does not cover them.

    Args:
        value: What is shown.
        scale: What its length means.
        width: Cells to fill.
        ink: How it is drawn.
        ticks: Values that are marked; those beyond the scale are left out.

    Returns:
        Segments of exactly `width` cells together.
    """
    eighths = round(scale.share(value) * width * _EIGHTHS)
    whole, part = divmod(eighths, _EIGHTHS)
    if ink.ascii:
        text = "=" * (whole + (part >= _EIGHTHS // 2))
    else:
        text = FROM_LEFT[_EIGHTHS] * whole + (FROM_LEFT[part] if part else "")
    rest = list(" " * (width - len(text)))
    for tick in ticks:
        place = scale.cell(tick, width) - len(text)
        if scale.low < tick < scale.high and place >= 0:
            rest[place] = ASCII_TICK if ink.ascii else TICK
    return [s for s in (Segment(text, ink.bar), Segment("".join(rest), ink.line)) if s.text]


def scale_title(scale: BarScale, width: int, form: str = "{:.0e}") -> str:
    """The ends of a scale as text, to stand above its bars.

    Args:
        scale: What is written.
        width: Cells to fill; nothing where there is no room.
        form: How a number is written.
    """
    low, high = form.format(scale.low), form.format(scale.high)
    room = width - len(low) - len(high)
    return f"{low}{' ' * room}{high}" if room > 0 else " " * width
