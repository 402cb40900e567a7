"""RowsProgram: a network's outputs as native code, for every network of one shape."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from ..autograd.numerics import FloatArray
from ..nn import Network
from .programs import Programs


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the code of a network's outputs depends on.

    Attributes:
        sizes: Units from the inputs to the outputs.
        activations: Of each layer.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]

    @classmethod
    def of(cls, network: Network) -> Shape:
        """That of a network."""
        return cls(network.sizes, tuple(layer.activation for layer in network.layers))

    def compile(self) -> RowsProgram:
        """See `Recipe`."""
        return RowsProgram(self)


class RowsProgram:
    """The outputs for many rows, with any network of its shape."""

    def __init__(self, shape: Shape) -> None:
        """Compiles.

        Raises:
            CannotCompile: If there is no code for something in it, or no compiler here.
        """
        from ..autograd.tape.compiled_rows import ROWS_AT_A_TIME, CompiledRows

        network = Network(shape.sizes, shape.activations, rng=np.random.default_rng(0))
        places = {p: (np.asarray(p.data), np.asarray(p.grad)) for p in network.parameters()}
        inputs = np.zeros((ROWS_AT_A_TIME, shape.sizes[0]))
        self._parameters = network.flat_parameters
        self._rows = CompiledRows(network, inputs, buffers=places)
        self._at_a_time = ROWS_AT_A_TIME
        self._lock = threading.Lock()
        self._bound: tuple[FloatArray | None, ...] = (None, None, None)

    def padded(self, n_rows: int) -> int:
        """The number of rows that arrays need for so many to be computed."""
        return -(-n_rows // self._at_a_time) * self._at_a_time

    def __call__(self, network: Network, inputs: FloatArray, outputs: FloatArray) -> None:
        """Computes the outputs; both arrays have `padded` rows and are contiguous."""
        arrays = (inputs, outputs, network.flat_parameters)
        with self._lock:
            if any(new is not old for new, old in zip(arrays, self._bound, strict=True)):
                self._rows.rebind(inputs, outputs, [(self._parameters, network.flat_parameters)])
                self._bound = arrays
            self._rows()


ROWS_PROGRAMS: Programs[RowsProgram] = Programs()
"""Those of this process."""
