"""An update's rule, traced: replayed in NumPy, or recorded for a compiler."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import partial
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..autograd.tape import TracedRule
from ..nn.optimizers import Constants, Optimizer
from .update_rule import UpdateRule


@dataclass(frozen=True, slots=True, eq=False)
class UpdateArrays:
    """What an update reads and writes, all of shape (n,).

    Attributes:
        parameters: Moved in place.
        gradients: Read.
        last_update: Written.
        is_weight: 1 for weights, 0 for biases.
        is_frozen: Which parameters stay as they are.
        factors: The rate factor of each parameter's layer.
        optimizer: Its vectors are written in place.
    """

    parameters: FloatArray
    gradients: FloatArray
    last_update: FloatArray
    is_weight: FloatArray
    is_frozen: NDArray[np.bool_]
    factors: FloatArray
    optimizer: Optimizer

    @property
    def vectors(self) -> list[FloatArray]:
        """What the optimizer remembers."""
        return [getattr(self.optimizer, name) for name in self.optimizer.vectors]

    @property
    def operands(self) -> list[Any]:
        """What the rule takes, but for the coefficients."""
        masks = [self.is_weight, self.is_frozen, self.factors]
        return [self.parameters, self.gradients, *masks, *self.vectors]

    @property
    def targets(self) -> list[FloatArray]:
        """Where the rule's results go."""
        return [self.parameters, self.last_update, *self.vectors]


@dataclass(frozen=True, slots=True, eq=False)
class GradientChange:
    """What becomes of the gradients of a step before its update.

    Attributes:
        function: Pure, to be recorded: of the gradients and the operands it returns the gradients
            and a result for each target.
        operands: What it takes besides, all of shape (n,).
        targets: Where its other results go; operands perhaps.
    """

    function: Callable[..., Sequence[Any]]
    operands: Sequence[Any]
    targets: Sequence[FloatArray]

    def traced(self, gradients: FloatArray) -> TracedRule:
        """The change alone, in place."""
        return TracedRule.trace(
            self.function, [gradients, *self.operands], [gradients, *self.targets]
        )


class ReplayedUpdate:
    """The update as NumPy calls, bound to its arrays; Python computes the coefficients."""

    def __init__(
        self, rule: UpdateRule, arrays: UpdateArrays, regularization_rate: float, k: Constants
    ) -> None:
        self._rule = rule
        self._regularization_rate, self._constants = regularization_rate, k
        self._rate = math.nan
        self._regularization = np.zeros(())
        self._names = arrays.optimizer.numbers
        self._numbers: dict[str, float] = vars(arrays.optimizer)
        n = len(rule.optimizer.coefficients(0.0, k, *[0.0] * len(self._names))[0])
        # NumPy takes several times as long to write a few numbers.
        self._coefficients = np.zeros(n)
        self._write = partial(Struct(f"{n}d").pack_into, self._coefficients.data, 0)

        def update(*operands: Any) -> tuple[Any, ...]:
            regularization, *coefficients = operands[: n + 1]
            w, g, is_weight, is_frozen, factors, *vectors = operands[n + 1 :]
            masks = is_weight, is_frozen, factors
            return rule(w, g, *masks, regularization, coefficients, *vectors)

        numbers = [self._coefficients[i, ...] for i in range(n)]
        operands = [self._regularization, *numbers, *arrays.operands]
        self._program = TracedRule.trace(update, operands, arrays.targets).bind()

    def __call__(self, learning_rate: float) -> None:
        """Updates the parameters once."""
        if self._names or learning_rate != self._rate:
            self._write_coefficients(learning_rate)
        for call in self._program:
            call()

    def _write_coefficients(self, rate: float) -> None:
        if rate != self._rate:
            self._rate = rate
            self._regularization[...] = self._rule.regularization_per_step(
                rate, self._regularization_rate
            )
        before = [self._numbers[name] for name in self._names]
        coefficients, after = self._rule.optimizer.coefficients(rate, self._constants, *before)
        self._write(*coefficients)
        for name, number in zip(self._names, after, strict=True):
            self._numbers[name] = number


class RecordedUpdate:
    """The update as a recording whose every setting is a leaf, so that none changes a call.

    Attributes:
        traced: The calls, and where their results go; what the optimizer remembers is written in
            place, its numbers too.
        settings: The memory of those leaves that are numbers, but for the learning rate, shape
            (k,).
        numbers: The leaves that are numbers, each of shape (), by name: "learning_rate",
            "regularization_rate", the fields of `Constants`, and the optimizer's own numbers.
    """

    def __init__(
        self, rule: UpdateRule, arrays: UpdateArrays, change: GradientChange | None = None
    ) -> None:
        """Records it; with what is done to the gradients before, if anything is."""
        change = change or GradientChange(lambda gradients: (gradients,), [], [])
        own = arrays.optimizer.numbers
        n_others = len(change.operands)
        names = ("learning_rate", "regularization_rate", *asdict(Constants()), *own)
        # All but the learning rate, which is another at each step, in one piece.
        self._use(names, np.zeros(len(names) - 1))

        def update(*operands: Any) -> tuple[Any, ...]:
            settings: dict[str, Any] = dict(zip(names, operands, strict=False))
            others, operands = operands[len(names) :][:n_others], operands[len(names) + n_others :]
            w, g, is_weight, is_frozen, factors, *vectors = operands
            g, *changed = change.function(g, *others)
            rate, regularization_rate = (settings.pop(name) for name in names[:2])
            remembered = [settings.pop(name) for name in own]
            regularization = rule.regularization_per_step(rate, regularization_rate)
            coefficients, after = rule.optimizer.coefficients(
                rate, Constants(**settings), *remembered
            )
            masks = is_weight, is_frozen, factors
            results = rule(w, g, *masks, regularization, coefficients, *vectors)
            return (*results, *after, g, *changed)

        self.traced = TracedRule.trace(
            update,
            [*self.numbers.values(), *change.operands, *arrays.operands],
            [
                *arrays.targets,
                *(self.numbers[name] for name in own),
                arrays.gradients,
                *change.targets,
            ],
        )

    def _use(self, names: Sequence[str], settings: FloatArray) -> None:
        self.settings = settings
        leaves = [np.zeros(()), *(settings[i, ...] for i in range(len(settings)))]
        self.numbers = dict(zip(names, leaves, strict=True))

    def twin(self) -> RecordedUpdate:
        """The same calls with settings of its own, to be bound in place of these."""
        new = copy(self)
        new._use(list(self.numbers), self.settings.copy())
        return new

    def load(
        self, learning_rate: float, regularization_rate: float, k: Constants, optimizer: Optimizer
    ) -> None:
        """Writes the settings and what an optimizer remembers into `numbers`, before a run."""
        self.numbers["learning_rate"][...] = learning_rate
        own = [getattr(optimizer, name) for name in optimizer.numbers]
        self.settings[:] = [regularization_rate, *map(k.__getattribute__, k.__slots__), *own]

    def store(self, optimizer: Optimizer) -> None:
        """Gives an optimizer the numbers that it remembers after a run."""
        for name in optimizer.numbers:
            setattr(optimizer, name, float(self.numbers[name]))
