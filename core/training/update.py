"""The parameters' update: optimizer, learning rate and regularization, in flat vectors."""

from __future__ import annotations

from copy import copy, deepcopy

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..nn import OPTIMIZERS
from ..nn.layers import Network
from ..nn.optimizers import Optimizer
from .config import TrainingConfig
from .update_rule import UpdateRule
from .update_tracing import RecordedUpdate, ReplayedUpdate, UpdateArrays


class Updater:
    """Moves a network's parameters by what its gradients ask for.

    Attributes:
        last_update: What the last call added to the parameters, shape (n,).
    """

    _frozen: NDArray[np.bool_]

    def __init__(self, network: Network, training: TrainingConfig) -> None:
        self._network = network
        n = network.n_parameters
        self._optimizer = OPTIMIZERS[training.optimizer](n)
        self._is_weight = weight_mask(network)
        self.last_update: FloatArray = np.zeros(n)
        self._take(training)
        self.frozen = np.zeros(n, dtype=np.bool_)

    @property
    def frozen(self) -> NDArray[np.bool_]:
        """Which parameters stay as they are, shape (n,); read-only, to be set as a whole."""
        return self._frozen

    @frozen.setter
    def frozen(self, frozen: NDArray[np.bool_]) -> None:
        self._frozen = frozen.copy()
        self._frozen.setflags(write=False)
        self._replayed: ReplayedUpdate | None = None

    def configured(self, training: TrainingConfig, network: Network) -> Updater:
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
        self._replayed = None

    def _take(self, training: TrainingConfig) -> None:
        self._training = training
        self._constants = training.constants
        rate = training.regularization_rate
        self._l1_rate = rate if training.regularization == "l1" else 0.0
        self._l2_rate = rate if training.regularization == "l2" else 0.0
        self._factors = rate_factors(self._network, training)
        self._replayed = None

    @property
    def rule(self) -> UpdateRule:
        """What an update does; while it stays equal, settings are numbers that it reads."""
        has_term = self._l1_rate or self._l2_rate
        kind = self._training.regularization if has_term else "none"
        has_factors = has_rate_factors(self._training, len(self._network.layers))
        return UpdateRule(type(self._optimizer), kind, bool(self._frozen.any()), has_factors)

    def __call__(self, learning_rate: float) -> None:
        """Updates the parameters once."""
        if self._replayed is None:
            settings = self._training.regularization_rate, self._constants
            self._replayed = ReplayedUpdate(self.rule, self.arrays(), *settings)
        self._replayed(learning_rate)

    def load(self, recorded: RecordedUpdate, learning_rate: float) -> None:
        """Writes the present settings into what was recorded, before it runs."""
        recorded.load(
            learning_rate, self._training.regularization_rate, self._constants, self._optimizer
        )

    def store(self, recorded: RecordedUpdate) -> None:
        """Takes the numbers that the optimizer remembers from what ran."""
        recorded.store(self._optimizer)

    def arrays(self) -> UpdateArrays:
        """What an update reads and writes."""
        return UpdateArrays(
            self._network.flat_parameters,
            self._network.flat_gradients,
            self.last_update,
            self._is_weight,
            self._frozen,
            self._factors,
            self._optimizer,
        )

    def regularization_term(self) -> float:
        """What the regularization adds to the loss: rate * sum w^2 / 2, or rate * sum |w|."""
        if not self._l1_rate and not self._l2_rate:
            return 0.0
        weights = self._network.flat_parameters * self._is_weight
        size = self._l1_rate * np.abs(weights).sum() + 0.5 * self._l2_rate * (weights @ weights)
        return float(size)


def weight_mask(network: Network) -> FloatArray:
    """1 for the elements of weights, 0 for biases."""
    return np.concatenate(
        [np.full(p.data.size, float("weight" in p.label)) for p in network.parameters()]  # type: ignore[union-attr]
    )


def has_rate_factors(training: TrainingConfig, n_layers: int) -> bool:
    """Whether some of so many layers have another learning rate than the rest."""
    return any(factor != 1.0 for factor in training.rate_factors[:n_layers])


def rate_factors(network: Network, training: TrainingConfig) -> FloatArray:
    """The factor of each element's layer, see `TrainingConfig.rate_factors`."""
    factors = training.factors_of(len(network.layers))
    sizes = [sum(int(np.size(p.data)) for p in layer.parameters()) for layer in network.layers]
    return np.repeat(np.array(factors), sizes)
