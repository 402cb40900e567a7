"""Engines: ways to compute the loss of a batch and the gradient of every parameter."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from ..autograd import Value
from ..autograd.ops import FloatArray
from ..nn.losses import Loss
from ..nn.modules import MLP


class Engine(Protocol):
    """Computes the loss of a batch and leaves its gradient in the network's flat vector."""

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """Shapes (batch, inputs) and (batch, outputs) to the mean loss."""


class Interrupted(Exception):
    """A step was given up half-way because the run is to stop."""


class ArrayEngine:
    """Whole batches, one Value an array, the graph made anew each step."""

    def __init__(self, network: MLP, loss: Loss, interrupted: Callable[[], bool]) -> None:
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

    def __init__(self, network: MLP, loss: Loss, interrupted: Callable[[], bool]) -> None:
        self._network = network
        self._loss = loss
        self._interrupted = interrupted
        self._unrolled = network.unrolled()
        self._parameters = self._unrolled.parameters()

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
            loss.backward()
        self._network.flat_gradients[...] = [parameter.grad for parameter in self._parameters]
        return float(loss)

    def _batch_loss(self, inputs: list[list[float]], targets: list[list[float]]) -> Value:
        total = Value(0.0, constant=True)
        for sample, target in zip(inputs, targets, strict=True):
            if self._interrupted():
                raise Interrupted
            total = total + self._loss.on_scalars(self._unrolled(sample), target)
        return total * (1.0 / len(inputs))


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


ENGINE_CLASSES: dict[str, Callable[[MLP, Loss, Callable[[], bool]], Engine]] = {
    "scalar": ScalarEngine,
    "array": ArrayEngine,
}
"""Every engine by its name in `TrainingConfig.engine`."""
