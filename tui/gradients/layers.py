"""The layers view of the gradients pane: what reaches each layer, and what it puts out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...core import Snapshot
from ...core.autograd.numerics import FloatArray
from ...core.diagnosis.case import VANISHING_SHARE
from ...core.diagnosis.causes import DEAD_SHARE, SATURATED_SHARE
from ...core.diagnosis.diagnosis import NO_VERDICT, OK, diagnose
from ...core.diagnosis.layers import LayerHealth
from ..drawing.bars import FROM_LEFT, sparkline
from ..drawing.numbers import loss_text, percent, ratio_text, signed
from ..key_words import with_keys
from ..widgets.line_view import LineView
from ..widgets.row_styles import RowStyles
from .view import GradientMemory, GradientsView

EMPTY: Final = "Press s{train.step} for a step: then each layer has a gradient."
NAME: Final = 8
GRADIENT: Final = 8
RATIO: Final = 5
VERDICT: Final = 11
MOMENT: Final = 8
SHARE: Final = 6
LEAST_BAR: Final = 6
UPDATE: Final = ("update/weight", "update/w")
SATURATED: Final = "saturated"
# Karpathy, "makemore" lecture 4.
USUAL_UPDATE: Final = 1e-3
# From these widths on a whole title fits above its numbers, beside the ends of the bars' scale.
ROOM_FOR_SHORT_TITLE: Final = 70
ROOM_FOR_TITLE: Final = 76
# A trend of less than a power of ten is drawn as small as it is.
LEAST_SPAN: Final = 1.0
TICK: Final = "┊"
ASCII_TICK: Final = ":"
_EIGHTHS: Final = 8
_ROUNDING: Final = 1e-9

Row = list[Segment]


class GradientsLayers(LineView, GradientsView):
    """Each layer's gradient and update on a log scale, now and before, and its outputs."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="How much gradient reaches each layer; update/weight: how far the last step "
            "moved its weights, relative to their size; and whether its units still respond. "
            "Spread is the standard deviation, saturated the share of outputs on the flat ends of "
            "the activation. Try sigmoid in four layers and watch the first.",
        )
        self._picture: LayerPicture | None = None

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        diagnosis = memory.diagnosis or diagnose(snapshot)
        layers = diagnose(snapshot).layers
        self._picture = LayerPicture(layers, diagnosis.layer_words, memory.layer_gradients)
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        if self._picture is None:
            return self.sentence(with_keys(EMPTY))
        ink = LayerInk(self.styles_of_rows, self.title_style, self.ascii)
        return [Strip(row) for row in layer_lines(self._picture, width, ink)]


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """What is drawn.

    Attributes:
        layers: The layers, the output last.
        words: A verdict on each.
        past: Past gradients, each of shape (layers,), the oldest first.
    """

    layers: tuple[LayerHealth, ...]
    words: tuple[str, ...]
    past: Sequence[FloatArray]

    @property
    def vanishing(self) -> float:
        """Below this hardly anything of the output's gradient reaches a layer."""
        return self.layers[-1].gradient * VANISHING_SHARE


@dataclass(frozen=True)
class LayerInk:
    """How it is drawn: the rows' styles, the titles' style, and whether in ASCII alone."""

    styles: RowStyles
    title: Style
    ascii: bool = False


def layer_lines(picture: LayerPicture, width: int, ink: LayerInk) -> list[Row]:
    """All the lines: gradients and updates, then outputs, then what the ticks mean."""
    return [
        *_gradient_block(picture, width, ink),
        [],
        *_output_block(picture, width, ink),
        [],
        *_legend(picture, width, ink),
    ]


