"""The parameters' update: optimizer, learning rate and regularization, in flat vectors."""

from __future__ import annotations

from copy import copy, deepcopy

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..nn import OPTIMIZERS
from ..nn.layers import MLP
from ..nn.optimizers import Optimizer
from .config import TrainingConfig


class Updater:
    """Moves a network's parameters by what its gradients ask for.

    Attributes:
        last_update: What the last call added to the parameters, shape (n,).
    """

    _frozen: NDArray[np.bool_]
    _held: NDArray[np.intp]

    def __init__(self, network: MLP, training: TrainingConfig) -> None:
        self._network = network
        n = network.n_parameters
        self._optimizer = OPTIMIZERS[training.optimizer](n)
        self._is_weight = _weight_mask(network)
        self._gradient = np.zeros(n)
        self._before = np.zeros(n)
        self.last_update: FloatArray = np.zeros(n)
        self.frozen = np.zeros(n, dtype=np.bool_)
        self._take(training)

    @property
    def frozen(self) -> NDArray[np.bool_]:
        """Which parameters stay as they are, shape (n,); read-only, to be set as a whole."""
        return self._frozen

    @frozen.setter
    def frozen(self, frozen: NDArray[np.bool_]) -> None:
        self._frozen = frozen.copy()
        self._frozen.setflags(write=False)
        self._held = np.flatnonzero(frozen)

    def configured(self, training: TrainingConfig, network: MLP) -> Updater:
        """This updater with other settings, for a network of the same shape.

        The optimizer keeps its state if it stays the same one. Only one of the two can be used
        from then on.
        """
        new = copy(self)
        new._network = network
        if training.optimizer != self._training.optimizer:
            new._optimizer = OPTIMIZERS[training.optimizer](network.n_parameters)
        new._take(training)
        return new

    def state(self) -> tuple[Optimizer, FloatArray]:
        """Copies of the optimizer and of the last update, for `restore`."""
        return deepcopy(self._optimizer), self.last_update.copy()

    def restore(self, optimizer: Optimizer, last_update: FloatArray) -> None:
        """Goes on from a state; the network and the settings have to be those of then."""
        self._optimizer, self.last_update = deepcopy(optimizer), last_update.copy()

    def _take(self, training: TrainingConfig) -> None:
        self._training = training
        self._constants = training.constants
        rate = training.regularization_rate
        self._l1_rate = rate if training.regularization == "l1" else 0.0
        self._l2_rate = rate if training.regularization == "l2" else 0.0

    def __call__(self, learning_rate: float) -> None:
        """Updates the parameters once.

        w -= lr (g + rate R'(w)), R'(w) = w for L2 and sign(w) for L1; not for biases
        (playground-semantics: TensorFlow Playground's update).
        """
        if self._held.size:
            held = self._network.flat_parameters[self._held]
            self._update(learning_rate)
            self._network.flat_parameters[self._held] = held
            self.last_update[self._held] = 0.0
        else:
            self._update(learning_rate)

    def _update(self, learning_rate: float) -> None:
        parameters = self._network.flat_parameters
        gradient = self._network.flat_gradients
        if self._l2_rate:
            np.multiply(parameters, self._is_weight, self._gradient)
            self._gradient *= self._l2_rate
            self._gradient += gradient
            gradient = self._gradient
        self._optimizer.update(
            self.last_update, gradient, parameters, learning_rate, self._constants
        )
        if self._l1_rate:
            self._add_l1(learning_rate * self._l1_rate)
        else:
            parameters += self.last_update

    def _add_l1(self, shrink_by: float) -> None:
        """Adds the update, then shrinks the weights; one that would cross zero becomes zero."""
        parameters, before = self._network.flat_parameters, self._before
        before[...] = parameters
        parameters += self.last_update
        shrunk = parameters - shrink_by * np.sign(before) * self._is_weight
        crosses = (parameters * shrunk < 0.0) & (self._is_weight > 0.0)
        np.copyto(parameters, np.where(crosses, 0.0, shrunk))
        np.subtract(parameters, before, self.last_update)

    def regularization_term(self) -> float:
        """What the regularization adds to the loss: rate * sum w^2 / 2, or rate * sum |w|."""
        if not self._l1_rate and not self._l2_rate:
            return 0.0
        weights = self._network.flat_parameters * self._is_weight
        size = self._l1_rate * np.abs(weights).sum() + 0.5 * self._l2_rate * (weights @ weights)
        return float(size)


def _weight_mask(network: MLP) -> FloatArray:
    """1 for the elements of weights, 0 for biases."""
    return np.concatenate(
        [np.full(p.data.size, float("weight" in p.label)) for p in network.parameters()]  # type: ignore[union-attr]
    )
