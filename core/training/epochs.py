"""Epochs: where a run is in them, and what it learns in those ahead, at which rates."""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..autograd.numerics import FloatArray
from ..nn import SCHEDULES
from .batches import Batches, Rows
from .config import TrainingConfig
from .problem import Problem
from .state import LearnerState

CONSTANT = "constant"
# Independent streams of random numbers from one seed; the first weights take the stream 0.
_ORDER, _FIXED_ORDER = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What some steps to come learn.

    Attributes:
        orders: The order of the samples in this epoch; those of the epochs that begin meanwhile.
        rates: The learning rate of each step, shape (steps,).
        generator: Its state before those orders were drawn; None if none was.
    """

    orders: list[Rows]
    rates: FloatArray
    generator: Any


def order_generator(seed: int) -> np.random.Generator:
    """Draws the orders of the samples of a run with this seed."""
    return np.random.default_rng([seed, _ORDER])


class Orders(Protocol):
    """The orders of the samples, one epoch's after the other's.

    Attributes:
        state: Where it is; to be set back to an earlier one.
    """

    state: Any

    def next(self, rows: Rows) -> Rows:
        """The samples of the next epoch, in their order."""

    def copy(self) -> Orders:
        """One that goes on from here by itself."""


class DrawnOrders:
    """Orders that a generator draws; its state is theirs."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    @property
    def state(self) -> Any:
        """The generator's."""
        return self._generator.bit_generator.state

    @state.setter
    def state(self, state: Any) -> None:
        self._generator.bit_generator.state = state

    def next(self, rows: Rows) -> Rows:
        """See `Orders`."""
        return self._generator.permutation(rows)

    def copy(self) -> DrawnOrders:
        """See `Orders`."""
        return DrawnOrders(deepcopy(self._generator))


class Epochs:
    """The order of the samples and the learning rate, epoch by epoch.

    Attributes:
        epoch: Full passes through the training samples.
        batches: The samples of this epoch.
        learning_rate: Of the next step, with the schedule's factor.
    """

    learning_rate: float

    def __init__(self, training: TrainingConfig, problem: Problem, seed: int) -> None:
        """Stands before epoch 0; `begin` or `resume` comes next."""
        self._training, self._problem, self._seed = training, problem, seed
        self._orders: Orders = DrawnOrders(order_generator(seed))
        self.batches = Batches(problem, training.batch_size)
        self.epoch = 0

    def begin(self) -> None:
        """Begins the epoch that comes now."""
        self.batches.begin(self._draw_order())
        self._note_learning_rate()

    def resume(self, state: LearnerState) -> None:
        """Goes to where a state was, of a run with the same samples."""
        self._orders.state = state.order
        self.epoch = state.epoch
        self.batches.begin(state.rows, state.place)
        self._note_learning_rate()

    def use(self, orders: Orders) -> None:
        """Begins again with orders from elsewhere, the same as its own."""
        self._orders = orders
        self.begin()

    def configured(self, training: TrainingConfig, problem: Problem) -> Epochs:
        """These with other settings or samples; this epoch begins again if its batches change."""
        new = copy(self)
        new._training, new._problem, new._orders = training, problem, self._orders.copy()
        if problem is not self._problem or training.batch_size != self._training.batch_size:
            new.batches = Batches(problem, training.batch_size)
            new.begin()
        new._note_learning_rate()
        return new

    @property
    def generator(self) -> Any:
        """The state of the generator that orders the samples."""
        return self._orders.state

    # --- Many steps at once --------------------------------------------------------------------

    def look_ahead(self, steps: int) -> Ahead:
        """Draws what the next steps learn, 1 or more; `advance` or `forget` comes next."""
        rates = self._rates(steps)
        n = (self.batches.place + steps - 1) // len(self.batches)
        generator = self.generator if n else None
        return Ahead([self.batches.rows, *self._draw_orders(n)], rates, generator)

    def forget(self, ahead: Ahead) -> None:
        """Lets orders be drawn again that were drawn ahead."""
        if ahead.generator is not None:
            self._orders.state = ahead.generator

    def advance(self, ahead: Ahead, taken: int) -> bool:
        """Goes on by so many steps of those looked ahead for.

        Returns:
            Whether they end an epoch after which none was drawn.
        """
        n_ahead = len(ahead.orders) - 1
        ended, self.batches.place = divmod(self.batches.place + taken, len(self.batches))
        begun = min(ended, n_ahead)
        if begun:
            self.epoch += begun
            self.batches.begin(ahead.orders[begun], self.batches.place)
            self._note_learning_rate()
        if begun < n_ahead:
            # It ended early: the orders of epochs that did not begin are drawn again then.
            self.forget(ahead)
            self._draw_orders(begun)
        return ended > n_ahead

    def _draw_orders(self, n: int) -> list[Rows]:
        """The orders of the next epochs."""
        if n and not self._training.shuffle:
            return [self._draw_order()] * n
        return [self._draw_order() for _ in range(n)]

    def _draw_order(self) -> Rows:
        """The order of the next epoch."""
        if self._training.shuffle:
            return self._orders.next(self._problem.train_rows)
        # One order for all epochs, as TensorFlow Playground has it: the rows of a data set may
        # come class by class.
        generator = np.random.default_rng([self._seed, _FIXED_ORDER])
        return generator.permutation(self._problem.train_rows)

    def _rates(self, steps: int) -> FloatArray:
        """The learning rates of the next steps."""
        rates = np.full(steps, self.learning_rate)
        if self._training.schedule == CONSTANT:
            return rates
        n = len(self.batches)
        starts = range(n - self.batches.place, steps, n)
        for epoch, start in enumerate(starts, self.epoch + 1):
            rates[start : start + n] = self._rate_in(epoch)
        return rates

    def _note_learning_rate(self) -> None:
        self.learning_rate = self._rate_in(self.epoch)

    def _rate_in(self, epoch: int) -> float:
        training = self._training
        factor = SCHEDULES[training.schedule](epoch, training.schedule_epochs)
        return training.learning_rate * factor
