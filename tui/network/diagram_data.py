"""What a network diagram shows: made from a snapshot, with names for every part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...core import Snapshot
from ...core.autograd.numerics import FloatArray
from ...core.training import layer_arrays
from ..drawing.numbers import signed
from ..drawing.palette import LEVELS, NEUTRAL_LEVEL, level_of
from ..selection import Bias, Link, Part, Unit, element_of, holds_part, unit_of

Pixels = NDArray[np.uint8]

CURVE_ROWS = 8
FROZEN_MARK: Final = "*"
"""The sign on a frozen link and next to a frozen bias."""
CUT_MARK: Final = "x"
"""The same where the value is 0."""


@dataclass(frozen=True, eq=False)
class DiagramData:
    """A network at one instant.

    A column of the diagram is the inputs or a layer, so there is one more than there are layers.

    Attributes:
        input_names: A name for each input.
        layer_names: A name for each layer: `layer 1` for the first, `output` for the last.
        activations: The name of each layer's activation.
        weights: For each layer an array of shape `(n_from, n_to)`.
        biases: For each layer an array of shape `(n_to,)`.
        thumbnails: For each column levels as `palette.level_of` gives them, shape
            `(units, height, width)`, the top row first. Of another size than the unit's box, the
            nearest pixels are taken. An array without pixels makes plain numbered boxes.
        notes: For each column and unit a word on its state, `dead` for instance, or nothing.
        frozen: For each layer which of its weights training leaves alone, and in the last row
            which of its biases, shape `(n_from + 1, n_to)`. Without any, none is frozen.

    Raises:
        ValueError: If the shapes do not belong to one network.
    """

    input_names: tuple[str, ...]
    layer_names: tuple[str, ...]
    activations: tuple[str, ...]
    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    thumbnails: tuple[NDArray[np.uint8], ...]
    notes: tuple[tuple[str, ...], ...]
    frozen: tuple[NDArray[np.bool_], ...] = ()

    def __post_init__(self) -> None:
        counts = set(map(len, (self.weights, self.biases, self.layer_names, self.activations)))
        if len(counts) > 1 or 0 in counts:
            raise ValueError("a diagram needs a name, an activation and biases for each layer")
        sizes = self.sizes
        if [weight.shape for weight in self.weights] != list(pairwise(sizes)):
            raise ValueError(f"the weights do not join columns of {sizes} units")
        if tuple(map(len, self.thumbnails)) != sizes or tuple(map(len, self.notes)) != sizes:
            raise ValueError(f"a diagram needs a thumbnail and a note for each of {sizes} units")
        shapes = [(n_from + 1, n_to) for n_from, n_to in pairwise(sizes)]
        if self.frozen and [frozen.shape for frozen in self.frozen] != shapes:
            raise ValueError(f"what is frozen does not belong to columns of {sizes} units")

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many units each column has, inputs first."""
        return (len(self.input_names), *(len(bias) for bias in self.biases))

    @property
    def links(self) -> int:
        return sum(weight.size for weight in self.weights)

    def value(self, part: Link | Bias) -> float:
        match part:
            case Link(layer, source, target):
                return float(self.weights[layer][source, target])
            case Bias(layer, unit):
                return float(self.biases[layer][unit])

    def is_frozen(self, part: Link | Bias) -> bool:
        """Whether training leaves a weight or a bias unchanged."""
        row = part.source if isinstance(part, Link) else -1
        return bool(self.frozen) and bool(self.frozen[part.layer][row, unit_of(part).unit])

    def is_cut(self, part: Link | Bias) -> bool:
        """Whether a weight or a bias is frozen at 0."""
        return self.value(part) == 0.0 and self.is_frozen(part)

    def mark(self, part: Link | Bias) -> str:
        """The sign beside a frozen or a cut weight or bias; a blank for others."""
        return CUT_MARK if self.is_cut(part) else FROZEN_MARK if self.is_frozen(part) else " "

    def holds(self, part: Part) -> bool:
        """Whether this network has such a part."""
        return holds_part(self.sizes, part)

    def unit_name(self, unit: Unit) -> str:
        """An input's own name, or `layer 1, neuron 3` counted from 0 as in parameter names."""
        if unit.column == 0:
            return self.input_names[unit.unit]
        return f"{self.layer_names[unit.column - 1]}, neuron {unit.unit}"

    def symbol(self, unit: Unit) -> str:
        """A short name: an input's own, `h1[3]` in layer 1, `output` or `output[2]`."""
        column, number = unit
        if column == 0:
            return self.input_names[number]
        if column < len(self.weights):
            return f"h{column}[{number}]"
        return f"output[{number}]" if len(self.biases[-1]) > 1 else "output"

    def describe(self, part: Part) -> str:
        """A part with its name and numbers, in one or two lines.

        `layer1.weight[0,3] = -0.4835` and what it connects, for instance.
        """
        unit = unit_of(part)
        name, note = self.unit_name(unit), self.notes[unit.column][unit.unit]
        match part:
            case Link(layer, source, _):
                return f"{self._equation(part)}\n{self.unit_name(Unit(layer, source))} to {name}"
            case Bias():
                return f"{self._equation(part)}\n{name}"
            case Unit(0, _):
                return ", ".join(filter(None, (f"input {name}", note)))
            case Unit(column, _):
                state = ", ".join(filter(None, (self.activations[column - 1], note)))
                equation = self._equation(Bias(column - 1, unit.unit), with_state=False)
                return f"{name}: {state}\n{equation}"

    def _equation(self, part: Link | Bias, *, with_state: bool = True) -> str:
        state = ", cut" if self.is_cut(part) else ", frozen" if self.is_frozen(part) else ""
        equation = f"{element_of(part).name} = {signed(self.value(part)).strip()}"
        return f"{equation}{state}" if with_state else equation


