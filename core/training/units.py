"""What each unit of a network computes: over the view, and on the samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..nn import Network
from .problem import Problem

# So many points across and down, or along a line: what a thumbnail of a neuron can show.
MAP_SIZE = 8
LINE_SIZE = 16
# So many training samples are looked at to tell what a unit does.
MAX_SAMPLES = 256

DEAD, SATURATED = "dead", "saturated"
FLAT_ENDED = ("tanh", "sigmoid")
# A unit is saturated where its activation's derivative is below this, nearly everywhere.
SATURATED_SLOPE = 0.05
SATURATED_SHARE = 0.95

UnitMaps = tuple[FloatArray, ...]
UnitNotes = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LayerActivity:
    """What a layer puts out for the samples.

    Attributes:
        mean: Over samples and units.
        spread: The standard deviation over samples and units.
        dead: The share of units that are 0 for every sample (relu alone).
        saturated: The share of outputs where the activation's slope is below `SATURATED_SLOPE`
            (tanh and sigmoid alone).
    """

    mean: float
    spread: float
    dead: float
    saturated: float


class Units:
    """Looks at the units of one network on one problem."""

    def __init__(self, network: Network, problem: Problem) -> None:
        self._network = network
        self._view = len(problem.view)
        self._points = self._view_inputs(problem)
        self._samples = problem.inputs[problem.train_rows[:MAX_SAMPLES]]

    def _view_inputs(self, problem: Problem) -> FloatArray | None:
        if self._view == 2:
            return problem.grid_inputs(MAP_SIZE, MAP_SIZE)
        return problem.grid_inputs(LINE_SIZE, 1) if self._view == 1 else None

    def maps(self) -> UnitMaps:
        """The output of every unit over the view.

        Returns:
            An array for the inputs and for each layer: (units, rows, columns) for a plane, the
            top row first, (units, columns) for a line. Nothing where there is no view.
        """
        if self._points is None:
            return ()
        columns = [self._points, *self._network.hidden_activations(self._points)]
        shape = (MAP_SIZE, MAP_SIZE) if self._view == 2 else (LINE_SIZE,)
        return tuple(np.ascontiguousarray(c.T).reshape(-1, *shape) for c in columns)

    def look(self) -> tuple[UnitNotes, tuple[LayerActivity, ...]]:
        """Looks at every layer's outputs for the samples.

        Returns:
            A word for each unit that does not work and nothing for the others, layer by layer; the
            output layer has none, for its tanh is flat where the network is right and sure. And
            what each layer puts out.
        """
        outputs = self._network.hidden_activations(self._samples)
        layers = list(zip(self._network.layers, outputs, strict=True))
        words = [tuple(unit_notes(layer.activation, output)) for layer, output in layers]
        activity = tuple(layer_activity(layer.activation, output) for layer, output in layers)
        return (*words[:-1], ("",) * len(words[-1])), activity


def unit_notes(activation: str, outputs: FloatArray) -> list[str]:
    """What is wrong with the units of a layer.

    Args:
        activation: Of the layer.
        outputs: Shape (samples, units).

    Returns:
        For each unit "dead" (a relu that is 0 for every sample, so that no gradient passes),
        "saturated" (a tanh or a sigmoid that is flat for nearly all of them) or nothing.
    """
    if activation == "relu":
        bad, word = (outputs == 0.0).all(axis=0), DEAD
    elif activation in FLAT_ENDED:
        bad, word = _is_flat(activation, outputs).mean(axis=0) > SATURATED_SHARE, SATURATED
    else:
        return [""] * outputs.shape[1]
    return [word if is_bad else "" for is_bad in bad.tolist()]


def layer_activity(activation: str, outputs: FloatArray) -> LayerActivity:
    """What a layer puts out; outputs have the shape (samples, units)."""
    dead = float((outputs == 0.0).all(axis=0).mean()) if activation == "relu" else 0.0
    flat = float(_is_flat(activation, outputs).mean()) if activation in FLAT_ENDED else 0.0
    return LayerActivity(float(outputs.mean()), float(outputs.std()), dead, flat)


def _is_flat(activation: str, outputs: FloatArray) -> NDArray[np.bool_]:
    # tanh' = 1 - tanh^2, sigmoid' = sigmoid (1 - sigmoid).
    slope = 1.0 - outputs**2 if activation == "tanh" else outputs * (1.0 - outputs)
    flat: NDArray[np.bool_] = slope < SATURATED_SLOPE
    return flat
