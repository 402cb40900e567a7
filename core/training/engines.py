"""Engines: ways to compute the loss of a batch and the gradient of every parameter."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from ..autograd import Tape, Value
from ..autograd.numerics import FloatArray
from ..nn.layers import Network
from ..nn.losses import Loss
from .config import TrainingConfig


class Engine(Protocol):
    """Computes the loss of a batch and leaves its gradient in the network's flat vector."""

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """Shapes (batch, inputs) and (batch, outputs) to the mean loss."""


class Interrupted(Exception):
    """A step was given up half-way because the run is to stop."""


class ArrayEngine:
    """Whole batches, one Value per array, the graph built again each step."""

    def __init__(self, network: Network, loss: Loss) -> None:
        self._network = network
        self._loss = loss

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """See `Engine`."""
        self._network.zero_grad()
        loss = self._loss.on_arrays(self._network(inputs), targets)
        loss.backward()
        return float(loss)


class ScalarEngine:
    """One Value a number, sample by sample, as a textbook draws it: slow and plain to see."""

    def __init__(
        self,
        network: Network,
        loss: Loss,
        interrupted: Callable[[], bool],
        backward: Callable[[Value], None] = Value.backward,
    ) -> None:
        self._network = network
        self._loss = loss
        self._interrupted = interrupted
        self._backward = backward
        self._unrolled = network.unrolled()
        self._parameters = self._unrolled.parameters_by_input()

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """See `Engine`.

        Raises:
            Interrupted: If the run is to stop; the parameters are as they were.
        """
        for parameter, number in zip(
            self._parameters, self._network.flat_parameters.tolist(), strict=True
        ):
            parameter.data = number
            parameter.grad = 0.0
        with _collector_at_rest():
            loss = self._batch_loss(inputs.tolist(), targets.tolist())
            self._backward(loss)
        self._network.flat_gradients[...] = [parameter.grad for parameter in self._parameters]
        return float(loss)

    def _batch_loss(self, inputs: list[list[float]], targets: list[list[float]]) -> Value:
        total = Value(0.0, constant=True)
        for sample, target in zip(inputs, targets, strict=True):
            if self._interrupted():
                raise Interrupted
            total = total + self._loss.on_scalars(self._unrolled.outputs(sample), target)
        return total * (1.0 / len(inputs))


class TapeEngine:
    """The graph of a batch recorded once, and replayed for every batch of its size."""

    def __init__(self, network: Network, loss: Loss, dtype: str) -> None:
        """Records nothing yet.

        Args:
            network: Whose parameters and gradients are used.
            loss: What is minimized.
            dtype: "float64", or "float32": then the step is computed in single precision, and the
                network keeps its parameters in double.
        """
        self._network = network
        self._loss = loss
        # The last batch of an epoch may be smaller: it has a tape of its own.
        self._tapes: dict[int, Tape] = {}
        is_single = dtype == "float32"
        self._single = SinglePrecision(network) if is_single else None

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """See `Engine`."""
        tape = self._tapes.get(len(inputs))
        if tape is None:
            tape = self._tapes[len(inputs)] = self._record(inputs, targets)
        if self._single is None:
            return float(tape.replay(inputs, targets))
        self._single.parameters[...] = self._network.flat_parameters
        loss = float(tape.replay(inputs, targets))
        self._network.flat_gradients[...] = self._single.gradients
        return loss

    def _record(self, inputs: FloatArray, targets: FloatArray) -> Tape:
        x, t = Value(inputs, constant=True), Value(targets, constant=True)
        loss = self._loss.on_arrays(self._network(x), t)
        places = self._single.places if self._single is not None else None
        return Tape(loss, self._network.parameters(), inputs=(x, t), buffers=places)


class SinglePrecision:
    """A network's parameters and gradients in float32.

    Attributes:
        parameters: Shape (n,).
        gradients: Shape (n,).
        places: Of each parameter: views of the two in its shape.
    """

    def __init__(self, network: Network) -> None:
        self.parameters = np.zeros(network.n_parameters, dtype=np.float32)
        self.gradients = np.zeros(network.n_parameters, dtype=np.float32)
        self.places = {}
        start = 0
        for value in network.parameters():
            part = slice(start, start + int(np.prod(value.shape)))
            start = part.stop
            self.places[value] = (
                self.parameters[part].reshape(value.shape),
                self.gradients[part].reshape(value.shape),
            )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    # A graph has no cycles, so counting references frees it; the cyclic collector would walk
    # through its hundred thousand nodes again and again, which takes longer than the step.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def make_engine(
    training: TrainingConfig, network: Network, loss: Loss, interrupted: Callable[[], bool]
) -> Engine:
    """The engine that the settings name.

    Args:
        training: Names the engine and its dtype.
        network: What it computes.
        loss: What is minimized.
        interrupted: Asked inside a slow step; true gives the step up.
    """
    if training.engine == "scalar":
        return ScalarEngine(network, loss, interrupted)
    if training.engine == "array":
        return ArrayEngine(network, loss)
    return TapeEngine(network, loss, training.dtype)
