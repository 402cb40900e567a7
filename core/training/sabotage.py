"""Sabotage: the classic mistakes of a training loop, made on purpose to see what they do.

Nothing else in the package knows of them: `Learner` asks here, and only where one is switched on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..autograd.value import topological_order
from ..nn import Network
from ..nn.losses import Loss
from ..nn.optimizers import Vector
from .config import TrainingConfig
from .engines import Engine, ScalarEngine, make_engine
from .update_tracing import GradientChange


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


def spoils_gradients(mistakes: Sequence[str]) -> bool:
    """Whether one of them makes gradients wrong; a network without activations has right ones."""
    return any(name != NO_ACTIVATION for name in mistakes)


class SabotagedEngine:
    """An engine whose gradients are spoiled after they were computed.

    Attributes:
        change: What is done to them.
    """

    def __init__(
        self, engine: Engine, network: Network, mistakes: Sequence[str], carried: FloatArray
    ) -> None:
        """Wraps an engine.

        Args:
            engine: Computes the true gradients.
            network: Whose they are.
            mistakes: Names in `SABOTAGES`; those that are made elsewhere are left out here.
            carried: Shape (n_parameters,): the sum of earlier gradients, for `NO_ZERO_GRAD`.
        """
        self._engine = engine
        self.change = gradient_change(network, mistakes, carried)
        self._spoil = self.change.traced(network.flat_gradients).bind()

    def __call__(self, inputs: FloatArray, targets: FloatArray) -> float:
        """See `Engine`."""
        loss = self._engine(inputs, targets)
        self.spoil()
        return loss

    def spoil(self) -> None:
        """Does it to the gradients that are there."""
        for call in self._spoil:
            call()


def gradient_change(
    network: Network, mistakes: Sequence[str], carried: FloatArray
) -> GradientChange:
    """What those mistakes do to a network's gradients; arguments as `SabotagedEngine` has them."""
    n_first = sum(int(np.prod(p.shape)) for p in network.layers[0].parameters())
    is_in_first_layer = np.arange(network.n_parameters) < n_first
    spoiled = partial(_spoiled, frozenset(mistakes))
    return GradientChange(spoiled, [carried, is_in_first_layer], [carried])


def _spoiled(
    mistakes: Set[str], gradients: Vector, carried: Vector, is_in_first_layer: Vector
) -> tuple[Vector, Vector]:
    """The gradients, and the sum of all so far."""
    if DROPPED_LAYER in mistakes:
        gradients = np.where(is_in_first_layer, 0.0, gradients)
    if WRONG_SIGN in mistakes:
        gradients = -gradients
    if NO_ZERO_GRAD in mistakes:
        gradients = carried = carried + gradients
    return gradients, carried


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
    network: Network,
    loss: Loss,
    interrupted: Callable[[], bool],
    carried: FloatArray,
) -> Engine:
    """As `make_engine`, with the mistakes that the settings ask for; see `SabotagedEngine`."""
    if ASSIGN in training.mistakes:
        # Only numbers are used more than once: a layer of an array graph is used by the next alone.
        engine: Engine = ScalarEngine(network, loss, interrupted, backward_by_assignment)
    else:
        engine = make_engine(training, network, loss, interrupted)
    return SabotagedEngine(engine, network, training.mistakes, carried)
