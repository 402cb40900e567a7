"""Snapshot: what a screen may know of a session at one instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray
from ..nn.parameters import Element
from .config import NetworkSpec, TrainingConfig
from .features import shown_names
from .history import Curves, PastRun
from .units import LayerActivity, UnitMaps, UnitNotes
from .weight_transfer import BoolArray, Weights

State = Literal["ready", "training", "paused", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a network does, on all samples.

    Attributes:
        train_loss: The mean loss of the samples that train, without the regularization term.
        test_loss: Of the others; nan if there are none.
        regularization_term: What the regularization adds to the loss.
        train_accuracy: The share that is classified right; None for regression.
        test_accuracy: Likewise; None if there are no such samples.
    """

    train_loss: float
    test_loss: float
    regularization_term: float
    train_accuracy: float | None
    test_accuracy: float | None


@dataclass(frozen=True, slots=True)
class TrainingFailure:
    """Why training stopped by itself.

    Attributes:
        step: The step at which it did.
        loss: What the loss was, where it is the loss that is no longer finite.
        parameter: The first parameter whose gradient is not finite; empty if all are.
        learning_rate: The one in force.
        error: What went wrong inside, if it was not the loss.
        can_resume: Whether the weights are unharmed, so that training can go on.
    """

    step: int
    loss: float
    parameter: str
    learning_rate: float
    error: str = ""
    can_resume: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Future:
    """What came after a moment that was gone back to, until something else is done there.

    Attributes:
        steps: How many steps the run went on from there.
        restarts: Whether the run ended with a restart, so that others came after it.
        curves: The history of the run, as far as it is known; None if it is not.
    """

    steps: int
    restarts: bool
    curves: Curves | None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Snapshot:
    """A session at one instant; every array is a read-only copy.

    Attributes:
        run_id: Counts resets and jumps in time; frames of an older run are dropped.
        state: ready (no step yet), training, paused, diverged or failed.
        failure: Why it diverged or failed.
        stopped: Why it paused by itself, one sentence; empty if it did not.
        epoch: Full passes through the training samples.
        step: Updates of the parameters.
        tick: Updates since the document began; a reset does not set it back.
        end: The last tick of the document; later than `tick` after going back in time.
        goal: The tick that a seek is on its way to; None if none is.
        lesson: The name of the lesson that is on; empty for none.
        steps_per_second: Of the last moments of training; 0.0 before.
        engine: What takes the steps: "scalar", "array", "tape" or "compiled".
        why_on_tape: Why the tape takes them where the compiled engine might, a sentence; or empty.
        learning_rate: With the schedule's factor.
        evaluation: Losses and accuracies.
        network: The shape.
        training: The settings.
        sizes: Units from the inputs to the outputs.
        inputs: The names of the inputs.
        activations: Of each layer, the output's too.
        loss: The name of the loss, "auto" resolved.
        parameters: Shape (n,).
        gradients: Of the last step's batch, shape (n,).
        updates: What the last step added to the parameters, shape (n,).
        frozen: Which parameters training leaves alone, shape (n,).
        batch_rows: Which rows the last step learned; none before the first.
        batch_loss: The mean loss of those rows before that step, without the regularization term.
        parameter_names: Called, it gives n names; so that no frame pays for them.
        dataset: What is learned.
        train_rows: Which rows train.
        test_rows: Which rows test.
        outputs: The network's output for every row, shape (rows, outputs).
        view: (low, high) of each axis of the picture, in the data's units; empty where the data
            set has more than two columns.
        grid: Outputs over the view: (rows, columns, outputs) for a plane, row 0 on top;
            (columns, outputs) for a line; None where there is no such picture.
        unit: (layer, number) of the unit of `unit_grid`, layer 0 being the inputs.
        unit_grid: What that unit puts out over the view: (rows, columns) for a plane, (columns,)
            for a line; None where none was asked for or there is no view.
        unit_maps: What each unit computes over the view, see `Units.maps`.
        unit_notes: What is wrong with a unit, see `Units.look`.
        activity: What each layer puts out for the training samples.
        curves: The history.
        past_runs: The runs of this sitting that a reset ended, the oldest first.
        future: What can be gone forward to; None at the last moment.
        lanes: Of a race, every lane in the order of the screen, this one too; else none.
    """

    run_id: int
    state: State
    failure: TrainingFailure | None
    stopped: str
    epoch: int
    step: int
    tick: int
    end: int
    goal: int | None
    lesson: str
    steps_per_second: float
    engine: str
    why_on_tape: str
    learning_rate: float
    evaluation: Evaluation
    network: NetworkSpec
    training: TrainingConfig
    sizes: tuple[int, ...]
    inputs: tuple[str, ...]
    activations: tuple[str, ...]
    loss: str
    parameters: FloatArray
    gradients: FloatArray
    updates: FloatArray
    frozen: BoolArray
    batch_rows: NDArray[np.int64]
    batch_loss: float
    parameter_names: Callable[[], list[str]]
    dataset: Dataset
    train_rows: NDArray[np.int64]
    test_rows: NDArray[np.int64]
    outputs: FloatArray
    view: tuple[tuple[float, float], ...]
    grid: FloatArray | None
    unit: tuple[int, int] | None
    unit_grid: FloatArray | None
    unit_maps: UnitMaps
    unit_notes: UnitNotes
    activity: tuple[LayerActivity, ...]
    curves: Curves
    past_runs: tuple[PastRun, ...] = ()
    future: Future | None = None
    lanes: tuple[LaneView, ...] = ()

    @property
    def shown_activations(self) -> tuple[str, ...]:
        """Of each layer, as the settings have them where a bug that makes others is hidden."""
        if not self.training.hidden_sabotage:
            return self.activations
        return (*self.network.activations, self.activations[-1])

    @property
    def input_names(self) -> tuple[str, ...]:
        """What the inputs are called on the screen: a plain column by its own name."""
        return shown_names(self.inputs, self.dataset.columns)

    def ends_of(self, element: Element) -> str:
        """What of the data a weight or bias belongs to: an input, a class, or both; may be empty.

        Two classes share one output, so nothing belongs to either.
        """
        ends = []
        if element.source is not None and element.layer == 1:
            ends.append(self.input_names[element.source])
        if element.layer == len(self.sizes) - 1 and self.sizes[-1] > 1:
            ends.append(self.dataset.classes[element.target])
        return " to ".join(ends)

    @property
    def weights(self) -> Weights:
        """All its numbers, so that they can be brought back."""
        return Weights(self.sizes, self.inputs, self.parameters, self.frozen)


@dataclass(frozen=True, slots=True, eq=False)
class LaneView:
    """One of several runs that race, at one instant.

    Attributes:
        number: From 1; stays the same as long as it races.
        name: What differs between it and the others: `learning rate 0.03`.
        short: `0.03`, where that is enough; else the same as the name.
        is_chosen: Whether it is the one that the panes show.
        snapshot: The run; of a lane that is not chosen, it may lack what is known of single units.
    """

    number: int
    name: str
    short: str
    is_chosen: bool
    snapshot: Snapshot


def frozen_copy(array: FloatArray) -> FloatArray:
    """A copy that cannot be written to."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy
