"""Edits: what can be changed of a run. The journal keeps every one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray
from ..nn.layers import element_names
from ..nn.parameters import Element, element_place, parse_element
from ..training.config import AUTO, CHOICES, ConfigError, NetworkSpec, TrainingConfig
from ..training.learner import Learner
from ..training.reshape import Origins
from ..training.setup import Setup
from ..training.snapshot import frozen_copy
from ..training.state import LearnerState
from ..training.weight_transfer import Weights, check_origins
from .past_runs import SetupLog


class _KeepsSetup:
    """An edit of numbers alone."""

    __slots__ = ()

    def leads_to(self, setup: Setup) -> Setup:
        """The same set-up."""
        return setup


class _KeepsRun:
    """An edit of the set-up after which the run goes on."""

    __slots__ = ()

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        return learner.with_setup(setup)


class _EndsRun:
    """An edit after which another run is on the screen."""

    __slots__ = ()

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`: the run as it was, its epoch and curves too."""
        return Restore(learner.state())


# --- Edits of the set-up ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Configure:
    """Changes settings, shape or data set, and goes on; weights that still fit stay.

    Attributes:
        training: The settings; None for those in force.
        network: The shape; likewise.
        dataset: What to learn; likewise.
        weights: Used instead of the present ones, if they fit the new shape.
        origins: Where each hidden layer of `network` comes from, see `reshape`; by default hidden
            layers meet by their number.
    """

    training: TrainingConfig | None = None
    network: NetworkSpec | None = None
    dataset: Dataset | None = None
    weights: Weights | None = None
    origins: Origins | None = None

    def leads_to(self, setup: Setup) -> Setup:
        """The set-up afterwards.

        Raises:
            ConfigError: If network, data set and settings don't fit each other.
            ValueError: If the origins don't lead from the old hidden layers to the new ones.
        """
        new = replace(
            setup,
            training=self.training or setup.training,
            network=self.network or setup.network,
            dataset=self.dataset or setup.dataset,
        )
        new.check(setup)
        if self.origins is not None:
            check_origins(setup.network.hidden, new.network.hidden, self.origins)
        return new

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        return learner.with_setup(setup, self.weights, self.origins)

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`; weights that a change of shape loses come back with it."""
        old, new = learner.setup, setup
        if new.dataset is not old.dataset:
            return Restore(learner.state())
        has_same_shape = (old.sizes, old.network.inputs) == (new.sizes, new.network.inputs)
        is_kept = has_same_shape and self.weights is None
        weights = None if is_kept else weights_of(learner)
        return Configure(old.training, old.network, weights=weights)


@dataclass(frozen=True, slots=True)
class StartOver(_EndsRun):
    """Begins something else at epoch 0: another set-up, first weights, nothing frozen.

    Attributes:
        training: The settings.
        network: The shape.
        dataset: What to learn.
        lesson: The name of the lesson that begins; empty for none.
        seed: Of the first weights and the order of the samples; None for the same.
    """

    training: TrainingConfig
    network: NetworkSpec
    dataset: Dataset
    lesson: str = ""
    seed: int | None = None

    def leads_to(self, setup: Setup) -> Setup:
        """The set-up afterwards; raises as `Configure.leads_to`."""
        new = Setup(self.training, self.network, self.dataset, self.lesson)
        new.check(setup)
        return new

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        return learner.restarted(setup, seed=self.seed)


@dataclass(frozen=True, slots=True)
class AddSample(_KeepsRun):
    """Adds a sample that training, or testing, uses from then on.

    Attributes:
        point: One number a column, in the data's units.
        target: Coded as in the data set.
    """

    point: tuple[float, ...]
    target: float

    def leads_to(self, setup: Setup) -> Setup:
        """The set-up afterwards.

        Raises:
            ValueError: If the sample doesn't fit the data set.
        """
        return _with_dataset(setup, setup.dataset.with_points([self.point], [self.target]))

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`."""
        return RemoveSample(int(setup.dataset.ids[-1]))


@dataclass(frozen=True, slots=True)
class RemoveSample(_KeepsRun):
    """Removes a sample.

    Attributes:
        number: One of `Dataset.ids`.
    """

    number: int

    def leads_to(self, setup: Setup) -> Setup:
        """The set-up afterwards.

        Raises:
            ValueError: If there is no such sample, or no other.
        """
        if self.number not in setup.dataset.ids:
            raise ValueError("That sample no longer exists.")
        return _with_dataset(setup, setup.dataset.without_rows([self.number]))

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`; the sample comes back with its number, and so on its side of the split."""
        return UseSamples(learner.setup.dataset)


