"""What a network diagram shows: made from a snapshot, with names for every part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...core import Snapshot
from ...core.autograd.numerics import FloatArray
from ...core.diagnosis.steady import shown_diagnosis
from ...core.training import layer_arrays
from ...datasets import Dataset, picture_side
from ..drawing.numbers import signed
from ..selection import Bias, Link, Part, Point, Unit, element_of, holds_part, unit_of
from .diagram_pictures import Curves, Image, Maps, Numbered, Pictures

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
        pictures: For each column what its boxes show.
        notes: For each column and unit a word on its state, `dead` for instance, or nothing.
        frozen: For each layer which of its weights training leaves alone, and in the last row
            which of its biases, shape `(n_from + 1, n_to)`. Without any, none is frozen.
        classes: The name of each output; none where there is only one output.
        caption: What a picture of the inputs shows.

    Raises:
        ValueError: If the shapes do not belong to one network.
    """

    input_names: tuple[str, ...]
    layer_names: tuple[str, ...]
    activations: tuple[str, ...]
    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    pictures: tuple[Pictures, ...]
    notes: tuple[tuple[str, ...], ...]
    frozen: tuple[NDArray[np.bool_], ...] = ()
    classes: tuple[str, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        counts = set(map(len, (self.weights, self.biases, self.layer_names, self.activations)))
        if len(counts) > 1 or 0 in counts:
            raise ValueError("a diagram needs a name, an activation and biases for each layer")
        sizes = self.sizes
        if [weight.shape for weight in self.weights] != list(pairwise(sizes)):
            raise ValueError(f"the weights do not join columns of {sizes} units")
        pictured = tuple(picture.shape.units for picture in self.pictures)
        if pictured != sizes or tuple(map(len, self.notes)) != sizes:
            raise ValueError(f"a diagram needs a picture and a note for each of {sizes} units")
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

    @cached_property
    def limits(self) -> list[float]:
        """The largest finite magnitude among the weights and biases of each layer."""
        limits = []
        for weight, bias in zip(self.weights, self.biases, strict=True):
            values = np.abs(np.concatenate([weight.ravel(), bias]))
            limits.append(float(values[np.isfinite(values)].max(initial=0.0)))
        return limits

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
        """An input's or a class's own name, or `layer 1, neuron 3` counted from 0 as elsewhere."""
        if unit.column == 0:
            return self.input_names[unit.unit]
        if unit.column == len(self.weights) and self.classes:
            return f"{self.layer_names[-1]}, {self.classes[unit.unit]}"
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


def diagram_data(snapshot: Snapshot, point: Point | None = None) -> DiagramData:
    """The network of a snapshot, with what each unit computes as a picture.

    Args:
        snapshot: What is shown.
        point: The selected sample in the data's units, which a picture of the inputs shows.
    """
    weights, biases = zip(*layer_arrays(snapshot.sizes, snapshot.parameters), strict=True)
    n_layers = len(weights)
    names = [f"layer {k}" for k in range(1, n_layers)]
    pictures = tuple(_pictures(snapshot, weights[0], point))
    classes = snapshot.dataset.classes if snapshot.sizes[-1] > 1 else ()
    return DiagramData(
        input_names=snapshot.input_names,
        layer_names=(*names, "output"),
        activations=snapshot.shown_activations,
        weights=weights,
        biases=biases,
        pictures=pictures,
        notes=(("",) * snapshot.sizes[0], *shown_diagnosis(snapshot).unit_notes(snapshot)),
        frozen=_frozen(snapshot),
        classes=classes,
        caption=("sample" if point else "mean") if isinstance(pictures[0], Image) else "",
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


def _pictures(
    snapshot: Snapshot, first_weights: FloatArray, point: Point | None
) -> Iterator[Pictures]:
    """What the boxes of each column show."""
    if snapshot.unit_maps:
        yield from map(Maps if len(snapshot.view) == 2 else Curves, snapshot.unit_maps)
        return
    dataset, (n_inputs, n_first, *others) = snapshot.dataset, snapshot.sizes
    if (side := picture_side(dataset)) and not snapshot.network.inputs:
        yield Image(_image(dataset, point).reshape(side, side))
        yield Maps(first_weights.T.reshape(-1, side, side), are_pixels=True)
    else:
        yield from map(Numbered, (n_inputs, n_first))
    yield from map(Numbered, others)


def _image(dataset: Dataset, point: Point | None) -> FloatArray:
    return _mean(dataset) if point is None else np.array(point)


@lru_cache(maxsize=1)
def _mean(dataset: Dataset) -> FloatArray:
    return np.asarray(dataset.points.mean(axis=0))
