"""Edits of the playground: how they are done, undone and redone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core import NetworkSpec, Session, TrainingConfig
from ..core.nn import Element, element_place, holds_element
from ..core.training import Weights
from ..core.training.reshape import Origins
from ..datasets import Dataset
from .data_choice import DataChoice
from .learn.progress import Lesson

MAX_UNDO = 200


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
        """Whether every weight of one fits the other."""
        return self._shape == other._shape

    @property
    def _shape(self) -> tuple[object, ...]:
        network, dataset = self.network, self.dataset
        return network.hidden, network.inputs, len(dataset.columns), dataset.n_classes


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of what is configured.

    Attributes:
        state: All that is configured after it.
        weights: The network's numbers to restore; None keeps those that fit.
        origins: Where each hidden layer comes from; None matches them by their number.
        lesson: The lesson that it begins and the one that it ends, either None; a lesson without
            weights restarts the training. None for an edit that leaves the lesson alone.
    """

    state: PlaygroundState
    weights: Weights | None = None
    origins: Origins | None = None
    lesson: tuple[Lesson | None, Lesson | None] | None = None

    def apply(self, session: Session) -> None:
        """Changes the session.

        Raises:
            ConfigError: If data, network and settings do not fit each other.
        """
        state = self.state
        session.configure(
            state.training,
            network=state.network,
            dataset=state.dataset,
            weights=self.weights,
            origins=self.origins,
        )
        if self.lesson is not None and self.weights is None:
            session.unfreeze_all()
            session.reset()

    def inverse(self, before: PlaygroundState, weights: Weights | None) -> Edit:
        """What undoes it; the old weights come back where the shape, or the lesson, loses some."""
        if self.lesson is not None:
            return Edit(before, weights, lesson=self.lesson[::-1])
        return Edit(before, None if self.state.has_shape_of(before) else weights)


@dataclass(frozen=True, slots=True)
class ElementEdit:
    """Sets, freezes or unfreezes weights and biases.

    Attributes:
        numbers: For each the value; None leaves it as it is.
        frozen: For each whether it is frozen.
    """

    numbers: Mapping[Element, float | None]
    frozen: Mapping[Element, bool]

    def apply(self, session: Session) -> None:
        """Changes the session, except where the network no longer has the weight.

        Raises:
            ValueError: If a number is not finite.
        """
        sizes = session.network.sizes
        for element, number in self.numbers.items():
            if number is not None and holds_element(sizes, element):
                session.set_element(element, number)
        for wanted in (True, False):
            chosen = [e for e, f in self.frozen.items() if f is wanted and holds_element(sizes, e)]
            if chosen:
                session.set_frozen(chosen, wanted)

    def inverse(self, before: PlaygroundState, weights: Weights | None) -> ElementEdit:
        """What undoes it."""
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


AnyEdit = Edit | ElementEdit


class Editor:
    """Edits a session, and keeps what undoes each edit."""

    def __init__(
        self,
        session: Session,
        choice: DataChoice,
        *,
        weights: Callable[[], Weights | None],
        show: Callable[[AnyEdit, int, int], None],
        refuse: Callable[[str], None],
    ) -> None:
        """Begins without edits.

        Args:
            session: What is edited.
            choice: Where its data come from.
            weights: Returns the network's numbers as last shown; None before the first frame.
            show: Called after each edit, with the run and the step at which it happened.
            refuse: Called with a sentence if an edit is impossible.
        """
        self.session = session
        self.choice = choice
        self.refuse = refuse
        self._weights = weights
        self._show = show
        self._undo: list[AnyEdit] = []
        self._redo: list[AnyEdit] = []

    @property
    def state(self) -> PlaygroundState:
        """All that is configured at present."""
        session = self.session
        return PlaygroundState(self.choice, session.dataset, session.network_spec, session.training)

    def configure(
        self,
        *,
        choice: DataChoice | None = None,
        dataset: Dataset | None = None,
        network: NetworkSpec | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> bool:
        """Changes some of what is configured; says whether that was possible."""
        before = self.state
        try:
            training = replace(before.training, **(changes or {}))
        except ValueError as error:
            self.refuse(str(error))
            return False
        given = (choice or before.choice, dataset or before.dataset, network or before.network)
        after = PlaygroundState(*given, training)
        return after == before or self.do(Edit(after))

    def walk(self, setting: str, stops: Sequence[float], by: int) -> float:
        """Sets a number to the next (by > 0) or the previous of its stops, and returns that."""
        value = getattr(self.session.training, setting)
        place = bisect_right(stops, value) if by > 0 else bisect_left(stops, value) - 1
        stop = stops[min(max(place, 0), len(stops) - 1)]
        self.configure(changes={setting: stop})
        return stop

    def do(self, edit: AnyEdit) -> bool:
        """Does an edit; says whether that was possible."""
        try:
            inverse = self._perform(edit)
        except (ValueError, IndexError) as error:
            self.refuse(str(error))
            return False
        self._undo.append(inverse)
        del self._undo[:-MAX_UNDO]
        self._redo.clear()
        return True

    def undo(self) -> bool:
        """Undoes the last edit; says whether there was one."""
        return self._move(self._undo, self._redo)

    def redo(self) -> bool:
        """Redoes the edit last undone; says whether there was one."""
        return self._move(self._redo, self._undo)

    def _move(self, source: list[AnyEdit], target: list[AnyEdit]) -> bool:
        if source:
            target.append(self._perform(source.pop()))
            return True
        return False

    def _perform(self, edit: AnyEdit) -> AnyEdit:
        inverse = edit.inverse(self.state, self._weights())
        run_id, step = self.session.run_id, self.session.step
        edit.apply(self.session)
        if isinstance(edit, Edit):
            self.choice = edit.state.choice
        self._show(edit, run_id, step)
        return inverse