@dataclass(frozen=True, slots=True)
class UseSamples(_KeepsRun):
    """Learns from a data set that differs in a sample or two, and keeps what was learned.

    Attributes:
        dataset: The data set.
    """

    dataset: Dataset

    def leads_to(self, setup: Setup) -> Setup:
        """The set-up afterwards; raises as `Configure.leads_to`."""
        return _with_dataset(setup, self.dataset)

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`."""
        return UseSamples(learner.setup.dataset)


# --- Edits of the numbers -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WriteParameters:
    """Writes whole weight matrices and bias vectors.

    Attributes:
        arrays: Name -> numbers in the parameter's shape; names left out stay as they are.
    """

    arrays: Mapping[str, FloatArray]

    def __post_init__(self) -> None:
        object.__setattr__(self, "arrays", {n: frozen_copy(a) for n, a in self.arrays.items()})

    def leads_to(self, setup: Setup) -> Setup:
        """The same set-up.

        Raises:
            ValueError: If there is no such parameter, its shape is another, or a number is not
                finite.
        """
        shapes = parameter_shapes(setup.sizes)
        for name, array in self.arrays.items():
            if name not in shapes:
                raise ValueError(f"There is no parameter {name!r}: use {', '.join(shapes)}.")
            if array.shape != shapes[name]:
                raise ValueError(f"{name} has the shape {shapes[name]}, not {array.shape}.")
            if not np.isfinite(array).all():
                raise ValueError(f"Every number of {name} has to be finite.")
        return setup

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        named = learner.network.named_parameters()
        for name, array in self.arrays.items():
            np.copyto(named[name].data, array)  # type: ignore[arg-type]
        learner.parameters_changed()
        return learner

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`."""
        named = learner.network.named_parameters()
        return WriteParameters({name: np.array(named[name].data) for name in self.arrays})


@dataclass(frozen=True, slots=True)
class WriteElements:
    """Writes single weights and biases, freezes or unfreezes them.

    Attributes:
        numbers: The new value of each element that gets one.
        frozen: Whether training leaves an element alone from then on; the others stay as they are.
    """

    numbers: Mapping[Element, float] = field(default_factory=dict)
    frozen: Mapping[Element, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", dict(self.numbers))
        object.__setattr__(self, "frozen", dict(self.frozen))

    def leads_to(self, setup: Setup) -> Setup:
        """The same set-up.

        Raises:
            IndexError: If the network has no such element.
            ValueError: If a number is not finite.
        """
        for element, number in self.numbers.items():
            if not math.isfinite(number):
                raise ValueError(f"{element.name} has to be a number, not {number:g}.")
        for element in (*self.numbers, *self.frozen):
            element_place(setup.sizes, element)
        return setup

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        sizes = learner.network.sizes
        if self.frozen:
            mask = learner.frozen.copy()
            for element, is_frozen in self.frozen.items():
                mask[element_place(sizes, element)] = is_frozen
            learner.frozen = mask
        for element, number in self.numbers.items():
            learner.network.flat_parameters[element_place(sizes, element)] = number
        learner.parameters_changed()
        return learner

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`."""
        sizes, parameters = learner.network.sizes, learner.network.flat_parameters
        return WriteElements(
            {e: float(parameters[element_place(sizes, e)]) for e in self.numbers},
            {e: bool(learner.frozen[element_place(sizes, e)]) for e in self.frozen},
        )