def diagram_data(snapshot: Snapshot) -> DiagramData:
    """The network of a snapshot, with what each unit computes as a thumbnail."""
    weights, biases = zip(*layer_arrays(snapshot.sizes, snapshot.parameters), strict=True)
    n_layers = len(weights)
    names = [f"layer {k}" for k in range(1, n_layers)]
    return DiagramData(
        input_names=snapshot.inputs,
        layer_names=(*names, "output"),
        activations=snapshot.activations,
        weights=weights,
        biases=biases,
        thumbnails=tuple(_thumbnails(snapshot, weights[0])),
        notes=(("",) * snapshot.sizes[0], *snapshot.unit_notes),
        frozen=_frozen(snapshot),
    )


def _frozen(snapshot: Snapshot) -> tuple[NDArray[np.bool_], ...]:
    if not snapshot.frozen.any():
        return ()
    # The flat vector has a layer's weights and then its biases.
    ends = np.cumsum([(a + 1) * b for a, b in pairwise(snapshot.sizes)])
    parts = np.split(snapshot.frozen, ends[:-1])
    return tuple(
        part.reshape(-1, n_to) for part, n_to in zip(parts, snapshot.sizes[1:], strict=True)
    )


def _thumbnails(snapshot: Snapshot, first_weights: FloatArray) -> list[Pixels]:
    if snapshot.unit_maps:
        draw = _maps if len(snapshot.view) == 2 else _curves
        return [draw(units) for units in snapshot.unit_maps]
    empty = [np.zeros((n, 0, 0), dtype=np.uint8) for n in snapshot.sizes]
    side = math.isqrt(snapshot.sizes[0])
    if side > 1 and side % 2 == 0 and side * side == snapshot.sizes[0]:
        # The inputs are the pixels of a square: the weights of a neuron are a picture too.
        empty[1] = _maps(first_weights.T.reshape(-1, side, side))
    return empty


def _maps(units: FloatArray) -> Pixels:
    """The largest output of each unit has the full colour."""
    largest = np.abs(np.nan_to_num(units)).max(axis=(1, 2), keepdims=True)
    return level_of(units / np.where(largest > 0.0, largest, 1.0), 1.0)


def _curves(units: FloatArray) -> Pixels:
    """Each unit's output along the line, from its minimum at the bottom to its maximum on top."""
    # Half of the largest numbers, so that their differences are finite.
    values = np.nan_to_num(units) / 2.0
    low = values.min(axis=1, keepdims=True)
    spread = np.ptp(values, axis=1, keepdims=True)
    height = (values - low) / np.where(spread > 0.0, spread, 1.0)
    rows = np.rint((1.0 - height) * (CURVE_ROWS - 1)).astype(int)
    n, columns = values.shape
    pixels = np.full((n, CURVE_ROWS, columns), NEUTRAL_LEVEL, dtype=np.uint8)
    unit, column = np.indices(values.shape)
    pixels[unit, rows, column] = np.where(values < 0.0, 0, LEVELS - 1)
    return pixels
