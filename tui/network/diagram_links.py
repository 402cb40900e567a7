"""The links of a network diagram: which are drawn, how strong, and which wins a shared cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...core.autograd.numerics import FloatArray
from ..drawing.braille import BRAILLE, CURVE_CELL, DOTS_DOWN, STROKES, CurveCells, curve_cells
from ..drawing.canvas import Canvas
from ..selection import Bias, Link, Part, Unit
from .diagram_data import CUT_MARK, FROZEN_MARK, DiagramData
from .diagram_layout import IMAGE_LINKS, PIXEL_DOTS, Column, DiagramLayout
from .diagram_styles import LINK, STRONG, Ink, signed_level

FAINTEST: Final = 0.14
"""The brightness of the weakest links, and of those that are not selected: 0 to 1."""
WEAK: Final = 0.03
"""Below this share of the largest weight of their layer links are equally faint."""
THICK: Final = 0.8
"""From this strength on links are bold and two dots thick."""
MARK_PLACE: Final = 0.4
"""Where on a link its mark is: not in the middle, where links cross."""
STAYS: Final = 0.08
"""By how much stronger than a drawn link another must be to replace it: without this weak links
would flicker, and each new one costs time."""
_POINTED: Final = 0.4
_PATTERNS: Final = 256
_SIGN_PERIOD: Final = 4
_MARGIN_DOTS: Final = 4


@dataclass(frozen=True, eq=False)
class LinkLook:
    """How all links of a network look, in the order of their layers, sources and targets.

    Attributes:
        strength: Square root of the weight's part of its layer's largest, 0 to 1.
        negative: Whether the weight is below zero.
        raised: Whether the link is selected, or belongs to a selected unit.
        dimmed: Whether the link is faint because of those that are raised.
        chosen: The selected link, -1 for none.
        frozen: The places of frozen links.
        cut: For each of `frozen`, whether its weight is 0.
    """

    strength: FloatArray
    negative: NDArray[np.bool_]
    raised: NDArray[np.bool_]
    dimmed: NDArray[np.bool_]
    chosen: int
    frozen: NDArray[np.intp]
    cut: NDArray[np.bool_]

    @property
    def priority(self) -> FloatArray:
        """Links with the highest are drawn, and win shared cells."""
        order = self.strength + 2.0 * self.raised
        if self.chosen >= 0:
            order[self.chosen] += 2.0
        return order

    def brightness(self) -> FloatArray:
        """How bright each link is drawn, 0 to 1."""
        bright = FAINTEST + (1.0 - FAINTEST) * self.strength
        faint = (self.strength**2 < WEAK) & ~self.raised
        return np.where(self.dimmed | faint, FAINTEST, bright)


def strengths(values: FloatArray, limit: float) -> FloatArray:
    """How strong weights look, from 0 to 1: 1 from a limit on, and if infinite.

    The square root keeps small weights visible next to large ones.
    """
    magnitudes = np.abs(values)
    magnitudes[np.isnan(magnitudes)] = 0.0
    shares = np.minimum(magnitudes / limit, 1.0) if limit > 0 else np.sign(magnitudes)
    return np.asarray(np.sqrt(shares))


def link_look(data: DiagramData, selected: Part | None) -> LinkLook:
    """How the links of a network look when a part is selected."""
    flat = np.concatenate([weight.ravel() for weight in data.weights])
    strength = np.concatenate(
        [
            strengths(weight.ravel(), limit)
            for weight, limit in zip(data.weights, data.limits, strict=True)
        ]
    )
    raised, chosen = np.zeros(len(flat), dtype=bool), -1
    match selected:
        case Unit():
            raised = _links_of(data, selected)
        case Link():
            chosen = link_number(data.sizes, selected)
            raised[chosen] = True
        case Bias() | None:
            pass
    dimmed = np.full(len(flat), selected is not None) & ~raised
    frozen = _frozen_links(data)
    return LinkLook(strength, flat < 0, raised, dimmed, chosen, frozen, flat[frozen] == 0.0)


def _frozen_links(data: DiagramData) -> NDArray[np.intp]:
    if not data.frozen:
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(np.concatenate([frozen[:-1].ravel() for frozen in data.frozen]))


def link_number(sizes: Sequence[int], link: Link) -> int:
    """The place of a link among all of the network."""
    return _offsets(sizes)[link.layer] + link.source * sizes[link.layer + 1] + link.target


def link_of_number(sizes: Sequence[int], number: int) -> Link:
    """The link at a place among all of the network."""
    offsets = _offsets(sizes)
    layer = int(np.searchsorted(offsets, number, side="right")) - 1
    return Link(layer, *divmod(number - offsets[layer], sizes[layer + 1]))


class LinkPicture:
    """The links of one layout, rasterised once and then only coloured."""

    def __init__(self, layout: DiagramLayout) -> None:
        self.layout = layout
        self._sizes = tuple(column.units for column in layout.columns)
        self._numbers = {
            layer: np.arange(start, end).reshape(source.units, -1)[source.visible, target.visible]
            for layer, ((source, target), (start, end)) in enumerate(
                zip(pairwise(layout.columns), pairwise(_offsets(self._sizes)), strict=True)
            )
            if source.shown and target.shown
        }
        """The links between units that are shown, for each layer that has any."""
        self._all = np.concatenate(
            [np.zeros(0, dtype=np.intp), *(numbers.ravel() for numbers in self._numbers.values())]
        )
        self._drawn: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._entries = np.zeros(0, CURVE_CELL)
        self._firsts: NDArray[np.intp] = np.zeros(0, dtype=np.intp)

    def paint(self, canvas: Canvas, look: LinkLook, *, ascii: bool) -> NDArray[np.intp]:
        """Draw the links with the highest priority, as many as the layout allows.

        A drawn link is only replaced by one that is clearly stronger. Of the links that share a
        cell only the one with the highest priority shows: with the dots of all of them no link
        could be followed.

        Args:
            canvas: An empty canvas of the layout's size.
            look: How the links look.
            ascii: Whether to draw strokes and signs instead of braille.

        Returns:
            For each cell of the canvas the link it shows, -1 for none.
        """
        owners = np.full(canvas.glyphs.size, -1, dtype=np.intp)
        priority = look.priority
        staying = priority.copy()
        staying[self._drawn] += STAYS
        self._rasterise(self._wanted(staying))
        if not len(self._firsts):
            return owners.reshape(canvas.glyphs.shape)
        ranking = self._drawn[np.argsort(priority[self._drawn], kind="stable")]
        rank = np.zeros(len(priority), dtype=np.intp)
        rank[ranking] = np.arange(1, len(ranking) + 1)
        entries, thick = self._entries, (look.strength >= THICK) & ~look.dimmed
        bits = np.where(thick[entries["curve"]], entries["thick"], entries["thin"])
        bits = self._dotted(bits, look)
        # Rank and dots in one number: the largest of a cell is its winner with its dots.
        ranked = np.where(bits > 0, rank[entries["curve"]] * _PATTERNS + bits, 0)
        best, dots = np.divmod(np.maximum.reduceat(ranked, self._firsts), _PATTERNS)
        seen = best > 0
        cells, dots = entries["cell"][self._firsts][seen], dots[seen].astype(np.uint32)
        winner = ranking[best[seen] - 1]
        owners[cells] = winner
        levels = signed_level(look.brightness()[winner], look.negative[winner])
        keys = levels + np.where(thick[winner], STRONG, LINK)
        canvas.keys.ravel()[cells] = np.where(winner == look.chosen, Ink.CHOSEN, keys)
        glyphs = self._strokes(look, cells, winner, dots) if ascii else BRAILLE + dots
        canvas.glyphs.ravel()[cells] = glyphs
        if look.frozen.size:
            self._mark_frozen(canvas, owners, look)
        return owners.reshape(canvas.glyphs.shape)

    def _wanted(self, priority: FloatArray) -> NDArray[np.intp]:
        """The links with the highest priority among the units shown, in their order."""
        shown = self._all
        if 0 in self._numbers and self.layout.columns[0].side:
            first = self._numbers[0]
            order = np.argsort(-priority[first], axis=0, kind="stable")[:IMAGE_LINKS]
            strongest = np.sort(np.take_along_axis(first, order, axis=0), axis=None)
            shown = np.concatenate([strongest, shown[first.size :]])
        if len(shown) <= self.layout.max_links:
            return shown
        return shown[_highest(priority[shown], self.layout.max_links)]

    def _dotted(self, bits: NDArray[np.uint8], look: LinkLook) -> NDArray[np.uint8]:
        """The dots without every other cell of cut links."""
        if not look.cut.any():
            return bits
        row, column = np.divmod(self._entries["cell"], self.layout.width)
        is_cut = np.zeros(len(look.strength), dtype=bool)
        is_cut[look.frozen[look.cut]] = True
        gap = is_cut[self._entries["curve"]] & ((row + column) % 2 == 1)
        return np.where(gap, np.uint8(0), bits)

    def _mark_frozen(self, canvas: Canvas, owners: NDArray[np.intp], look: LinkLook) -> None:
        """Mark each frozen link, and differently each cut one."""
        drawn = np.isin(look.frozen, self._drawn)
        numbers, cut = look.frozen[drawn], look.cut[drawn]
        for layer, (start, end) in enumerate(pairwise(_offsets(self._sizes))):
            here = (numbers >= start) & (numbers < end)
            if not here.any():
                continue
            starts, ends = self._heights(layer, numbers[here])
            left, right = self.layout.columns[layer].right, self.layout.columns[layer + 1].left
            column = left + int(MARK_PLACE * (right - left))
            rise = MARK_PLACE * MARK_PLACE * (3 - 2 * MARK_PLACE)
            rows = np.rint(starts + (ends - starts) * rise).astype(np.intp) // DOTS_DOWN
            cells = rows * self.layout.width + column
            canvas.glyphs.ravel()[cells] = np.where(cut[here], ord(CUT_MARK), ord(FROZEN_MARK))
            chosen = numbers[here] == look.chosen
            canvas.keys.ravel()[cells] = np.where(chosen, Ink.CHOSEN, Ink.MARK)
            owners[cells] = numbers[here]

    def _strokes(
        self,
        look: LinkLook,
        cells: NDArray[np.intp],
        winner: NDArray[np.intp],
        dots: NDArray[np.uint32],
    ) -> NDArray[np.uint32]:
        """Strokes with a sign every few cells; dots for weak links."""
        row, column = np.divmod(cells, self.layout.width)
        strength = look.brightness()[winner]
        strokes = np.where(strength < _POINTED, ord("."), STROKES[dots])
        signs = np.where(look.negative[winner], ord("-"), ord("+"))
        # Twice the row keeps signs apart along slopes both ways.
        has_sign = ((column + 2 * row) % _SIGN_PERIOD == 0) & (strength > FAINTEST)
        return np.where(has_sign, signs, strokes).astype(np.uint32)

    def _rasterise(self, wanted: NDArray[np.intp]) -> None:
        """Make the entries those of the wanted links, reusing old ones."""
        if np.array_equal(wanted, self._drawn):
            return
        parts = [self._entries[np.isin(self._entries["curve"], wanted)]]
        new = np.setdiff1d(wanted, self._drawn, assume_unique=True)
        offsets = _offsets(self._sizes)
        for layer in self._numbers:
            start, end = offsets[layer : layer + 2]
            parts.append(self._curves(layer, new[(new >= start) & (new < end)]))
        entries = np.concatenate(parts)
        order = np.argsort(entries["cell"], kind="stable")
        self._drawn, self._entries = wanted, entries[order]
        self._firsts = np.flatnonzero(np.diff(self._entries["cell"], prepend=-1))

    def _curves(self, layer: int, numbers: NDArray[np.intp]) -> CurveCells:
        source, target = self.layout.columns[layer : layer + 2]
        starts, ends = self._heights(layer, numbers)
        extremes = source.middles[source.visible], target.middles[target.visible]
        return curve_cells(
            numbers,
            starts,
            ends,
            left=source.right,
            right=target.left,
            largest_rise=int(np.abs(np.subtract.outer(*extremes)).max()) + _arrival_room(target),
            columns=self.layout.width,
            rows=self.layout.height,
        )

    def _heights(
        self, layer: int, numbers: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The dot rows at which links of a layer leave and arrive."""
        source, target = self.layout.columns[layer : layer + 2]
        sources, targets = np.divmod(numbers - _offsets(self._sizes)[layer], target.units)
        # Links arrive at different heights, so that they stay apart.
        place, count = sources - source.first, source.shown
        if source.side:
            place, count = place // source.side, source.side
        share = (place + 0.5) / count - 0.5
        arrival = np.rint(share * _arrival_room(target)).astype(np.intp)
        return source.middles[sources], target.middles[targets] + arrival


def _arrival_room(target: Column) -> int:
    return max(target.size.pixels * PIXEL_DOTS - _MARGIN_DOTS, 0)


def _links_of(data: DiagramData, unit: Unit) -> NDArray[np.bool_]:
    """Which links lead to or from a unit."""
    masks = [np.zeros(weight.shape, dtype=bool) for weight in data.weights]
    if unit.column > 0:
        masks[unit.column - 1][:, unit.unit] = True
    if unit.column < len(masks):
        masks[unit.column][unit.unit] = True
    return np.concatenate([mask.ravel() for mask in masks])


def _highest(priority: FloatArray, count: int) -> NDArray[np.intp]:
    """The links that are drawn, in their order in the network."""
    if len(priority) <= count:
        return np.arange(len(priority))
    return np.sort(np.argpartition(priority, -count)[-count:])


def _offsets(sizes: Sequence[int]) -> list[int]:
    """The number of links before each layer, and of all."""
    return [0, *accumulate(a * b for a, b in pairwise(sizes))]