@dataclass(frozen=True, slots=True)
class UnfreezeAll(_KeepsSetup):
    """Lets training change every parameter again."""

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        learner.frozen = np.zeros_like(learner.frozen)
        return learner

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`."""
        names = zip(element_names(learner.network), learner.frozen.tolist(), strict=True)
        return WriteElements(frozen={parse_element(name): True for name, held in names if held})


@dataclass(frozen=True, slots=True)
class UseEngine:
    """Goes on with another engine, where the settings leave it open ("auto"); nothing else changes.

    Attributes:
        name: "tape" or "compiled".
    """

    name: str

    def leads_to(self, setup: Setup) -> Setup:
        """The same set-up.

        Raises:
            ConfigError: If it is another engine, or the settings name one.
        """
        if self.name not in CHOICES:
            names = " or ".join(CHOICES)
            raise ConfigError(f"There is no engine {self.name!r} to choose: take {names}.")
        if setup.training.engine != AUTO:
            raise ConfigError(f"The engine is set to {setup.training.engine}: set it to {AUTO}.")
        return setup

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        learner.use_engine(self.name)
        return learner

    def inverse(self, learner: Learner, setup: Setup) -> Edit:
        """See `Edit`."""
        return UseEngine(learner.engine_wanted)


# --- Back to the beginning, or to what was ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reset(_KeepsSetup, _EndsRun):
    """Goes back to epoch 0 and the very same first weights; what is frozen stays as it is."""

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        return learner.restarted()


@dataclass(frozen=True, slots=True)
class Reseed(_EndsRun):
    """Goes back to epoch 0 with the first weights of another seed; the split stays.

    Attributes:
        seed: 0 or more.
    """

    seed: int

    def leads_to(self, setup: Setup) -> Setup:
        """The same set-up.

        Raises:
            ConfigError: If the seed is negative.
        """
        if self.seed < 0:
            raise ConfigError(f"The seed has to be 0 or more, not {self.seed}.")
        return setup

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        return learner.restarted(seed=self.seed)


@dataclass(frozen=True, slots=True)
class Restore(_EndsRun):
    """Goes back to a state: set-up, numbers, epoch and curves.

    Attributes:
        state: The state.
        setups: The set-ups of its run until then.
    """

    state: LearnerState
    setups: SetupLog = ()

    def leads_to(self, setup: Setup) -> Setup:
        """The set-up afterwards."""
        return self.state.setup

    def apply(self, learner: Learner, setup: Setup) -> Learner:
        """See `Edit`."""
        return learner.at(self.state)


Edit = (
    Configure
    | StartOver
    | AddSample
    | RemoveSample
    | UseSamples
    | WriteParameters
    | WriteElements
    | UnfreezeAll
    | UseEngine
    | Reset
    | Reseed
    | Restore
)
"""What the journal keeps. Every edit has three methods:

`leads_to(setup)`: the set-up afterwards; raises a `ValueError` (or an `IndexError` for an element)
in one sentence if the edit doesn't fit a set-up, and so before anything is changed.

`apply(learner, setup)`: the learner afterwards, the same one or a new one, `setup` being where the
edit leads to; whole, or not at all.

`inverse(learner, setup)`: the edit that undoes this one, to be asked for before it is applied.
"""

RESTARTS = (StartOver, Reset, Reseed, Restore)
"""The edits after which another run is on the screen."""

NOT_UNDOABLE = (Reset, Reseed, UseEngine)
"""The edits that undo passes over: they are no change of the set-up."""


def does_nothing(edit: Edit, before: Setup, after: Setup) -> bool:
    """Whether an edit that leads from one set-up to another changes nothing at all."""
    match edit:
        case Configure():
            return before == after and edit.weights is None
        case WriteElements(numbers, frozen):
            return not numbers and not frozen
        case WriteParameters(arrays):
            return not arrays
        case UseSamples():
            return before == after
        case _:
            return False


def _with_dataset(setup: Setup, dataset: Dataset) -> Setup:
    new = replace(setup, dataset=dataset)
    new.check(setup)
    return new


def weights_of(learner: Learner) -> Weights:
    """All numbers of a learner's network, copied."""
    network = learner.network
    return Weights(
        network.sizes, learner.input_names, network.flat_parameters.copy(), learner.frozen
    )


def parameter_shapes(sizes: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """The shape of every weight and bias, by name."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, (n_from, n_to) in enumerate(pairwise(sizes), start=1):
        shapes[f"layer{layer}.weight"] = (n_from, n_to)
        shapes[f"layer{layer}.bias"] = (n_to,)
    return shapes
