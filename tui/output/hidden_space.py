"""The hidden space: where a layer puts the samples, the inputs' grid bent, the output's line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from rich.style import Style

from ...core import Snapshot
from ...core.explain.hidden_space import HiddenSpace, hidden_space
from ...datasets import FloatArray
from ..drawing.braille import BRAILLE, DOTS_ACROSS, DOTS_DOWN, STROKES, braille_bits
from ..drawing.heatmap import Mark
from ..drawing.palette import quiet
from .heat_map import Extent, Range
from .look import Look, hidden_layer
from .picture import Picture, colored, range_around, round_limit, shown_rows

# The ends of an axis are multiples of so small a part of it, so that they seldom change.
_ENDS: Final = 20
# Dots between two points of a line: one that leaves the picture far away needs no more.
_MOST_DOTS: Final = 400
# Beyond any picture, yet a whole number.
_FAR: Final = 1e6
_SPACES: Final = ("line", "plane", "space")


def sentences(snapshot: Snapshot, look: Look) -> list[str]:
    """What is to be seen: briefly, and in full for where there is room."""
    dataset = snapshot.dataset
    inputs = _SPACES[min(len(dataset.columns), len(_SPACES)) - 1]
    if not hidden_layer(snapshot, look):
        brief = "the inputs, before any layer"
        return [brief, f"The {inputs} of the inputs, before any layer bends it."]
    if dataset.task == "regression":
        goal, aim = "an even slope", "the output rises evenly across it"
    elif dataset.n_classes == 2:
        goal, aim = "one line between classes", "one line separates the classes"
    else:
        goal, aim = "lines between classes", "straight lines separate the classes"
    return [f"goal: {goal}", f"A layer bends the {inputs} until {aim}."]


@lru_cache(maxsize=1)
def _space(snapshot: Snapshot, layer: int, with_tests: bool) -> HiddenSpace:
    return hidden_space(snapshot, layer, shown_rows(snapshot, with_tests=with_tests))


def _space_of(snapshot: Snapshot, look: Look) -> HiddenSpace:
    return _space(snapshot, hidden_layer(snapshot, look), look.with_tests)


def extent(snapshot: Snapshot, look: Look) -> Extent:
    """All samples that are shown."""
    space = _space_of(snapshot, look)
    names = "neuron 0", "neuron 1" if space.n_units > 1 else ""
    if space.layer == 0:
        names = snapshot.input_names[0], snapshot.input_names[1] if space.n_units > 1 else ""
    if space.explained.size:
        names = f"1st component, {space.explained[0]:.0%}", f"2nd, {space.explained[1]:.0%}"
    x, y = map(_steady_range, space.places.T)
    return Extent(names[0], x, names[1], y)


def _steady_range(values: FloatArray) -> Range:
    """The ends of an axis on which all values are, which stay where they are for small changes."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return -1.0, 1.0
    low, high = range_around(finite)
    step = round_limit(np.array([high - low])) / _ENDS
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


def places(snapshot: Snapshot, look: Look) -> FloatArray:
    """Where all samples are, shape (n, 2); those that are not shown are nowhere."""
    found = np.full((snapshot.dataset.n_samples, 2), np.nan)
    found[shown_rows(snapshot, with_tests=look.with_tests)] = _space_of(snapshot, look).places
    return found


def filled(picture: Picture) -> Picture:
    """Adds the bent grid, the output's line and the output's colours to the samples."""
    space = _space_of(picture.snapshot, picture.look)
    grid = Style(color=quiet(picture.look.background).rich_color)
    marks = _line_marks(space.grid, picture, grid)
    marks += _line_marks(_output_line(space, picture), picture, Style(bold=True))
    return _with_outputs(replace(picture, marks=[*marks, *picture.marks]), space)


def _output_line(space: HiddenSpace, picture: Picture) -> list[FloatArray]:
    """Where one output for two classes is 0; of others there is no such line."""
    dataset, ends = picture.snapshot.dataset, picture.extent
    if space.weight is None or space.bias is None or dataset.n_classes != 2:
        return []
    (a, b), c = space.weight[:, 0].tolist(), float(space.bias[0])
    x, y = np.array(ends.x), np.array(ends.y)
    # By the axis along which it is longer, so that no division is by nearly 0.
    if abs(a) * np.ptp(x) > abs(b) * np.ptp(y):
        x = -(b * y + c) / a
    elif b:
        y = -(a * x + c) / b
    else:
        return []
    return [np.stack([x, y], axis=-1)]


def _with_outputs(picture: Picture, space: HiddenSpace) -> Picture:
    """Colours each place as the network's output for it; characters would hide the grid."""
    snapshot, look = picture.snapshot, picture.look
    corners = ((0.5 / max(n, 1), 1 - 0.5 / max(n, 1)) for n in (look.columns, 2 * look.rows))
    (left, top), (right, bottom) = map(picture.extent.place_at, zip(*corners, strict=True))
    across = np.linspace(left, right, look.columns)
    down = np.linspace(top, bottom, 2 * look.rows)
    places = np.stack(np.meshgrid(across, down), axis=-1)
    outputs = None if look.ascii else space.outputs(places)
    if outputs is None:
        return picture
    return colored(picture, snapshot.dataset.from_network(outputs))


def _line_marks(lines: Iterable[FloatArray], picture: Picture, style: Style) -> list[Mark]:
    """Draws lines through points of the picture, shape (points, 2) each."""
    columns, rows = picture.look.columns, picture.look.rows
    bits = np.zeros((rows, columns), dtype=np.uint16)
    for line in lines:
        dots = np.stack(picture.extent.fractions_of(line), axis=-1) * (
            columns * DOTS_ACROSS,
            rows * DOTS_DOWN,
        )
        dots = dots[np.isfinite(dots).all(axis=1)]
        if len(dots) > 1:
            x, y = np.floor(_between(dots)).astype(np.intp).T
            inside = (x >= 0) & (x < columns * DOTS_ACROSS) & (y >= 0) & (y < rows * DOTS_DOWN)
            bits |= braille_bits(x[inside], y[inside], columns, rows)
    touched = np.nonzero(bits)
    codes = STROKES[bits[touched]] if picture.look.ascii else BRAILLE + bits[touched]
    found = zip(*(axis.tolist() for axis in touched), codes.tolist(), strict=True)
    return [Mark(row, column, chr(code), style) for row, column, code in found]


def _between(dots: FloatArray) -> FloatArray:
    """A line with as many points that no dot between two of them is left out, shape (n, 2)."""
    steps = np.abs(np.diff(dots, axis=0)).max(axis=1)
    counts = np.clip(np.ceil(steps), 1, _MOST_DOTS).astype(np.intp)
    first = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[
        first
    ]
    along = dots[first] + share[:, None] * (dots[first + 1] - dots[first])
    return np.asarray(np.clip(along, -1.0, _FAR))
