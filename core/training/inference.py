"""Inference: a network's outputs for inputs that stay, replayed from a tape."""

from __future__ import annotations

import numpy as np

from ..autograd import Tape, Value
from ..autograd.numerics import FloatArray
from ..nn import MLP

# So many rows at a time that a layer's activations stay in the processor's cache.
ROWS_AT_A_TIME = 1000


class Inference:
    """Computes the outputs for fixed inputs with a network's present parameters."""

    def __init__(self, network: MLP, inputs: FloatArray, *, n_layers: int | None = None) -> None:
        """Records nothing yet: a tape is made at the first call.

        Args:
            network: Whose parameters are used, as they are at each call.
            inputs: Shape (rows, inputs).
            n_layers: So many of its layers compute, the first ones; all by default.
        """
        self._network = network
        self._n_layers = len(network.layers) if n_layers is None else n_layers
        self._inputs = inputs
        self._outputs = np.empty((len(inputs), network.sizes[self._n_layers]))
        self._tapes: dict[int, Tape] = {}

    def __call__(self) -> FloatArray:
        """The outputs, shape (rows, outputs); the next call overwrites them."""
        for start in range(0, len(self._inputs), ROWS_AT_A_TIME):
            rows = self._inputs[start : start + ROWS_AT_A_TIME]
            tape = self._tapes.get(len(rows))
            if tape is None:
                tape = self._tapes[len(rows)] = self._record(rows)
            self._outputs[start : start + ROWS_AT_A_TIME] = tape.replay(rows)
        return self._outputs

    def _record(self, rows: FloatArray) -> Tape:
        x = Value(rows, constant=True)
        layers = self._network.layers[: self._n_layers]
        parameters = [p for layer in layers for p in layer.parameters()]
        places = {p: (np.asarray(p.data), p.grad) for p in parameters}
        y = x
        for layer in layers:
            y = layer(y)
        return Tape(y, inputs=(x,), buffers=places)
