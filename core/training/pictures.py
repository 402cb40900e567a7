"""Pictures: what a network, or one of its units, computes over the plane or the line."""

from __future__ import annotations

from ..autograd.numerics import FloatArray
from ..nn import Network
from .evaluation import Inference
from .problem import Problem
from .rows_program import RowsProgram


class Pictures:
    """Draws one network's outputs over the view of one problem, at the size asked for last."""

    def __init__(self, network: Network, problem: Problem) -> None:
        self._network = network
        self._problem = problem
        # One for the output and one for a unit, each with the layer and the size it is for.
        self._infer: dict[bool, tuple[tuple[int, int, int], Inference]] = {}
        self._program: RowsProgram | None = None

    def use(self, program: RowsProgram | None) -> None:
        """Computes the network's outputs by a program from now on; None for the tape."""
        self._program = program
        self._infer.pop(True, None)

    def grid(self, columns: int, rows: int) -> FloatArray | None:
        """The outputs in the targets' units, see `Snapshot.grid`; None where there is no view."""
        problem = self._problem
        if not problem.view:
            return None
        outputs = self._layer(len(self._network.layers), columns, rows)
        shape = self._shape(columns, rows)
        return problem.dataset.from_network(outputs).reshape(*shape, problem.n_outputs)

    def unit_grid(self, columns: int, rows: int, unit: tuple[int, int]) -> FloatArray | None:
        """One unit's outputs, see `Snapshot.unit_grid`; None where there is none."""
        layer, number = unit
        sizes = self._network.sizes
        if not self._problem.view or layer >= len(sizes) or number >= sizes[layer]:
            return None
        if layer == 0:
            outputs = self._problem.grid_inputs(columns, rows)
        else:
            outputs = self._layer(layer, columns, rows)
        return outputs[:, number].reshape(self._shape(columns, rows))

    def _layer(self, layer: int, columns: int, rows: int) -> FloatArray:
        is_output, wanted = layer == len(self._network.layers), (layer, columns, rows)
        known, infer = self._infer.get(is_output, (None, None))
        if infer is None or known != wanted:
            inputs = self._problem.grid_inputs(columns, rows)
            infer = Inference(self._network, inputs, n_layers=layer)
            if is_output:
                infer.use(self._program)
            self._infer[is_output] = wanted, infer
        return infer()

    def _shape(self, columns: int, rows: int) -> tuple[int, ...]:
        return (rows, columns) if len(self._problem.view) == 2 else (columns,)
