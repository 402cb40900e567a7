"""Edits: what undo takes back and redo does again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ...core import NetworkSpec, Session, TrainingConfig
from ...core.nn import Element, element_place, holds_element
from ...core.training import Weights
from ...datasets import Dataset
from ..data_choice import DataChoice


@dataclass(frozen=True, slots=True)
class PlaygroundState:
    """All that is configured.

    Attributes:
        choice: Where the data come from.
        dataset: The data.
        network: The shape of the network.
        training: The settings.
    """

    choice: DataChoice
    dataset: Dataset
    network: NetworkSpec
    training: TrainingConfig

    def has_shape_of(self, other: PlaygroundState) -> bool:
        """Whether the weights of one fit the other, every one of them."""
        return (self.network.hidden, self.network.inputs, self._outputs) == (
            other.network.hidden,
            other.network.inputs,
            other._outputs,
        )

    @property
    def _outputs(self) -> tuple[int, int]:
        return len(self.dataset.columns), self.dataset.n_classes


@dataclass(frozen=True, slots=True)
class BeforeEdit:
    """What there is before an edit.

    Attributes:
        setup: All that is configured.
        weights: All numbers of the network, as last shown; None before the first frame.
    """

    setup: PlaygroundState
    weights: Weights | None


class Edit(Protocol):
    """One thing to be done that can be undone."""

    def apply(self, session: Session) -> None:
        """Does it."""

    def inverse(self, present: BeforeEdit) -> Edit:
        """What takes it back; to be asked before it is done."""


@dataclass(frozen=True, slots=True)
class SetupEdit:
    """Takes a setup.

    Attributes:
        setup: It.
        weights: To be taken with it; None for those that are there.
    """

    setup: PlaygroundState
    weights: Weights | None = None

    def apply(self, session: Session) -> None:
        """See `Edit`.

        Raises:
            ConfigError: If the setup cannot be.
        """
        setup = self.setup
        session.configure(
            setup.training, network=setup.network, dataset=setup.dataset, weights=self.weights
        )

    def inverse(self, present: BeforeEdit) -> SetupEdit:
        """See `Edit`; the weights come back only where the shape loses some."""
        fits = self.setup.has_shape_of(present.setup)
        return SetupEdit(present.setup, None if fits else present.weights)


@dataclass(frozen=True, slots=True)
class ElementEdit:
    """Writes weights and biases, freezes them, or lets them go.

    Attributes:
        numbers: For each the value; None leaves it as it is.
        frozen: For each whether training leaves it alone.
    """

    numbers: Mapping[Element, float | None]
    frozen: Mapping[Element, bool]

    def apply(self, session: Session) -> None:
        """See `Edit`; what the network no longer has is left out."""
        sizes = session.network.sizes
        for element, number in self.numbers.items():
            if number is not None and holds_element(sizes, element):
                session.set_element(element, number)
        for wanted in (True, False):
            chosen = [e for e, f in self.frozen.items() if f is wanted and holds_element(sizes, e)]
            if chosen:
                session.set_frozen(chosen, wanted)

    def inverse(self, present: BeforeEdit) -> ElementEdit:
        """See `Edit`."""
        weights = present.weights
        if weights is None:
            return self
        numbers: dict[Element, float | None] = {}
        frozen = {}
        for element, number in self.numbers.items():
            if holds_element(weights.sizes, element):
                place = element_place(weights.sizes, element)
                numbers[element] = None if number is None else float(weights.parameters[place])
                frozen[element] = bool(weights.frozen[place])
        return ElementEdit(numbers, frozen)
