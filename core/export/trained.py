"""TrainedRun: what a run has come to, as every format needs it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..nn.parameters import count_parameters
from ..run.document import RunDocument
from ..run.opening import ready_document
from ..training.history import Points
from ..training.learner import Learner
from ..training.setup import Setup
from ..training.snapshot import Evaluation
from ..training.state import LearnerState


class ExportError(ValueError):
    """A run that a format can't hold; in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer after the inputs.

    Attributes:
        weight: Shape (inputs, outputs).
        bias: Shape (outputs,).
        activation: Its name in `ACTIVATIONS`.
    """

    weight: NDArray[Any]
    bias: NDArray[Any]
    activation: str


@dataclass(frozen=True, slots=True, eq=False)
class TrainedRun:
    """A run at the moment of its document.

    Attributes:
        document: The run.
        state: What learned, at that moment.
        evaluation: How well it does.
    """

    document: RunDocument
    state: LearnerState
    evaluation: Evaluation

    @property
    def setup(self) -> Setup:
        """What is in force."""
        return self.state.setup

    @property
    def dataset(self) -> Dataset:
        """What was learned, with the scaling that the network learned it with."""
        return self.state.problem.dataset

    @property
    def layers(self) -> list[Layer]:
        """The layers with their weights.

        Raises:
            ExportError: If a weight is not finite.
        """
        if not np.isfinite(self.state.parameters).all():
            raise ExportError(
                "This run diverged and its weights are no longer numbers: go back to an earlier "
                "step and export that."
            )
        return layers_of(self.setup, self.state.parameters)

    @property
    def points(self) -> Points:
        """The curves: every epoch lately, before that several a point."""
        return self.state.history.curves().points()

    @property
    def facts(self) -> str:
        """What was learned and how well, on one line, in characters that end no comment."""
        state, e = self.state, self.evaluation
        sizes = "-".join(map(str, self.setup.sizes))
        losses = f"train loss {e.train_loss:.6g}"
        if not math.isnan(e.test_loss):
            losses = f"{losses}, test loss {e.test_loss:.6g}"
        return (
            f"Data set {self.dataset.name!r}, network {sizes}, {state.epoch:,} epochs, "
            f"{state.step:,} steps, {losses}."
        )


def trained_run(document: RunDocument) -> TrainedRun:
    """What a run has come to at the moment of its document.

    Raises:
        ValueError: If it can't be opened; in one sentence.
    """
    state = _state_of(document)
    if state is None:
        # A file may lack the state at its end.
        document = ready_document(document)
        state = _state_of(document)
    assert state is not None
    with np.errstate(all="ignore"):
        evaluation = Learner.of(state, lambda: False).evaluation()
    return TrainedRun(document, state, evaluation)


def _state_of(document: RunDocument) -> LearnerState | None:
    kept = (one.state for one in document.checkpoints if one.place == document.place)
    return next(kept, None)


def layers_of(setup: Setup, parameters: NDArray[Any]) -> list[Layer]:
    """The layers of a flat vector with a number for each parameter, finite or not."""
    sizes = setup.sizes
    layers = []
    for number, (n_from, n_to) in enumerate(pairwise(sizes)):
        start, end = count_parameters(sizes[: number + 1]), count_parameters(sizes[: number + 2])
        weight, bias = np.split(parameters[start:end], [n_from * n_to])
        layers.append(Layer(weight.reshape(n_from, n_to), bias, setup.activations[number]))
    return layers
