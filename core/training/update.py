"""The parameters' update: optimizer, learning rate and regularization, in flat vectors."""

from __future__ import annotations

import numpy as np

from ..autograd.ops import FloatArray
from ..nn import OPTIMIZERS
from ..nn.modules import MLP
from .config import TrainingConfig


class Updater:
    """Moves a network's parameters by what its gradients ask for.

    Attributes:
        last_update: What the last call added to the parameters, shape (n,).
    """

    def __init__(self, network: MLP, optimizer: str) -> None:
        self._network = network
        self._optimizer_name = optimizer
        self._optimizer = OPTIMIZERS[optimizer](network.n_parameters)
        self._is_weight = _weight_mask(network)
        self._gradient = np.zeros(network.n_parameters)
        self._before = np.zeros(network.n_parameters)
        self.last_update: FloatArray = np.zeros(network.n_parameters)

    def __call__(self, training: TrainingConfig, learning_rate: float) -> None:
        """Updates the parameters once.

        w -= lr (g + rate R'(w)), R'(w) = w for L2 and sign(w) for L1; not for biases
        (playground-semantics: TensorFlow Playground's update).
        """
        if training.optimizer != self._optimizer_name:
            self._optimizer_name = training.optimizer
            self._optimizer = OPTIMIZERS[training.optimizer](self._network.n_parameters)
        parameters = self._network.flat_parameters
        self._optimizer.update(
            self.last_update,
            self._penalized_gradient(training),
            parameters,
            learning_rate,
            training.constants,
        )
        if training.regularization == "l1" and training.regularization_rate > 0.0:
            self._add_l1(learning_rate * training.regularization_rate)
        else:
            parameters += self.last_update

    def _penalized_gradient(self, training: TrainingConfig) -> FloatArray:
        gradient = self._network.flat_gradients
        if training.regularization != "l2" or training.regularization_rate == 0.0:
            return gradient
        np.multiply(self._network.flat_parameters, self._is_weight, self._gradient)
        self._gradient *= training.regularization_rate
        self._gradient += gradient
        return self._gradient

    def _add_l1(self, shrink_by: float) -> None:
        """Adds the update, then shrinks the weights; one that would cross zero becomes zero."""
        parameters, before = self._network.flat_parameters, self._before
        before[...] = parameters
        parameters += self.last_update
        shrunk = parameters - shrink_by * np.sign(before) * self._is_weight
        crosses = (parameters * shrunk < 0.0) & (self._is_weight > 0.0)
        np.copyto(parameters, np.where(crosses, 0.0, shrunk))
        np.subtract(parameters, before, self.last_update)

    def penalty(self, training: TrainingConfig) -> float:
        """What the regularization adds to the loss: rate * sum w^2 / 2, or rate * sum |w|."""
        weights = self._network.flat_parameters * self._is_weight
        if training.regularization == "l2":
            return float(0.5 * training.regularization_rate * (weights @ weights))
        if training.regularization == "l1":
            return float(training.regularization_rate * np.abs(weights).sum())
        return 0.0


def _weight_mask(network: MLP) -> FloatArray:
    """1 for the elements of weights, 0 for biases."""
    return np.concatenate(
        [np.full(p.data.size, float("weight" in p.label)) for p in network.parameters()]  # type: ignore[union-attr]
    )
