"""What each unit of a network computes: over the view, and on the samples."""

from __future__ import annotations

import numpy as np

from ..autograd.ops import FloatArray
from ..nn import MLP
from .problem import Problem

# So many points across and down, or along a line: what a thumbnail of a neuron can show.
MAP_SIZE = 8
LINE_SIZE = 16
# So many training samples are looked at to tell what a unit does.
MAX_SAMPLES = 256

DEAD, SATURATED = "dead", "saturated"
# A unit is saturated where its activation's derivative is below this, nearly everywhere.
SATURATED_SLOPE = 0.05
SATURATED_SHARE = 0.95

UnitMaps = tuple[FloatArray, ...]
UnitNotes = tuple[tuple[str, ...], ...]


class Units:
    """Looks at the units of one network on one problem."""

    def __init__(self, network: MLP, problem: Problem) -> None:
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

    def notes(self) -> UnitNotes:
        """A word for each hidden unit that does not work, and nothing for the others.

        The output layer has none: its tanh is flat where the network is right and sure.
        """
        outputs = self._network.hidden_activations(self._samples)
        words = [
            tuple(unit_notes(layer.activation, output))
            for layer, output in zip(self._network.layers, outputs, strict=True)
        ]
        return (*words[:-1], ("",) * len(words[-1]))


def unit_notes(activation: str, outputs: FloatArray) -> list[str]:
    """What is wrong with the units of a layer.

    Args:
        activation: Of the layer.
        outputs: Shape (samples, units).

    Returns:
        For each unit "dead" (a relu that is 0 for every sample, so that no gradient passes),
        "saturated" (a tanh or a sigmoid that is flat for nearly all of them) or nothing.
    """
    words = [""] * outputs.shape[1]
    if activation == "relu":
        bad, word = (outputs == 0.0).all(axis=0), DEAD
    elif activation in ("tanh", "sigmoid"):
        slope = 1.0 - outputs**2 if activation == "tanh" else outputs * (1.0 - outputs)
        bad, word = (slope < SATURATED_SLOPE).mean(axis=0) > SATURATED_SHARE, SATURATED
    else:
        return words
    return [word if is_bad else "" for is_bad in bad.tolist()]