def _gradient_block(picture: LayerPicture, width: int, ink: LayerInk) -> list[Row]:
    ratio = RATIO
    if width >= ROOM_FOR_SHORT_TITLE:
        ratio = len(UPDATE[width < ROOM_FOR_TITLE])
    room = width - NAME - GRADIENT - ratio - VERDICT - 6
    past, first, second = max(0, room // 5), (room - room // 5) // 2, 0
    if first >= LEAST_BAR:
        second = room - past - first
    else:
        # Without their bars the numbers and the verdicts are whole.
        past, first, ratio = 0, 0, len(UPDATE[-1])
    past_title = f"last {past}"
    title = (
        f"{'layer':{NAME}} {_title(['gradient'], GRADIENT, GRADIENT_SCALE, first)} "
        f"{past_title if len(past_title) <= past else '':{past}} "
        f"{_title(UPDATE, ratio, RATIO_SCALE, second)} {'verdict':{VERDICT}}"
    )
    rows: list[Row] = [[Segment(title, ink.title)]]
    styles = ink.styles
    gradient_ticks, ratio_ticks = (picture.vanishing,), (USUAL_UPDATE,)
    for number, layer in enumerate(picture.layers):
        word = picture.words[number]
        trend = _trend([float(moment[number]) for moment in picture.past[-past:]] if past else [])
        rows.append(
            [
                Segment(f"{layer.name[:NAME]:{NAME}} ", styles.plain),
                Segment(f"{loss_text(layer.gradient, GRADIENT)} ", styles.plain),
                *scale_bar(layer.gradient, GRADIENT_SCALE, first, ink, gradient_ticks),
                Segment(f" {sparkline(trend, past, ascii=ink.ascii)} ", styles.line),
                Segment(f"{ratio_text(layer.update_ratio, ratio)} ", styles.plain),
                *scale_bar(layer.update_ratio, RATIO_SCALE, second, ink, ratio_ticks),
                Segment(f" {word:{VERDICT}}", _style_of(word, styles)),
            ]
        )
    return rows


def _style_of(word: str, styles: RowStyles) -> Style:
    if word == NO_VERDICT:
        return styles.quiet
    return styles.healthy if word == OK else styles.warning


def _trend(values: list[float]) -> list[float]:
    """Magnitudes as heights above the least one, by powers of ten."""
    logs = [math.log10(v) if v > 0.0 and math.isfinite(v) else math.nan for v in values]
    known = [log for log in logs if not math.isnan(log)]
    if not known:
        return []
    top = max(max(known), min(known) + LEAST_SPAN)
    return [log - top + max(top - min(known), LEAST_SPAN) for log in logs]


def _output_block(picture: LayerPicture, width: int, ink: LayerInk) -> list[Row]:
    moment, flat = MOMENT, len(SATURATED)
    bar = (width - NAME - 2 * moment - SHARE - flat - 7) // 2
    if bar < LEAST_BAR:
        moment, bar = moment - 1, 0
    gap = " " if bar else ""
    title = (
        f"{'outputs':{NAME}} {'mean':>{moment}} {'spread':>{moment}} "
        f"{_title(['dead'], SHARE, SHARE_SCALE, bar, '{:.0%}')}{gap}"
        f"{_title([SATURATED], flat, SHARE_SCALE, bar, '{:.0%}')}"
    )
    rows: list[Row] = [[Segment(title, ink.title)]]
    plain = ink.styles.plain
    for layer in picture.layers:
        activity = layer.activity
        rows.append(
            [
                Segment(f"{layer.name[:NAME]:{NAME}} ", plain),
                Segment(f"{signed(activity.mean, moment)} ", plain),
                Segment(f"{loss_text(activity.spread, moment)} ", plain),
                Segment(f"{percent(activity.dead, SHARE)}{gap}", plain),
                *scale_bar(activity.dead, SHARE_SCALE, bar, ink, (DEAD_SHARE,)),
                Segment(f" {percent(activity.saturated, flat)} ", plain),
                *scale_bar(activity.saturated, SHARE_SCALE, bar, ink, (SATURATED_SHARE,)),
            ]
        )
    return rows


def _title(
    names: Sequence[str], width: int, scale: BarScale, bar: int, form: str = "{:.0e}"
) -> str:
    """The first name that fits, above a number and its bar.

    Args:
        names: What the number is called, the longest name first.
        width: Cells of the number.
        scale: What the bar's length means.
        bar: Cells of the bar; without room for the ends of its scale the name may have them.
        form: How the ends are written.
    """
    ends = scale_title(scale, bar, form)
    room = width if ends.strip() else width + 1 + bar
    name = next((name for name in names if len(name) <= room), names[-1][:room])
    return f"{name:>{width}} {ends}"[: width + 1 + bar].ljust(width + 1 + bar)


def _legend(picture: LayerPicture, width: int, ink: LayerInk) -> list[Row]:
    tick = ASCII_TICK if ink.ascii else TICK
    vanishing = ratio_text(picture.vanishing, RATIO).strip()
    lines = (
        f"{vanishing} is {VANISHING_SHARE:g} of the output's gradient; "
        f"an update of {USUAL_UPDATE:g} is usual",
        f"{100 * DEAD_SHARE:.0f} % dead relus or {100 * SATURATED_SHARE:.0f} % saturated outputs "
        "are many",
        "a verdict is given where the loss does not fall as it could",
    )
    quiet = ink.styles.quiet
    return [
        [Segment(f"{' ' if number else tick} {part}", quiet)]
        for line in lines
        for number, part in enumerate(wrap(line, max(width - 2, 1)))
    ]


# --- Bars on a scale -----------------------------------------------------------------------------


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


def scale_bar(
    value: float, scale: BarScale, width: int, ink: LayerInk, ticks: Sequence[float] = ()
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
    segments = Segment(text, ink.styles.positive), Segment("".join(rest), ink.styles.line)
    return [segment for segment in segments if segment.text]


def scale_title(scale: BarScale, width: int, form: str = "{:.0e}") -> str:
    """The ends of a scale above its bars, in exactly `width` cells; blank without room for both."""
    low, high = form.format(scale.low), form.format(scale.high)
    room = width - len(low) - len(high)
    return f"{low}{' ' * room}{high}" if room > 0 else " " * width
