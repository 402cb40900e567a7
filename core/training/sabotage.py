"""Sabotage: the classic mistakes of a training loop, made on purpose to see what they do.

Nothing else in the package knows what they are: `Learner` and the compiler ask here, and only where
one is switched on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..autograd.value import topological_order
from ..nn import MLP
from ..nn.losses import Loss
from ..nn.optimizers import Vector
from .config import TrainingConfig
from .engines import Engine, ScalarEngine, make_engine


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One mistake.

    Attributes:
        title: What is done wrong, in a few words.
        breaks: One sentence on what that breaks.
    """

    title: str
    breaks: str


NO_ZERO_GRAD, ASSIGN, WRONG_SIGN = "no_zero_grad", "assign", "wrong_sign"
NO_ACTIVATION, DROPPED_LAYER = "no_activation", "dropped_layer"

SABOTAGES: dict[str, Sabotage] = {
    NO_ZERO_GRAD: Sabotage(
        "forget zero_grad",
        "Every step adds its gradient to all earlier ones, so that updates grow and overshoot "
        "like a ball that never loses its speed.",
    ),
    ASSIGN: Sabotage(
        "= for +=",
        "backward() overwrites a gradient where it should add to it: of a value that is used "
        "several times only one use counts, of a batch only one sample.",
    ),
    WRONG_SIGN: Sabotage(
        "wrong sign",
        "Every update goes up the gradient, so that the loss grows as fast as it should fall.",
    ),
    NO_ACTIVATION: Sabotage(
        "no activation",
        "Layers without a nonlinearity between them are one linear layer: the boundary is a "
        "straight line, however deep the network.",
    ),
    DROPPED_LAYER: Sabotage(
        "drop layer 1's gradient",
        "Layer 1 never learns: the layers after it have to do with its random features.",
    ),
}
"""The mistakes, by the names that `TrainingConfig.sabotage` takes."""


@dataclass(frozen=True, eq=False)
class Mistakes:
    """What is done wrong with the gradients of a step, once they were computed.

    Attributes:
        names: Names in `SABOTAGES`; those that are made elsewhere are left out here.
        is_first_layer: Which parameters are the first layer's, shape (n,).
        carried: The sum of earlier gradients, shape (n,), for `NO_ZERO_GRAD`.
    """

    names: Sequence[str]
    is_first_layer: NDArray[np.bool_]
    carried: FloatArray

    @classmethod
    def of(cls, names: Sequence[str], network: MLP, carried: FloatArray) -> Mistakes:
        """Those of a network."""
        n_first = sum(int(np.prod(p.shape)) for p in network.layers[0].parameters())
        return cls(names, np.arange(network.n_parameters) < n_first, carried)

    @property
    def operands(self) -> list[Any]:
        """What `__call__` takes after the gradients."""
        return [self.is_first_layer, self.carried]

    @property
    def targets(self) -> list[FloatArray]:
        """Where the results of `__call__` after the first go."""
        return [self.carried]

    def __call__(self, gradient: Vector, *operands: Vector) -> tuple[Vector, ...]:
        """The spoiled gradients, and their sum from then on; a pure function of its arguments."""
        is_first_layer, carried = operands
        if DROPPED_LAYER in self.names:
            gradient = np.where(is_first_layer, 0.0, gradient)
        if WRONG_SIGN in self.names:
            gradient = -gradient
        if NO_ZERO_GRAD in self.names:
            gradient = carried = carried + gradient
        return gradient, carried

    def spoil(self, gradients: FloatArray) -> None:
        """Does it to gradients in place."""
        gradients[...], self.carried[...] = self(gradients, *self.operands)


class SabotagedEngine:
    """An engine whose gradients are spoiled after they were computed."""

    def __init__(self, engine: Engine, network: MLP, mistakes: Mistakes) -> None:
        self._engine = engine
        self._gradients = network.flat_gradients
        self._mistakes = mistakes

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """See `Engine`."""
        loss = self._engine(inputs, targets)
        self._mistakes.spoil(self._gradients)
        return loss


def sabotaged_activations(activations: Sequence[str], mistakes: Sequence[str]) -> tuple[str, ...]:
    """The activations of the layers, the output's last, with those mistakes."""
    if NO_ACTIVATION not in mistakes:
        return tuple(activations)
    return (*("linear",) * (len(activations) - 1), activations[-1])


def backward_by_assignment(output: Value) -> None:
    """As `Value.backward()` for a graph of numbers, with `=` where it has `+=`."""
    order = topological_order(output)
    output.grad = 1.0
    for node in reversed(order):
        if node.op is None:
            continue
        operands = [parent.data for parent in node.parents]
        gradients = node.op.vjp(node.grad, node.data, *operands, *node.parameters)
        for parent, gradient in zip(node.parents, gradients, strict=True):
            parent.grad = gradient


def make_sabotaged_engine(
    training: TrainingConfig,
    network: MLP,
    loss: Loss,
    interrupted: Callable[[], bool],
    mistakes: Mistakes,
) -> Engine:
    """As `make_engine`, with the mistakes that the settings ask for."""
    if ASSIGN in training.sabotage:
        # Only numbers are used more than once: a layer of an array graph is used by the next alone.
        engine: Engine = ScalarEngine(network, loss, interrupted, backward_by_assignment)
    else:
        engine = make_engine(training, network, loss, interrupted)
    return SabotagedEngine(engine, network, mistakes)
